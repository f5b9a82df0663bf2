#include "host/store/sql/order_audit_repository.hpp"

#include <string>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, shop, asked_by, asked_at, window_by, window_from, window_until, state, started_at, "
    "ended_at, place, known, held, missing, stale, later, unsettled, failing_since, message, "
    "remedy FROM order_audit ";

AuditRun read_run(const db::Query& query) {
  AuditRun run;
  run.id = query.integer(0);
  run.shop = query.text(1);
  run.asked_by = query.text(2);
  run.asked_at = query.time(3);
  run.window.by = query.integer(4) == 0 ? AuditWindow::By::kChanged : AuditWindow::By::kPlaced;
  run.window.from = query.time(5);
  run.window.until = query.time(6);
  run.state = query.text(7);
  run.started_at = query.maybe_time(8);
  run.ended_at = query.maybe_time(9);
  run.place = Cursor{query.text(10)};
  run.known = query.integer(11);
  run.held = query.integer(12);
  run.missing = query.integer(13);
  run.stale = query.integer(14);
  run.later = query.integer(15);
  run.unsettled = query.integer(16);
  run.failing_since = query.maybe_time(17);
  run.message = query.text(18);
  run.remedy = query.text(19);
  return run;
}

AuditFinding read_finding(const db::Query& query) {
  AuditFinding finding;
  finding.order = query.text(0);
  finding.problem = query.text(1);
  finding.marketplace = query.text(2);
  finding.marketplace_status = query.text(3);
  finding.placed_at = query.maybe_time(4);
  finding.changed_at = query.maybe_time(5);
  finding.outcome = query.text(6);
  finding.settled_at = query.maybe_time(7);
  finding.message = query.text(8);
  return finding;
}

}  // namespace

std::int64_t OrderAuditRepository::insert(db::Connection& connection, const AuditRun& run) {
  db::Query query(
      connection,
      "INSERT INTO order_audit (shop, asked_by, asked_at, window_by, window_from, window_until, "
      "state, place, known, held, missing, stale, later, unsettled, message, remedy) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, '', 0, 0, 0, 0, 0, 0, '', '') RETURNING id",
      run.shop, run.asked_by, run.asked_at, static_cast<int>(run.window.by), run.window.from,
      run.window.until, run.state);
  query.next();
  return query.integer(0);
}

/// Of a run that has ended only what was amiss is kept.
void OrderAuditRepository::save(db::Connection& connection, const AuditRun& run) {
  db::execute(connection,
              "UPDATE order_audit SET state = $2, started_at = $3, ended_at = $4, place = $5, "
              "known = $6, held = $7, missing = $8, stale = $9, unsettled = $10, message = $11, "
              "remedy = $12, later = $13, failing_since = $14 WHERE id = $1",
              run.id, run.state, run.started_at, run.ended_at, run.place.value, run.known, run.held,
              run.missing, run.stale, run.unsettled, run.message, run.remedy, run.later,
              run.failing_since);
  if (!run.ended_at) return;
  db::execute(connection, "DELETE FROM order_audit_finding WHERE run = $1 AND problem = ''",
              run.id);
}

bool OrderAuditRepository::note(db::Connection& connection, std::int64_t run,
                                const AuditFinding& finding) {
  return db::execute(connection,
                     "INSERT INTO order_audit_finding (run, order_id, problem, marketplace, "
                     "marketplace_status, placed_at, changed_at, outcome, settled_at, message) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                     "ON CONFLICT (run, order_id) DO NOTHING",
                     run, finding.order, finding.problem, finding.marketplace,
                     finding.marketplace_status, finding.placed_at, finding.changed_at,
                     finding.outcome, finding.settled_at, finding.message) != 0;
}

