#include "host/store/sqlite/errors.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>

#include "host/store/types.hpp"

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

}  // namespace

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
    default:
      throw StoreError(Kind::kOther,
                       fmt::format("{}: {} (SQLite code {}) while {}.", path, text, code, doing));
  }
}

}  // namespace marketplug::store::sqlite
