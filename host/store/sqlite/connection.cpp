#include "host/store/sqlite/connection.hpp"

#include <fmt/format.h>

#include "host/store/db/query.hpp"
#include "host/store/sqlite/dialect.hpp"
#include "host/store/sqlite/errors.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sqlite {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kApplicationId = 0x4d4b5047;  // "MKPG", in the header of every store's file
constexpr int kCheckpointPages = 4000;
constexpr int kPageBytes = 8192;  // an order of 3 kB wastes half of a page of 4096

constexpr std::string_view kBothRoles =
    "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; "
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";
constexpr std::string_view kWriterOnly =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
    "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-4096;";
constexpr std::string_view kReaderOnly =
    "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4096;";

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Role role) : path_(path), role_(role) {
  // The count of SQLite's memory, which nobody reads, takes a lock of the whole process at each
  // allocation. Refused, and harmless, where SQLite was used before.
  [[maybe_unused]] static const int no_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  open();
}

void SqliteConnection::open() {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) raise(handle, code, path_, "opening");
  configure(role_);
}

/// A ROLLBACK that failed leaves the connection inside its transaction: what comes next would be
/// committed together with what was refused, or fail for ever. Closing it rolls back for sure.
void SqliteConnection::leave_stuck_transaction() {
  if (handle_ && sqlite3_get_autocommit(handle_.get()) != 0) return;
  statements_.clear();
  handle_.reset();
  try {
    open();
  } catch (...) {
    handle_.reset();  // half set up: the next begin() tries again
    throw;
  }
}

void SqliteConnection::configure(Role role) {
  sqlite3* const handle = handle_.get();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  run_script(kBothRoles);
  if (role == Role::kReader) {
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    run_script(kReaderOnly);
    return;
  }
  if (sqlite3_db_readonly(handle, "main") == 1) raise(handle, SQLITE_READONLY, path_, "opening");
  claim_file();
  run_script(kWriterOnly);
  sqlite3_wal_hook(handle, after_commit, this);
}

/// What wal_autocheckpoint does, with a look at the result: SQLite ignores it there, and after a
/// failed fsync of the database file the next checkpoint would seem to have written everything.
int SqliteConnection::after_commit(void* self, sqlite3* handle, const char* database, int pages) {
  if (pages < kCheckpointPages) return SQLITE_OK;
  const int code =
      sqlite3_wal_checkpoint_v2(handle, database, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  report_lost_writes(code, static_cast<const SqliteConnection*>(self)->path_);
  return SQLITE_OK;
}

/// Before anything is written: is it ours, or new?
void SqliteConnection::claim_file() {
  std::int64_t id = 0, tables = 0;
  {
    db::Query query(*this, "PRAGMA application_id");
    if (query.next()) id = query.integer(0);
  }
  if (id == kApplicationId) return;
  {
    db::Query query(*this, "SELECT count(*) FROM sqlite_master");
    if (query.next()) tables = query.integer(0);
  }
  if (id != 0 || tables != 0) {
    throw StoreError(StoreError::Kind::kOther,
                     fmt::format("{} is a database of another program; it was left as it is. Name "
                                 "another file in store.url.",
                                 path_));
  }
  run_script(
      fmt::format("PRAGMA page_size={}; PRAGMA application_id={}", kPageBytes, kApplicationId));
}

db::Statement& SqliteConnection::check_out(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto made = std::make_unique<SqliteStatement>(handle_.get(), sql, path_);
    found = statements_.emplace(std::string(sql), std::move(made)).first;
  }
  if (!found->second->in_use) {
    found->second->in_use = true;
    return *found->second;
  }
  auto extra = std::make_unique<SqliteStatement>(handle_.get(), sql, path_);
  extra->kept = false;
  return *extra.release();  // give_back() takes it over again
}

void SqliteConnection::give_back(db::Statement& statement) noexcept {
  auto& mine = static_cast<SqliteStatement&>(statement);
  if (!mine.kept) {
    const std::unique_ptr<SqliteStatement> extra(&mine);
    return;
  }
  mine.reset();
  mine.in_use = false;
}

std::int64_t SqliteConnection::changes() const { return sqlite3_changes64(handle_.get()); }

std::int64_t SqliteConnection::inserted_key() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

void SqliteConnection::run_script(std::string_view sql) {
  const std::string text = to_sqlite(sql);
  const int code = sqlite3_exec(handle_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(handle_.get(), code, path_, "running a script");
}

bool SqliteConnection::has_table(std::string_view name) {
  return db::Query(*this, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", name)
      .next();
}

void SqliteConnection::begin() {
  leave_stuck_transaction();
  refuse_moved_file();
  db::execute(*this, "BEGIN IMMEDIATE");
}

/// Someone who deletes or replaces the file under a running program would see every later write
/// vanish without an error.
void SqliteConnection::refuse_moved_file() {
  int moved = 0;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved == 0) return;
  throw StoreError(StoreError::Kind::kCorrupt,
                   fmt::format("{} was deleted or replaced while marketplug runs; nothing is "
                               "written to it any more. Stop marketplug, put the file (or a "
                               "backup) back, and start again.",
                               path_));
}

void SqliteConnection::commit() {
  try {
    db::execute(*this, "COMMIT");
  } catch (...) {
    roll_back();
    throw;
  }
}

void SqliteConnection::roll_back() noexcept {
  // After a full disk SQLite may have rolled back by itself.
  if (sqlite3_get_autocommit(handle_.get()) != 0) return;
  sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::keep_log_at_close(bool keep) noexcept {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

bool SqliteConnection::truncate_log() {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return false;
  if (code != SQLITE_OK) raise(handle_.get(), code, path_, "writing the log back");
  return true;
}

}  // namespace marketplug::store::sqlite
