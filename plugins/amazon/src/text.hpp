#pragma once
// Small text helpers of the Amazon plugin: encoding for URLs and forms, text that may be shown to a
// person, dates of HTTP. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/result.hpp"

namespace marketplug::amazon {

/// Everything but RFC 3986's unreserved characters becomes %XX. Fits queries, paths and forms.
std::string percent_encode(std::string_view text);
/// "name=value&…" with encoded values; names are taken as they are.
using Parameters = std::vector<std::pair<std::string_view, std::string>>;
std::string encode_form(const Parameters& parameters);

/// Foreign text made fit for a message: control characters become blanks, at most `max_bytes`, cut
/// between characters of UTF-8.
std::string shown(std::string_view text, std::size_t max_bytes = 200);
/// Whether it may be asked for as it is: https, a host, no blanks or control characters, at most
/// `max_bytes`.
bool is_https_address(std::string_view text, std::size_t max_bytes = 8192) noexcept;
/// ASCII letters in lower case.
std::string lower(std::string_view text);
/// Whether the text is UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text) noexcept;
/// The text with each byte that is not UTF-8 replaced by U+FFFD.
std::string to_utf8(std::string_view text);

/// "Mon, 23 Nov 2026 10:00:00 GMT" (RFC 9110, IMF-fixdate); nullopt for anything else.
std::optional<TimePoint> parse_http_date(std::string_view text) noexcept;

/// JSON string literal, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace marketplug::amazon
