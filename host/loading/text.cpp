#include "host/loading/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace marketplug::loading {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_digit) && (text == "0" || text[0] != '0');
}

/// Calls `test` with each part between separators; an empty part is a part too.
template <class Test>
bool all_parts(std::string_view text, char separator, Test test) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!test(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_label(std::string_view part) noexcept {
  return !part.empty() &&
         std::ranges::all_of(part, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool are_identifiers(std::string_view text) {
  return all_parts(text, '.', [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
      return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '-';
    });
  });
}

/// Bytes of the well-formed UTF-8 sequence at the front (RFC 3629); 0 where there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return 0;
  }
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
  const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown(text.substr(0, limit));
  for (char& c : shown) {
    if (c < 0x20 || c == 0x7f) c = '?';  // bytes from 0x80 on are negative
  }
  if (text.size() > limit) shown += "...";
  return shown;
}

bool is_clean_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto lead = static_cast<unsigned char>(text[0]);
    const bool c1 = lead == 0xc2 && length == 2 && static_cast<unsigned char>(text[1]) < 0xa0;
    if (length == 0 || lead < 0x20 || lead == 0x7f || c1) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_plugin_id(std::string_view text) noexcept {
  return !text.empty() && is_lower(text[0]) && all_parts(text, '.', is_label);
}

bool is_version(std::string_view text) noexcept {
  const std::size_t plus = text.find('+');
  if (plus != std::string_view::npos && !are_identifiers(text.substr(plus + 1))) return false;
  text = text.substr(0, plus);
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos && !are_identifiers(text.substr(dash + 1))) return false;
  text = text.substr(0, dash);
  return std::ranges::count(text, '.') == 2 && all_parts(text, '.', is_number);
}

bool is_capability(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_plugin_id(text.substr(0, slash)) &&
         is_number(text.substr(slash + 1)) && text.substr(slash + 1) != "0";
}

}  // namespace marketplug::loading
