#include "host/json/compare.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace marketplug::json {
namespace {

static_assert(std::numeric_limits<long double>::digits >= 64,
              "long double must hold every 64-bit integer and every double exactly");

long double exact(const boost::json::value& value) noexcept {
  if (value.is_int64()) return static_cast<long double>(value.get_int64());
  if (value.is_uint64()) return static_cast<long double>(value.get_uint64());
  return static_cast<long double>(value.get_double());
}

__extension__ using Wide = unsigned __int128;

/// digits * 10^exponent, without trailing zeros in the digits.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

/// The shortest decimal that gives the same double: what a person wrote.
Decimal decimal(const boost::json::value& value) {
  Decimal result;
  if (value.is_int64()) {
    const auto number = value.get_int64();
    result.digits =
        number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
  } else if (value.is_uint64()) {
    result.digits = value.get_uint64();
  } else {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   std::fabs(value.get_double()), std::chars_format::scientific)
                         .ptr;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto mark = text.find('e');
    const auto* exponent = text.data() + mark + 1;
    if (*exponent == '+') ++exponent;
    std::from_chars(exponent, end, result.exponent);
    for (std::size_t i = 0; i < mark; ++i) {
      if (text[i] == '.') continue;
      result.digits = result.digits * 10 + static_cast<std::uint64_t>(text[i] - '0');
      if (i > 1) --result.exponent;
    }
  }
  while (result.digits != 0 && result.digits % 10 == 0) {
    result.digits /= 10;
    ++result.exponent;
  }
  return result;
}

}  // namespace

int compare_numbers(const boost::json::value& a, const boost::json::value& b) noexcept {
  const long double left = exact(a), right = exact(b);
  return left < right ? -1 : static_cast<int>(left > right);
}

bool is_whole_number(const boost::json::value& value) noexcept {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::isfinite(value.get_double()) &&
         std::trunc(value.get_double()) == value.get_double();
}

bool is_multiple_of(const boost::json::value& value, const boost::json::value& divisor) {
  const Decimal number = decimal(value), by = decimal(divisor);
  if (number.digits == 0) return true;
  if (by.digits == 0) return false;
  if (number.exponent >= by.exponent) {
    Wide rest = number.digits % by.digits;
    for (int i = number.exponent; i > by.exponent && rest != 0; --i) rest = rest * 10 % by.digits;
    return rest == 0;
  }
  Wide divisor_digits = by.digits;
  for (int i = number.exponent; i < by.exponent; ++i) {
    divisor_digits *= 10;
    if (divisor_digits > number.digits) return false;
  }
  return number.digits % divisor_digits == 0;
}

bool equal(const boost::json::value& a, const boost::json::value& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  if (a.is_array()) {
    const auto& left = a.get_array();
    const auto& right = b.get_array();
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), equal);
  }
  if (a.is_object()) {
    const auto& left = a.get_object();
    const auto& right = b.get_object();
    return left.size() == right.size() &&
           std::all_of(left.begin(), left.end(), [&right](const auto& member) {
             const auto* other = right.if_contains(member.key());
             return other != nullptr && equal(member.value(), *other);
           });
  }
  return a == b;
}

}  // namespace marketplug::json
