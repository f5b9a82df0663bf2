#include "host/store/sql/order_repository.hpp"

#include <algorithm>

#include "host/store/db/query.hpp"
#include "host/store/sql/json_text.hpp"
#include "host/store/sql/names.hpp"
#include "host/store/sql/order_page_query.hpp"

namespace marketplug::store::sql {
namespace {

StoredOrder read_order(const db::Query& query) {
  StoredOrder order;
  order.shop = query.text(0);
  order.id = query.text(1);
  order.state = order_state(query.text(2));
  order.status = query.text(3);
  order.marketplace = query.text(4);
  order.marketplace_status = query.text(5);
  order.placed_at = query.time(6);
  order.changed_at = query.time(7);
  order.imported_at = query.time(8);
  order.updated_at = query.time(9);
  order.priority = static_cast<int>(query.integer(10));
  order.document = query.text(11);
  return order;
}

std::string list_detail(const OrderFilter& filter) {
  JsonText detail;
  detail.add("marketplace", filter.marketplace);
  detail.add("status", filter.status);
  if (filter.state) detail.add("state", name_of(*filter.state));
  detail.add("limit", std::to_string(filter.limit));
  detail.add("after", filter.after);
  return detail.take();
}

}  // namespace

OrderPage OrderRepository::list(const OrderFilter& filter) { return read_page(filter, false); }

OrderPage OrderRepository::list_personal(const OrderFilter& filter, std::string_view who) {
  audit_.record(who, "order.personal_list", filter.shop, "", list_detail(filter));
  return read_page(filter, true);
}

OrderPage OrderRepository::read_page(const OrderFilter& asked, bool personal) {
  OrderFilter filter = asked;
  filter.limit = std::max<std::size_t>(filter.limit, 1);
  std::optional<PageMark> mark;
  if (!filter.after.empty()) mark = parse_page_mark(filter.after);
  const OrderPageQuery page_query = order_page_query(filter, mark ? &*mark : nullptr, personal);

  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), page_query.sql, std::span(page_query.values));
  OrderPage page;
  while (query.next()) {
    if (page.orders.size() == filter.limit) {
      const StoredOrder& last = page.orders.back();
      page.next = to_text({db::to_millis(last.placed_at), last.shop, last.id});
      break;
    }
    StoredOrder& order = page.orders.emplace_back(read_order(query));
    if (personal && !query.is_null(12)) {
      order.personal = context_.seals.open(lease.connection(), {order.shop, order.id, "personal"},
                                           query.blob(12));
    }
  }
  return page;
}

std::vector<OrderCount> OrderRepository::count(std::string_view shop) {
  const db::Lease lease = context_.database.reader();
  // Two texts: with one, an index on shop could not be used for either.
  const std::string_view sql =
      shop.empty() ? "SELECT shop, marketplace, status, count(*) FROM orders "
                     "GROUP BY shop, marketplace, status ORDER BY shop, marketplace, status"
                   : "SELECT shop, marketplace, status, count(*) FROM orders WHERE shop = $1 "
                     "GROUP BY shop, marketplace, status ORDER BY shop, marketplace, status";
  std::vector<db::Value> values;
  if (!shop.empty()) values.push_back(db::to_value(shop));
  db::Query query(lease.connection(), sql, std::span<const db::Value>(values));
  std::vector<OrderCount> counts;
  while (query.next()) {
    counts.push_back({query.text(0), query.text(1), query.text(2), query.integer(3)});
  }
  return counts;
}

std::optional<StoredOrder> OrderRepository::find(std::string_view shop, std::string_view id) {
  return read_one(shop, id, false);
}

std::optional<StoredOrder> OrderRepository::find_personal(std::string_view shop,
                                                          std::string_view id,
                                                          std::string_view who) {
  audit_.record(who, "order.personal_read", shop, id, "{}");
  return read_one(shop, id, true);
}

std::optional<StoredOrder> OrderRepository::read_one(std::string_view shop, std::string_view id,
                                                     bool personal) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT shop, id, state, status, marketplace, marketplace_status, placed_at, "
                  "changed_at, imported_at, updated_at, priority, document, personal, raw FROM "
                  "orders "
                  "WHERE shop = $1 AND id = $2",
                  shop, id);
  if (!query.next()) return std::nullopt;
  StoredOrder order = read_order(query);
  if (personal && !query.is_null(12)) {
    order.personal =
        context_.seals.open(lease.connection(), {shop, id, "personal"}, query.blob(12));
  }
  if (personal && !query.is_null(13)) {
    order.raw = context_.seals.open(lease.connection(), {shop, id, "raw"}, query.blob(13));
  }
  return order;
}

std::size_t OrderRepository::purge_personal(TimePoint now) {
  return eraser_.erase(now, [](db::Connection& connection, TimePoint limit, std::int64_t most) {
    return db::execute(connection,
                       "UPDATE orders SET personal = NULL, raw = NULL, personal_data = "
                       "CASE WHEN personal IS NULL THEN personal_data ELSE $1 END "
                       "WHERE key IN (SELECT key FROM orders WHERE personal_until <= $2 AND "
                       "(personal IS NOT NULL OR raw IS NOT NULL) LIMIT $3)",
                       name_of(PersonalData::kMissing), limit, most);
  });
}

}  // namespace marketplug::store::sql
