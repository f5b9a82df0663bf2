#pragma once
// What every repository needs. Owned by SqlStore, which outlives the repositories. Any thread.

#include "host/store/db/database.hpp"
#include "host/store/sql/seals.hpp"
#include "host/store/sql/trusted_time.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::store::sql {

struct Context {
  db::Database& database;
  const Clock& clock;
  Seals& seals;
  const TrustedTime& time;
};

}  // namespace marketplug::store::sql
