#pragma once
// Base64 (RFC 4648, with padding). Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>

namespace marketplug::isolation {

std::string encode_base64(std::string_view bytes);
/// nullopt: not of this alphabet, or of a wrong length.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace marketplug::isolation
