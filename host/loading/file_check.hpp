#pragma once
// A plugin's file from the outside: whose it is, who may write it, what bytes it has. The file is
// opened once; ownership, hash and content come from that one descriptor. Any thread.

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/loading/plugin.hpp"
#include "marketplug/result.hpp"

namespace marketplug::loading {

/// Whoever may write a plugin has the rights of the host. Codes "writable" (by group or others) and
/// "foreign_owner" (neither root nor `user`). `what`: "the plugins folder", "the file".
std::vector<PluginReason> check_access(const struct stat& status, uid_t user,
                                       std::string_view what);

struct FileContent {
  std::vector<PluginReason> access;  ///< from check_access
  /// What the first bytes say against it (check_elf_header): the rest was not read.
  std::optional<Failure> no_library;
  std::vector<unsigned char> bytes;
  std::string sha256;  ///< hex, of `bytes`; empty where they were not read
};

/// Follows no link in the last part of the path. Failure kConfig: code "not_regular" (folder, link,
/// pipe …), "unreadable", "too_large" (a library of more than 256 MiB).
Result<FileContent> read_plugin_file(const std::string& path);

/// Lower-case hex.
std::string sha256_hex(const std::vector<unsigned char>& bytes);

/// The reason why `sha256` breaks `pin` ("sha256:<64 hex digits>"); codes "pin_mismatch",
/// "pin_malformed".
std::optional<PluginReason> check_pin(std::string_view pin, std::string_view sha256,
                                      std::string_view id);

}  // namespace marketplug::loading
