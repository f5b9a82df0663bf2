#pragma once
// Texts from files that nobody has vouched for, made fit for a terminal, a log line and an API
// answer. Pure functions, any thread.

#include <string>
#include <string_view>

namespace marketplug::loading {

/// At most `limit` bytes; everything but printable ASCII becomes '?'.
std::string printable(std::string_view text, std::size_t limit = 120);

/// Well-formed UTF-8 without control characters.
bool is_clean_utf8(std::string_view text) noexcept;

/// [a-z][a-z0-9-]*, or a reverse domain of such parts ("com.example.labels").
bool is_plugin_id(std::string_view text) noexcept;

/// A semantic version: "1.2.3", "1.2.3-rc.1+build.5".
bool is_version(std::string_view text) noexcept;

/// Interface ids: name, slash, number ("order-source/1", "com.example.labels/2").
bool is_capability(std::string_view text) noexcept;

}  // namespace marketplug::loading
