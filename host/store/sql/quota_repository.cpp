#include "host/store/sql/quota_repository.hpp"

#include <utility>

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

void QuotaRepository::save(const QuotaSource& source) {
  std::function<void()> saved;
  {
    const db::Lease lease = context_.database.writer();
    const QuotaChanges changes = source();
    if (changes.levels.empty()) return;
    db::Transaction transaction(lease.connection());
    write(lease.connection(), changes.levels);
    transaction.commit();
    saved = changes.saved;
  }
  if (saved) saved();
}

void QuotaRepository::follow(std::weak_ptr<const QuotaSource> source) {
  const std::lock_guard lock(mutex_);
  followed_ = std::move(source);
}

std::function<void()> QuotaRepository::write_followed(db::Connection& connection) {
  std::shared_ptr<const QuotaSource> source;
  {
    const std::lock_guard lock(mutex_);
    source = followed_.lock();
  }
  if (!source) return {};
  QuotaChanges changes = (*source)();
  write(connection, changes.levels);
  return std::move(changes.saved);
}

void QuotaRepository::write(db::Connection& connection, const std::vector<QuotaLevel>& levels) {
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
}

}  // namespace marketplug::store::sql
