#pragma once
// Texts of nobody knows which origin, made fit for JSON, for every store and for a person. Pure
// functions, any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace marketplug::json {

/// At most `limit` bytes, and "..." where there were more. Bytes that are not UTF-8, and NUL,
/// become U+FFFD.
std::string fit_text(std::string_view text, std::size_t limit = std::string::npos);

/// UTF-8 without control characters: fit to be a key.
bool is_fit_key(std::string_view text) noexcept;

}  // namespace marketplug::json
