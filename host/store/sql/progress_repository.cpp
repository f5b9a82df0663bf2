#include "host/store/sql/progress_repository.hpp"

#include "host/store/db/query.hpp"
#include "host/store/sql/fence.hpp"

namespace marketplug::store::sql {

std::optional<Cursor> ProgressRepository::cursor(std::string_view shop,
                                                 std::string_view capability) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT value FROM sync_cursor WHERE shop = $1 AND capability = $2", shop,
                  capability);
  if (!query.next()) return std::nullopt;
  return Cursor{query.text(0)};
}

std::optional<std::string> ProgressRepository::state(std::string_view shop, std::string_view key) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT value FROM plugin_state WHERE shop = $1 AND name = $2", shop, key);
  if (!query.next()) return std::nullopt;
  return query.text(0);
}

std::vector<JobRecord> ProgressRepository::jobs(std::string_view shop) {
  const db::Lease lease = context_.database.reader();
  std::vector<db::Value> values;
  if (!shop.empty()) values.push_back(db::to_value(shop));
  db::Query query(lease.connection(),
                  shop.empty()
                      ? "SELECT shop, kind, state, due_at, failures, last_started, "
                        "last_succeeded, complete_until, last_code, last_message, last_remedy "
                        "FROM job ORDER BY shop, kind"
                      : "SELECT shop, kind, state, due_at, failures, last_started, "
                        "last_succeeded, complete_until, last_code, last_message, last_remedy "
                        "FROM job WHERE shop = $1 ORDER BY kind",
                  std::span<const db::Value>(values));
  std::vector<JobRecord> jobs;
  while (query.next()) {
    jobs.push_back({query.text(0), query.text(1), query.text(2), query.time(3), query.integer(4),
                    query.maybe_time(5), query.maybe_time(6), query.maybe_time(7), query.text(8),
                    query.text(9), query.text(10)});
  }
  return jobs;
}

void ProgressRepository::mark_in_flight(const OwnerToken& token, const InFlightMark& mark) {
  db::write(context_.database, [&](db::Connection& connection) {
    hold_fence(connection, token);
    db::execute(connection,
                "INSERT INTO in_flight (shop, capability, plugin, started_at, node) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shop, capability) DO UPDATE SET "
                "plugin = excluded.plugin, started_at = excluded.started_at, "
                "node = excluded.node",
                token.shop, mark.capability, mark.plugin, mark.started_at, mark.node);
  });
}

std::vector<InFlightMark> ProgressRepository::marks() {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT shop, plugin, capability, started_at, node FROM in_flight "
                  "ORDER BY shop, capability");
  std::vector<InFlightMark> marks;
  while (query.next()) {
    marks.push_back({query.text(0), query.text(1), query.text(2), query.time(3), query.text(4)});
  }
  return marks;
}

void ProgressRepository::drop_mark(const InFlightMark& mark) {
  // Exactly this one: a step that began meanwhile keeps its own.
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "DELETE FROM in_flight WHERE shop = $1 AND capability = $2 AND plugin = $3 AND "
                "started_at = $4 AND node = $5",
                mark.shop, mark.capability, mark.plugin, mark.started_at, mark.node);
  });
}

void ProgressRepository::set_cursor(db::Connection& connection, std::string_view shop,
                                    std::string_view capability, const Cursor& cursor) {
  db::execute(connection,
              "INSERT INTO sync_cursor (shop, capability, value) VALUES ($1, $2, $3) "
              "ON CONFLICT (shop, capability) DO UPDATE SET value = excluded.value",
              shop, capability, cursor.value);
}

void ProgressRepository::put_state(db::Connection& connection, std::string_view shop,
                                   std::string_view key, std::string_view value) {
  db::execute(connection,
              "INSERT INTO plugin_state (shop, name, value) VALUES ($1, $2, $3) "
              "ON CONFLICT (shop, name) DO UPDATE SET value = excluded.value",
              shop, key, value);
}

void ProgressRepository::erase_state(db::Connection& connection, std::string_view shop,
                                     std::string_view key) {
  db::execute(connection, "DELETE FROM plugin_state WHERE shop = $1 AND name = $2", shop, key);
}

void ProgressRepository::save_job(db::Connection& connection, std::string_view shop,
                                  const JobRecord& job) {
  db::execute(connection,
              "INSERT INTO job (shop, kind, state, due_at, failures, last_started, "
              "last_succeeded, complete_until, last_code, last_message, last_remedy) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
              "ON CONFLICT (shop, kind) DO UPDATE SET state = excluded.state, "
              "due_at = excluded.due_at, failures = excluded.failures, "
              "last_started = excluded.last_started, last_succeeded = excluded.last_succeeded, "
              "complete_until = excluded.complete_until, last_code = excluded.last_code, "
              "last_message = excluded.last_message, last_remedy = excluded.last_remedy",
              shop, job.kind, job.state, job.due_at, job.failures, job.last_started,
              job.last_succeeded, job.complete_until, job.last_code, job.last_message,
              job.last_remedy);
}

void ProgressRepository::clear_mark(db::Connection& connection, std::string_view shop,
                                    std::string_view capability) {
  db::execute(connection, "DELETE FROM in_flight WHERE shop = $1 AND capability = $2", shop,
              capability);
}

}  // namespace marketplug::store::sql
