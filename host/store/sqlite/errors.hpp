#pragma once
// SQLite's error codes as StoreErrors that name place, cause and remedy. Any thread.

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace marketplug::store::sqlite {

/// The message for a full disk, with the bytes left at `path`.
std::string disk_full_message(const std::string& path);

/// Throws what `code` means; a failed fsync is told to the LostWritesHandler first. `handle` may be
/// null; `path` is the database file, `doing` what was tried, such as "opening".
[[noreturn]] void raise(sqlite3* handle, int code, const std::string& path, std::string_view doing);

/// For codes that are not raised: tells the handler where `code` is a failed fsync.
void report_lost_writes(int code, const std::string& path);

}  // namespace marketplug::store::sqlite
