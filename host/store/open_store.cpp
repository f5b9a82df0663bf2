#include <fmt/format.h>

#include "host/store/master_key.hpp"
#include "host/store/sql/sql_store.hpp"
#include "host/store/sqlite/database.hpp"
#include "host/store/state_folder.hpp"
#include "host/store/store.hpp"

namespace marketplug::store {
namespace {

SealKey find_master_key(const StoreOptions& options, const std::string& folder, bool has_data) {
  if (!options.encryption_key.empty()) return master_key_from_text(options.encryption_key);
  if (auto key = read_master_key(folder)) return std::move(*key);
  if (!has_data) return make_master_key(folder, options.notice);
  throw StoreError(StoreError::Kind::kWrongKey,
                   fmt::format("The key file {}/{} is missing. Restore it from its backup (a new "
                               "key could not read what this store holds); nothing was changed.",
                               folder, kKeyFileName));
}

}  // namespace

// Keys and IVs come from OpenSSL whatever Random is injected: a seeded one would repeat them.
std::unique_ptr<Store> open_store(const StoreOptions& options, const Clock& clock, Random&) {
  const std::string path = sqlite_path(options.url);
  auto database = sqlite::SqliteDatabase::open(path, options.create);
  if (database->is_new() && options.notice) {
    options.notice(fmt::format("Making a new store at {}.", path));
  }
  const auto master_key = [&](bool has_data) {
    return find_master_key(options, state_folder(options.url), has_data);
  };
  return std::make_unique<sql::SqlStore>(std::move(database), master_key, clock,
                                         db::CheckHooks{options.notice, options.stopped});
}

}  // namespace marketplug::store
