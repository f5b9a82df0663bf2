#include "host/store/sql/quota_repository.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::vector<QuotaLevel> QuotaRepository::load() {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT account, operation, tokens, observed_rate, at, cool_until "
                  "FROM quota_level ORDER BY account, operation");
  std::vector<QuotaLevel> levels;
  while (query.next()) {
    levels.push_back({query.text(0), query.text(1), query.real(2), query.real(3), query.time(4),
                      query.maybe_time(5)});
  }
  return levels;
}

void QuotaRepository::save(std::span<const QuotaLevel> levels) {
  if (levels.empty()) return;
  db::write(context_.database, [&](db::Connection& connection) {
    for (const QuotaLevel& level : levels) {
      db::execute(connection,
                  "INSERT INTO quota_level (account, operation, tokens, observed_rate, at, "
                  "cool_until) VALUES ($1, $2, $3, $4, $5, $6) "
                  "ON CONFLICT (account, operation) DO UPDATE SET tokens = excluded.tokens, "
                  "observed_rate = excluded.observed_rate, at = excluded.at, "
                  "cool_until = excluded.cool_until",
                  level.account, level.operation, level.tokens, level.observed_rate, level.at,
                  level.cool_until);
    }
  });
}

}  // namespace marketplug::store::sql
