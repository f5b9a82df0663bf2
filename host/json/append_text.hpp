#pragma once
// Appends JSON tokens to a string. Pure functions, any thread. Internal to host/json.

#include <string>
#include <string_view>

namespace marketplug::json {

/// U+FFFD: stands for what is no text.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// The text in double quotes, escaped. What JSON (or the store) cannot hold becomes U+FFFD: bytes
/// that are not UTF-8, and NUL.
void append_text(std::string& out, std::string_view text);

}  // namespace marketplug::json
