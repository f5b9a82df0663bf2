#include "host/store/sql/parked_repository.hpp"

#include <set>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

ParkedRecord read_parked(const db::Query& query) {
  ParkedRecord record;
  record.id = query.integer(0);
  record.shop = query.text(1);
  record.kind = query.text(2);
  record.item.id = query.text(3);
  record.item.code = query.text(4);
  record.item.pointer = query.text(5);
  record.item.message = query.text(6);
  record.item.remedy = query.text(7);
  record.item.changed_at = query.maybe_time(8);
  record.tries = query.integer(9);
  record.first_at = query.time(10);
  record.last_at = query.time(11);
  record.state = query.text(12);
  if (record.state == "open" && query.integer(13) != 0) {
    record.item.message += " (Its document was erased: the time of keeping buyers' data is over.)";
    record.item.remedy += " A replay reads the item from the marketplace again.";
  }
  return record;
}

/// What the sealed document is bound to.
std::string parked_object(std::string_view kind, std::string_view item_key) {
  return std::string(kind).append(":").append(item_key);
}

/// Those of `ids` that may be parked and open. Nearly always the shop has fewer such items than
/// `ids`: one look at all of them costs less than one look for each id.
std::vector<std::string_view> open_among(db::Connection& connection, std::string_view shop,
                                         std::string_view kind,
                                         std::span<const std::string_view> ids) {
  std::set<std::string, std::less<>> open;
  db::Query query(connection,
                  "SELECT item_key FROM parked WHERE shop = $1 AND kind = $2 AND state = 'open' "
                  "LIMIT $3",
                  shop, kind, db::row_limit(ids.size() + 1));
  while (query.next()) open.insert(query.text(0));
  std::vector<std::string_view> among(ids.begin(), ids.end());
  if (open.size() > ids.size()) return among;
  std::erase_if(among, [&](std::string_view id) { return !open.contains(id); });
  return among;
}

}  // namespace

std::vector<ParkedRecord> ParkedRepository::list(std::string_view shop, bool open_only,
                                                 std::size_t limit) {
  std::string sql =
      "SELECT id, shop, kind, item_id, code, pointer, message, remedy, changed_at, tries, "
      "first_at, last_at, state, raw IS NULL AND personal_until IS NOT NULL FROM parked "
      "WHERE id > 0";
  std::vector<db::Value> values = {db::to_value(db::row_limit(limit))};
  if (!shop.empty()) {
    sql += " AND shop = $2";
    values.push_back(db::to_value(shop));
  }
  if (open_only) sql += " AND state = 'open'";
  sql += " ORDER BY id DESC LIMIT $1";
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), sql, std::span<const db::Value>(values));
  std::vector<ParkedRecord> records;
  while (query.next()) records.push_back(read_parked(query));
  return records;
}

std::optional<ParkedRecord> ParkedRepository::find(std::int64_t id, std::string_view who) {
  const std::string number = std::to_string(id);
  std::string shop;
  {
    const db::Lease lease = context_.database.reader();
    db::Query query(lease.connection(), "SELECT shop FROM parked WHERE id = $1", id);
    if (!query.next()) return std::nullopt;
    shop = query.text(0);
  }
  audit_.record(who, "parked.raw_read", shop, number, "{}");
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT id, shop, kind, item_id, code, pointer, message, remedy, changed_at, "
                  "tries, first_at, last_at, state, raw IS NULL AND personal_until IS NOT NULL, "
                  "item_key, raw FROM parked WHERE id = $1",
                  id);
  if (!query.next()) return std::nullopt;
  ParkedRecord record = read_parked(query);
  if (!query.is_null(15)) {
    const std::string object = parked_object(record.kind, query.text(14));
    record.item.raw =
        context_.seals.open(lease.connection(), {shop, object, "parked"}, query.blob(15));
  }
  return record;
}

void ParkedRepository::park(const Context& context, db::Connection& connection,
                            std::string_view shop, std::string_view kind, const ParkedItem& item,
                            std::chrono::seconds keep_document) {
  std::string item_key = item.id;
  if (item_key.empty()) {
    item_key.append(1, '#').append(context.seals.fingerprint(connection, shop, item.raw));
  }
  std::string sealed;
  std::optional<db::Blob> raw;
  if (!item.raw.empty()) {
    sealed =
        context.seals.seal(connection, {shop, parked_object(kind, item_key), "parked"}, item.raw);
    raw = db::Blob{sealed};
  }
  const TimePoint now = context.clock.now();
  const std::chrono::milliseconds keep = keep_document;
  // Without a change time, or with one to come, the first look counts: each further one would keep
  // it for ever.
  const bool dated = item.changed_at && *item.changed_at <= now;
  std::optional<TimePoint> until;
  if (raw) until = (dated ? *item.changed_at : now) + keep;
  const TimePoint limit = context.time.to_erase_by(now);
  if (until && *until <= limit) raw.reset();
  db::execute(connection,
              "INSERT INTO parked (shop, kind, item_key, item_id, code, pointer, message, remedy, "
              "changed_at, tries, first_at, last_at, state, personal_until, raw) VALUES ($1, $2, "
              "$3, $4, $5, $6, $7, $8, $9, 1, $10, $10, 'open', $11, $12) "
              "ON CONFLICT (shop, kind, item_key) "
              "WHERE state = 'open' DO UPDATE SET code = excluded.code, "
              "pointer = excluded.pointer, message = excluded.message, remedy = excluded.remedy, "
              "changed_at = excluded.changed_at, tries = parked.tries + 1, "
              "last_at = excluded.last_at, personal_until = CASE "
              "WHEN excluded.personal_until IS NULL OR $14 = 1 "
              "THEN excluded.personal_until ELSE parked.first_at + $13 END, "
              "raw = CASE WHEN $14 = 0 AND parked.first_at + $13 <= $15 "
              "THEN NULL ELSE excluded.raw END",
              shop, kind, item_key, item.id, item.code, item.pointer, item.message, item.remedy,
              item.changed_at, now, until, raw, static_cast<std::int64_t>(keep.count()),
              static_cast<std::int64_t>(dated), limit);
}

OpenParked ParkedRepository::open(std::string_view shop, std::string_view kind,
                                  std::span<const std::string_view> ids) {
  OpenParked found;
  const db::Lease lease = context_.database.reader();
  for (const std::string_view id : open_among(lease.connection(), shop, kind, ids)) {
    db::Query query(lease.connection(),
                    "SELECT changed_at FROM parked WHERE shop = $1 AND kind = $2 AND "
                    "item_key = $3 AND state = 'open'",
                    shop, kind, id);
    if (query.next()) found.insert_or_assign(std::string(id), query.maybe_time(0));
  }
  return found;
}

std::size_t ParkedRepository::purge_documents(TimePoint now) {
  return eraser_.erase(now, [](db::Connection& connection, TimePoint limit, std::int64_t most) {
    return db::execute(connection,
                       "UPDATE parked SET raw = NULL WHERE id IN (SELECT id FROM parked WHERE "
                       "personal_until <= $1 AND raw IS NOT NULL LIMIT $2)",
                       limit, most);
  });
}

void ParkedRepository::unpark(db::Connection& connection, std::string_view shop,
                              std::string_view kind, std::string_view item_id, TimePoint now) {
  db::execute(connection,
              "UPDATE parked SET state = 'replayed', last_at = $4, raw = NULL "
              "WHERE shop = $1 AND kind = $2 AND item_key = $3 AND state = 'open'",
              shop, kind, item_id, now);
}

}  // namespace marketplug::store::sql
