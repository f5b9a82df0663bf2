#include "host/store/sqlite/errors.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "host/store/store.hpp"

namespace marketplug::store::sqlite {
namespace {

using Kind = StoreError::Kind;

std::string free_bytes(const std::string& path) {
  struct statvfs facts {};
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (statvfs(folder.empty() ? "." : folder.c_str(), &facts) != 0) return "unknown";
  return fmt::format("{}", static_cast<unsigned long long>(facts.f_bavail) * facts.f_frsize);
}

bool is_full(int code, int system_error) {
  const bool io_error = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  return (code & 0xff) == SQLITE_FULL ||
         (io_error && (system_error == ENOSPC || system_error == EDQUOT));
}

bool is_read_only(int code, int system_error) {
  return (code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_PERM ||
         ((code & 0xff) == SQLITE_CANTOPEN &&
          (system_error == EACCES || system_error == EPERM || system_error == EROFS));
}

std::atomic<LostWritesHandler> lost_writes_handler{nullptr};

bool is_lost_write(int code) {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

std::string lost_writes_message(const std::string& path) {
  return fmt::format(
      "{}: the system could not bring written data to the disk, so nobody knows what is on it. "
      "Check the disk and the kernel's log (dmesg), then start marketplug again: it checks the "
      "database first. Where it is damaged, restore the last backup.",
      path);
}

std::string io_message(int code, int system_error, const std::string& text, const std::string& path,
                       std::string_view doing) {
  if ((code & 0xff) == SQLITE_NOMEM) {
    return fmt::format(
        "{}: no memory was left while {}. Give the machine or the service more; the work is "
        "repeated.",
        path, doing);
  }
  return fmt::format(
      "{}: {} (SQLite code {}, system: {}) while {}; the work is repeated. Check the disk and the "
      "kernel's log (dmesg); the state folder must lie on a local disk. Where it stays, restore "
      "the last backup on a good one.",
      path, text, code, system_error == 0 ? "no error" : std::strerror(system_error), doing);
}

}  // namespace

void report_lost_writes(int code, const std::string& path) {
  const LostWritesHandler handler = lost_writes_handler.load();
  if (handler != nullptr && is_lost_write(code)) handler(lost_writes_message(path).c_str());
}

std::string disk_full_message(const std::string& path) {
  return fmt::format(
      "The disk of {} is full ({} bytes free). Nothing was changed; free some space, the work then "
      "goes on by itself.",
      path, free_bytes(path));
}

void raise(sqlite3* handle, int code, const std::string& path, std::string_view doing) {
  const int system_error = handle == nullptr ? errno : sqlite3_system_errno(handle);
  const std::string text =
      handle == nullptr ? sqlite3_errstr(code) : std::string(sqlite3_errmsg(handle));
  if (is_lost_write(code)) {
    report_lost_writes(code, path);
    throw StoreError(Kind::kIo, lost_writes_message(path));
  }
  if (is_full(code, system_error)) throw StoreError(Kind::kDiskFull, disk_full_message(path));
  if (is_read_only(code, system_error)) {
    throw StoreError(Kind::kReadOnly,
                     fmt::format("{} cannot be written ({} while {}). Give the user that runs "
                                 "marketplug the right to write it and its folder.",
                                 path, text, doing));
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw StoreError(Kind::kBusy,
                       fmt::format("{} stayed locked by another program while {}. Close what has "
                                   "it open (a database shell, a backup); the work is repeated.",
                                   path, doing));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw StoreError(Kind::kCorrupt,
                       fmt::format("{} is damaged ({} while {}). Stop marketplug, keep a copy of "
                                   "the file, and restore the last backup.",
                                   path, text, doing));
    case SQLITE_CONSTRAINT:
      throw StoreError(Kind::kConstraint,
                       fmt::format("{}: {} while {}; nothing was written.", path, text, doing));
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      throw StoreError(Kind::kIo, io_message(code, system_error, text, path, doing));
    default:
      throw StoreError(Kind::kOther,
                       fmt::format("{}: {} (SQLite code {}) while {}.", path, text, code, doing));
  }
}

}  // namespace marketplug::store::sqlite

namespace marketplug::store {

void set_lost_writes_handler(LostWritesHandler handler) noexcept {
  sqlite::lost_writes_handler.store(handler);
}

}  // namespace marketplug::store
