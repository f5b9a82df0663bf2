#include "host/store/sql/sql_store.hpp"

#include <fmt/format.h>

#include "host/store/sql/meta.hpp"
#include "host/store/sql/migrations.hpp"
#include "host/store/sql/shop_transaction.hpp"

namespace marketplug::store::sql {
namespace {

void tell(const db::CheckHooks& hooks, const std::string& text) {
  if (hooks.notice) hooks.notice(text);
}

/// Refuses a newer schema and a wrong key before anything is written.
std::unique_ptr<Seals> open_seals(db::Database& database, const SqlStore::MasterKey& master_key,
                                  const Clock& clock) {
  const db::Lease lease = database.writer();
  refuse_newer(lease.connection(), all_migrations(), database.place());
  const auto check = meta(lease.connection(), kMetaKeyCheck);
  auto seals = std::make_unique<Seals>(master_key(check.has_value()), clock);
  if (check && !seals->opens(*check)) {
    throw StoreError(
        StoreError::Kind::kWrongKey,
        fmt::format("The encryption key does not open {}. Nothing was changed; use the "
                    "key that this store was made with (store.encryption_key, or the "
                    "backup of marketplug.key).",
                    database.place()));
  }
  return seals;
}

void check_after_crash(db::Database& database, const db::CheckHooks& hooks) {
  {
    const db::Lease lease = database.writer();
    const auto clean = meta(lease.connection(), kMetaClean);
    if (!clean || *clean == "1") return;
  }
  tell(hooks, fmt::format("The last run did not end in order: checking {} …", database.place()));
  const auto problems = database.check(hooks);
  if (problems.empty()) {
    tell(hooks, fmt::format("{} is sound.", database.place()));
    return;
  }
  throw StoreError(StoreError::Kind::kCorrupt,
                   fmt::format("{} is damaged: {}. It was left as it is. Keep a copy of it and its "
                               "-wal file, and restore the last backup.",
                               database.place(), problems.front()));
}

void prepare(db::Database& database, Seals& seals) {
  db::write(database, [&](db::Connection& connection) {
    migrate(connection, all_migrations());
    if (!meta(connection, kMetaKeyCheck)) {
      set_meta(connection, kMetaKeyCheck, seals.check_value());
    }
    set_meta(connection, kMetaClean, "0");
    if (database.exclusive()) OwnershipRepository::forget_all(connection);
  });
}

}  // namespace

SqlStore::SqlStore(std::unique_ptr<db::Database> database, const MasterKey& master_key,
                   const Clock& clock, const db::CheckHooks& hooks)
    : database_(std::move(database)),
      seals_(open_seals(*database_, master_key, clock)),
      context_{*database_, clock, *seals_, time_},
      shops_(context_),
      ownership_(context_),
      audit_(context_),
      orders_(context_, audit_),
      returns_(context_, audit_),
      events_(context_),
      parked_(context_, audit_),
      alerts_(context_),
      order_audits_(context_),
      progress_(context_),
      plugins_(context_),
      quota_(context_),
      secrets_(context_),
      documents_(context_) {
  check_after_crash(*database_, hooks);
  prepare(*database_, *seals_);
  time_.load(database_->writer().connection());
  if (const auto strange = time_.look(*database_, clock.now())) tell(hooks, *strange);
  if (database_->exclusive()) documents_.purge(clock.now());
  // What the last run erased may still stand in its log.
  database_->forget_erased();
}

SqlStore::~SqlStore() {
  try {
    db::write(*database_,
              [](db::Connection& connection) { set_meta(connection, kMetaClean, "1"); });
  } catch (...) {
    // Then the next start checks the database: that is all the flag is for.
  }
}

std::unique_ptr<ShopTransaction> SqlStore::begin(const OwnerToken& token) {
  return std::make_unique<SqlShopTransaction>(context_, quota_, token);
}

}  // namespace marketplug::store::sql
