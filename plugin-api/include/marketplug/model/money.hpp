#pragma once
// Exact money: integer units and a decimal scale. Never a float, never rounded.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace marketplug {

/// 12.34 EUR is {1234, 2, "EUR"}. The scale is as the marketplace wrote it: 12.340 keeps scale 3.
struct Money {
  std::int64_t units = 0;
  std::uint8_t scale = 0;  ///< decimal digits after the point, at most 9
  std::string currency;    ///< ISO 4217, three upper-case letters

  bool operator==(const Money&) const = default;
};

/// From decimal text: optional minus, digits, optional point with at most 9 digits. nullopt for
/// anything else (exponents, blanks, plus signs, overflow of 64 bits, a malformed currency).
std::optional<Money> parse_money(std::string_view amount, std::string_view currency);

/// The amount alone: "12.34".
std::string format_amount(const Money& money);

/// Exact sum, with the larger scale. nullopt: currencies differ or 64 bits overflow.
std::optional<Money> add(const Money& a, const Money& b);

}  // namespace marketplug

#include "marketplug/model/money.ipp"
