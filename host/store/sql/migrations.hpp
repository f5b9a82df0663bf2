#pragma once
// Brings the schema to this program's version. Called once at open, one thread, inside a
// transaction of the caller: all steps or none.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/store/db/connection.hpp"

namespace marketplug::store::sql {

struct Migration {
  std::int64_t version;  ///< 1, 2, 3 … without a gap
  std::string_view sql;
};

/// Those of host/store/migrations, in order.
std::span<const Migration> all_migrations();

/// 0 for an empty store.
std::int64_t schema_version(db::Connection& connection);

/// StoreError kNewerSchema, naming both versions, where the store is newer than `migrations`.
void refuse_newer(db::Connection& connection, std::span<const Migration> migrations,
                  const std::string& place);

/// Runs what is missing.
void migrate(db::Connection& connection, std::span<const Migration> migrations);

}  // namespace marketplug::store::sql
