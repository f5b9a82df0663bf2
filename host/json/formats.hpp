#pragma once
// The string formats of draft-07 that are checked. Pure functions, any thread. Internal to
// host/json.

#include <string_view>

namespace marketplug::json {

using FormatCheck = bool (*)(std::string_view text);

struct Format {
  std::string_view name;
  FormatCheck check;
  std::string_view message;  ///< for a person: "must be a date such as 2026-01-31"
};
/// nullptr: not a format that is checked (password, and what draft-07 does not know).
const Format* find_format(std::string_view name) noexcept;

}  // namespace marketplug::json
