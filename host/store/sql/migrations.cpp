#include "host/store/sql/migrations.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "embedded/m0001_initial_sql.hpp"
#include "embedded/m0002_plugins_sql.hpp"
#include "embedded/m0003_alerts_sql.hpp"
#include "embedded/m0004_order_audits_sql.hpp"
#include "embedded/m0005_returns_sql.hpp"
#include "host/store/sql/meta.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {

std::span<const Migration> all_migrations() {
  static constexpr std::array<Migration, 5> kAll = {{{1, embedded::m0001_initial_sql},
                                                     {2, embedded::m0002_plugins_sql},
                                                     {3, embedded::m0003_alerts_sql},
                                                     {4, embedded::m0004_order_audits_sql},
                                                     {5, embedded::m0005_returns_sql}}};
  return kAll;
}

std::int64_t schema_version(db::Connection& connection) {
  const auto text = meta(connection, kMetaVersion);
  if (!text) return 0;
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), version);
  if (error != std::errc() || end != text->data() + text->size() || version < 1) {
    throw StoreError(StoreError::Kind::kCorrupt,
                     "The store's schema version cannot be read. Restore the last backup.");
  }
  return version;
}

void refuse_newer(db::Connection& connection, std::span<const Migration> migrations,
                  const std::string& place) {
  const std::int64_t stored = schema_version(connection);
  const std::int64_t known = migrations.back().version;
  if (stored <= known) return;
  throw StoreError(StoreError::Kind::kNewerSchema,
                   fmt::format("{} has schema version {}, this program knows {}: a newer "
                               "marketplug wrote it. Nothing was changed; start that version "
                               "again, or restore the backup from before the update.",
                               place, stored, known));
}

void migrate(db::Connection& connection, std::span<const Migration> migrations) {
  const std::int64_t stored = schema_version(connection);
  for (const Migration& migration : migrations) {
    if (migration.version <= stored) continue;
    connection.run_script(migration.sql);
    set_meta(connection, kMetaVersion, std::to_string(migration.version));
  }
}

}  // namespace marketplug::store::sql
