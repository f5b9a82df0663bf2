#include "host/store/sqlite/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "host/store/db/query.hpp"
#include "host/store/sqlite/check_watch.hpp"
#include "host/store/sqlite/errors.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sqlite {
namespace {

using Kind = StoreError::Kind;

/// SQLite gives -wal and -shm the mode of the database file.
void make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT)
      throw StoreError(Kind::kDiskFull, disk_full_message(path));
    throw StoreError(error == EACCES || error == EROFS ? Kind::kReadOnly : Kind::kOther,
                     fmt::format("{} cannot be made: {}. Check the folder's owner and mode.", path,
                                 std::strerror(error)));
  }
  ::close(file);
}

/// The key is made after the database's first page was written: beside it, a database that is
/// missing or has 0 bytes is a lost one. A new one in its place would hide that.
void refuse_lost(const std::string& path) {
  std::error_code error;
  const bool missing = !std::filesystem::exists(path);
  const auto size = missing ? 0 : std::filesystem::file_size(path, error);
  const auto key = std::filesystem::path(path).parent_path() / kKeyFileName;
  if (error || size != 0 || !std::filesystem::exists(key)) return;
  throw StoreError(
      Kind::kCorrupt,
      fmt::format("{} {}, although its key exists: the database was lost. Restore the last backup; "
                  "to begin with an empty store, move {} away (and keep it: backups need it).",
                  path, missing ? "is missing" : "is empty", key.string()));
}

/// By its other name a second process would find another folder, and no lock in it.
void refuse_second_name(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || facts.st_nlink <= 1) return;
  throw StoreError(Kind::kOther,
                   fmt::format("{} has {} names (hard links): the lock of its folder does not keep "
                               "a process out that uses another one. Remove the other names.",
                               path, facts.st_nlink));
}

void keep_from_others(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0) {
    ::chmod(path.c_str(), facts.st_mode & 0700);
  }
}

}  // namespace

std::unique_ptr<SqliteDatabase> SqliteDatabase::open(const std::string& path, bool create) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!create && !std::filesystem::exists(path)) {
    throw StoreError(
        Kind::kNotFound,
        fmt::format("There is no store at {}. Check store.url, or run `marketplug run` "
                    "or `marketplug sync` once: that makes it.",
                    path));
  }
  make_state_folder(folder);
  return std::unique_ptr<SqliteDatabase>(new SqliteDatabase(path));
}

SqliteDatabase::SqliteDatabase(const std::string& path)
    : path_(path), lock_(std::filesystem::path(path).parent_path().string()) {
  refuse_lost(path);
  if (!std::filesystem::exists(path)) {
    make_file(path);
    is_new_ = true;
  }
  refuse_second_name(path);
  keep_from_others(path);
  log_was_missing_ = !is_new_ && !std::filesystem::exists(path + "-wal");
  writer_ = std::make_unique<SqliteConnection>(path, SqliteConnection::Role::kWriter);
}

db::Lease SqliteDatabase::writer() {
  gate_.enter();
  return {*writer_, [this] { gate_.leave(); }};
}

db::Lease SqliteDatabase::reader() {
  std::unique_ptr<SqliteConnection> connection;
  {
    std::unique_lock lock(mutex_);
    reader_free_.wait(lock, [&] { return !idle_.empty() || readers_out_ < kReaders; });
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    ++readers_out_;
  }
  try {
    if (!connection) {
      connection = std::make_unique<SqliteConnection>(path_, SqliteConnection::Role::kReader);
    }
  } catch (...) {
    give_back(nullptr);
    throw;
  }
  SqliteConnection* const raw = connection.release();
  return {*raw, [this, raw] { give_back(std::unique_ptr<SqliteConnection>(raw)); }};
}

void SqliteDatabase::give_back(std::unique_ptr<SqliteConnection> reader) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (reader) idle_.push_back(std::move(reader));
    --readers_out_;
  }
  reader_free_.notify_one();
}

std::vector<std::string> SqliteDatabase::check(const db::CheckHooks& hooks) {
  // Without its log the file may be a mixture of old and new pages: indexes are compared as well.
  if (log_was_missing_ && hooks.notice) {
    hooks.notice(
        fmt::format("{0} stands alone, without {0}-wal: where it is a copy, what was written "
                    "after the copy is missing. Checking everything, this takes longer …",
                    path_));
  }
  const db::Lease lease = writer();
  // Until it is known to be sound nothing is moved: a close would write the log into the file, and
  // the next start would find the file alone.
  writer_->keep_log_at_close(true);
  std::vector<std::string> problems;
  try {
    const CheckWatch watch(path_, hooks, [this] { writer_->interrupt(); });
    db::Query query(lease.connection(),
                    log_was_missing_ ? "PRAGMA integrity_check(10)" : "PRAGMA quick_check(10)");
    while (query.next()) {
      if (std::string line = query.text(0); line != "ok") problems.push_back(std::move(line));
    }
  } catch (const StoreError&) {
    if (!hooks.stopped || !hooks.stopped()) throw;
  }
  if (hooks.stopped && hooks.stopped()) {
    throw StoreError(
        Kind::kStopped,
        fmt::format("The check of {} was told to end; the next start begins it again.", path_));
  }
  if (problems.empty()) writer_->keep_log_at_close(false);
  return problems;
}

bool SqliteDatabase::forget_erased() {
  const db::Lease lease = writer();
  return writer_->truncate_log();
}

}  // namespace marketplug::store::sqlite
