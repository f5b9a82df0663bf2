#include "host/store/sql/alert_repository.hpp"

#include <algorithm>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

AlertRecord read_alert(const db::Query& query) {
  AlertRecord record;
  record.id = query.integer(0);
  record.shop = query.text(1);
  record.kind = query.text(2);
  record.item = query.text(3);
  record.alert.code = query.text(4);
  record.alert.message = query.text(5);
  record.alert.remedy = query.text(6);
  record.alert.due_at = query.maybe_time(7);
  record.alert.ends_at = query.maybe_time(8);
  record.raised_at = query.time(9);
  record.cleared_at = query.maybe_time(10);
  return record;
}

}  // namespace

std::vector<AlertRecord> AlertRepository::list(std::string_view shop, bool open_only,
                                               std::size_t limit) {
  std::string sql =
      "SELECT id, shop, kind, item_id, code, message, remedy, due_at, ends_at, raised_at, "
      "cleared_at FROM alert WHERE id > 0";
  std::vector<db::Value> values = {db::to_value(db::row_limit(limit))};
  if (!shop.empty()) {
    sql += " AND shop = $2";
    values.push_back(db::to_value(shop));
  }
  if (open_only) sql += " AND cleared_at IS NULL";
  sql += " ORDER BY id DESC LIMIT $1";
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), sql, std::span<const db::Value>(values));
  std::vector<AlertRecord> records;
  while (query.next()) records.push_back(read_alert(query));
  return records;
}

std::size_t AlertRepository::expire(TimePoint now, std::chrono::seconds keep) {
  const TimePoint forget = now - keep;
  return db::write(context_.database, [&](db::Connection& connection) {
    const auto ended = db::execute(
        connection, "UPDATE alert SET cleared_at = $1 WHERE cleared_at IS NULL AND ends_at <= $1",
        now);
    db::execute(connection, "DELETE FROM alert WHERE cleared_at <= $1", forget);
    return static_cast<std::size_t>(ended);
  });
}

bool AlertRepository::raise(db::Connection& connection, std::string_view shop,
                            std::string_view kind, std::string_view item, const Alert& alert,
                            TimePoint now) {
  const auto known = db::execute(
      connection,
      "UPDATE alert SET message = $5, remedy = $6, due_at = $7, ends_at = $8 WHERE "
      "shop = $1 AND kind = $2 AND item_id = $3 AND code = $4 AND cleared_at IS NULL",
      shop, kind, item, alert.code, alert.message, alert.remedy, alert.due_at, alert.ends_at);
  if (known != 0) return false;
  db::execute(connection,
              "INSERT INTO alert (shop, kind, item_id, code, message, remedy, due_at, ends_at, "
              "raised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              shop, kind, item, alert.code, alert.message, alert.remedy, alert.due_at,
              alert.ends_at, now);
  return true;
}

void AlertRepository::clear(db::Connection& connection, std::string_view shop,
                            std::string_view kind, std::string_view item,
                            std::span<const Alert> but, TimePoint now) {
  std::vector<std::pair<std::int64_t, std::string>> open;
  {
    db::Query query(connection,
                    "SELECT id, code FROM alert WHERE shop = $1 AND kind = $2 AND item_id = $3 "
                    "AND cleared_at IS NULL",
                    shop, kind, item);
    while (query.next()) open.emplace_back(query.integer(0), query.text(1));
  }
  for (const auto& each : open) {
    const bool stays = std::any_of(but.begin(), but.end(),
                                   [&](const Alert& alert) { return alert.code == each.second; });
    if (stays) continue;
    db::execute(connection, "UPDATE alert SET cleared_at = $2 WHERE id = $1", each.first, now);
  }
}

}  // namespace marketplug::store::sql
