#pragma once
// ASCII as protocols use it: without locale, compared without case. Pure, any thread.

#include <algorithm>
#include <string_view>

namespace marketplug::services::ascii {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool letter_or_digit(char c) noexcept {
  return digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

constexpr bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

constexpr bool starts_with(std::string_view text, std::string_view with) noexcept {
  return same(text.substr(0, with.size()), with);
}

}  // namespace marketplug::services::ascii