bool OrderAuditRepository::was_unchanged(db::Connection& connection, std::string_view shop,
                                         const AuditFinding& finding) {
  db::Query query(connection,
                  "SELECT finding.changed_at FROM order_audit_finding finding "
                  "JOIN order_audit audit ON audit.id = finding.run "
                  "WHERE finding.order_id = $1 AND audit.shop = $2 AND "
                  "finding.outcome = 'unchanged' AND finding.marketplace_status = $3",
                  finding.order, shop, finding.marketplace_status);
  while (query.next()) {
    if (query.maybe_time(0) == finding.changed_at) return true;
  }
  return false;
}

void OrderAuditRepository::settle(db::Connection& connection, std::int64_t run,
                                  const AuditFinding& finding) {
  db::execute(connection,
              "UPDATE order_audit_finding SET outcome = $3, settled_at = $4, message = $5 "
              "WHERE run = $1 AND order_id = $2",
              run, finding.order, finding.outcome, finding.settled_at, finding.message);
}

std::int64_t OrderAuditRepository::add(const AuditRun& run) {
  return db::write(context_.database,
                   [&](db::Connection& connection) { return insert(connection, run); });
}

std::optional<AuditRun> OrderAuditRepository::first(std::string_view condition,
                                                    const db::Value& value) {
  const db::Lease lease = context_.database.reader();
  const std::array<db::Value, 1> values{value};
  db::Query query(lease.connection(), std::string(kRunColumns) + std::string(condition),
                  std::span<const db::Value>(values));
  if (!query.next()) return std::nullopt;
  return read_run(query);
}

/// What is under way goes on before anything else begins; a person waits, the schedule does not.
std::optional<AuditRun> OrderAuditRepository::next(std::string_view shop) {
  return first(
      "WHERE shop = $1 AND ended_at IS NULL "
      "ORDER BY CASE WHEN asked_by = '' THEN 1 ELSE 0 END, id LIMIT 1",
      db::to_value(shop));
}

std::optional<AuditRun> OrderAuditRepository::find(std::int64_t id) {
  return first("WHERE id = $1", db::to_value(id));
}

std::vector<AuditRun> OrderAuditRepository::list(std::string_view shop, std::size_t limit) {
  std::string sql(kRunColumns);
  std::vector<db::Value> values = {db::to_value(db::row_limit(limit))};
  if (!shop.empty()) {
    sql += "WHERE shop = $2 ";
    values.push_back(db::to_value(shop));
  }
  sql += "ORDER BY id DESC LIMIT $1";
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), sql, std::span<const db::Value>(values));
  std::vector<AuditRun> runs;
  while (query.next()) runs.push_back(read_run(query));
  return runs;
}

std::optional<TimePoint> OrderAuditRepository::first_done(std::string_view shop) {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT asked_at FROM order_audit WHERE shop = $1 AND asked_by = '' AND "
                  "state = 'done' ORDER BY id LIMIT 1",
                  shop);
  if (!query.next()) return std::nullopt;
  return query.time(0);
}

std::vector<AuditFinding> OrderAuditRepository::findings(std::int64_t run, bool open_only,
                                                         std::size_t limit) {
  std::string sql =
      "SELECT order_id, problem, marketplace, marketplace_status, placed_at, changed_at, outcome, "
      "settled_at, message FROM order_audit_finding WHERE run = $1 AND problem <> ''";
  if (open_only) sql += " AND outcome = 'open'";
  sql += " ORDER BY problem, order_id LIMIT $2";
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(), sql, run, db::row_limit(limit));
  std::vector<AuditFinding> found;
  while (query.next()) found.push_back(read_finding(query));
  return found;
}

std::size_t OrderAuditRepository::purge(TimePoint ended_before) {
  return db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "DELETE FROM order_audit_finding WHERE run IN "
                "(SELECT id FROM order_audit WHERE ended_at <= $1)",
                ended_before);
    return static_cast<std::size_t>(
        db::execute(connection, "DELETE FROM order_audit WHERE ended_at <= $1", ended_before));
  });
}

}  // namespace marketplug::store::sql
