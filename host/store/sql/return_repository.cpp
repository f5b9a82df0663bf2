#include "host/store/sql/return_repository.hpp"

#include <fmt/format.h>

#include <vector>

#include "host/store/db/query.hpp"
#include "host/store/sql/names.hpp"
#include "host/store/sql/return_writer.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::string_view kReturnColumns =
    "SELECT shop, id, order_id, marketplace, state, fulfilled_by, begun_at, imported_at, "
    "updated_at, document, key, personal FROM buyer_return";

StoredReturn read_return(const db::Query& query) {
  StoredReturn found;
  found.shop = query.text(0);
  found.id = query.text(1);
  found.order_id = query.text(2);
  found.marketplace = query.text(3);
  found.state = return_state(query.text(4));
  found.fulfilled_by = fulfilled_by(query.text(5));
  found.begun_at = query.time(6);
  found.imported_at = query.time(7);
  found.updated_at = query.time(8);
  found.document = query.text(9);
  return found;
}

}  // namespace

std::vector<StoredReturn> ReturnRepository::list(const ReturnFilter& filter) {
  std::string sql(kReturnColumns);
  std::vector<db::Value> values;
  const auto where = [&](std::string_view condition, std::string_view value) {
    if (value.empty()) return;
    sql += values.empty() ? " WHERE " : " AND ";
    values.push_back(db::to_value(value));
    sql += fmt::format("{} = ${}", condition, values.size());
  };
  where("shop", filter.shop);
  where("order_id", filter.order_id);
  if (filter.state) where("state", name_of(*filter.state));
  if (filter.unlinked) {
    sql += values.empty() ? " WHERE " : " AND ";
    sql += "EXISTS (SELECT 1 FROM return_line WHERE return_key = key AND link <> 'linked')";
  }
  values.push_back(db::to_value(db::row_limit(filter.limit)));
  sql += fmt::format(" ORDER BY begun_at DESC, shop DESC, id DESC LIMIT ${}", values.size());

  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), sql, std::span<const db::Value>(values));
  std::vector<StoredReturn> found;
  while (query.next()) {
    found.push_back(read_return(query));
    found.back().links = read_links(lease.connection(), query.integer(10));
  }
  return found;
}

std::optional<StoredReturn> ReturnRepository::find(std::string_view shop, std::string_view id) {
  return read_one(shop, id, false);
}

std::optional<StoredReturn> ReturnRepository::find_personal(std::string_view shop,
                                                            std::string_view id,
                                                            std::string_view who) {
  audit_.record(who, "return.personal_read", shop, id, "{}");
  return read_one(shop, id, true);
}

std::optional<StoredReturn> ReturnRepository::read_one(std::string_view shop, std::string_view id,
                                                       bool personal) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), std::string(kReturnColumns) + " WHERE shop = $1 AND id = $2",
                  shop, id);
  if (!query.next()) return std::nullopt;
  StoredReturn found = read_return(query);
  found.links = read_links(lease.connection(), query.integer(10));
  if (personal && !query.is_null(11)) {
    found.personal = context_.seals.open(lease.connection(), {shop, id, "return"}, query.blob(11));
  }
  return found;
}

std::size_t ReturnRepository::purge_personal(TimePoint now) {
  return eraser_.erase(now, [](db::Connection& connection, TimePoint limit, std::int64_t most) {
    return db::execute(connection,
                       "UPDATE buyer_return SET personal = NULL WHERE key IN (SELECT key FROM "
                       "buyer_return WHERE personal_until <= $1 AND personal IS NOT NULL LIMIT $2)",
                       limit, most);
  });
}

}  // namespace marketplug::store::sql
