#pragma once
// Implementation of money.hpp: inline, so that the SDK needs no library of its own.

namespace marketplug {
namespace detail {

inline constexpr std::uint8_t kMaxScale = 9;

/// units * 10^by, or nullopt on overflow.
inline std::optional<std::int64_t> scaled(std::int64_t units, unsigned by) noexcept {
  for (; by > 0; --by) {
    if (__builtin_mul_overflow(units, std::int64_t{10}, &units)) return std::nullopt;
  }
  return units;
}

}  // namespace detail

inline std::optional<Money> parse_money(std::string_view amount, std::string_view currency) {
  if (currency.size() != 3) return std::nullopt;
  for (const char c : currency) {
    if (c < 'A' || c > 'Z') return std::nullopt;
  }
  const bool negative = !amount.empty() && amount[0] == '-';
  if (negative) amount.remove_prefix(1);
  Money money{0, 0, std::string(currency)};
  bool point = false, digit_before = false, digit_after = false;
  for (const char c : amount) {
    if (c == '.' && !point && digit_before) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    if (point && money.scale == detail::kMaxScale) return std::nullopt;
    // Built up negative: the range of 64 bits is larger on that side.
    if (__builtin_mul_overflow(money.units, std::int64_t{10}, &money.units) ||
        __builtin_sub_overflow(money.units, std::int64_t{c - '0'}, &money.units)) {
      return std::nullopt;
    }
    (point ? digit_after : digit_before) = true;
    if (point) ++money.scale;
  }
  if (!digit_before || (point && !digit_after)) return std::nullopt;
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, money.units, &money.units)) {
    return std::nullopt;
  }
  return money;
}

inline std::string format_amount(const Money& money) {
  const bool negative = money.units < 0;
  // Two's complement negation in unsigned: right for the smallest value too.
  auto rest = static_cast<std::uint64_t>(money.units);
  if (negative) rest = ~rest + 1;
  std::string text;  // from its end
  for (unsigned i = 0; rest != 0 || i <= money.scale; ++i, rest /= 10) {
    if (i == money.scale && i != 0) text += '.';
    text += static_cast<char>('0' + rest % 10);
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

inline std::optional<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency) return std::nullopt;
  const std::uint8_t scale = a.scale > b.scale ? a.scale : b.scale;
  const auto left = detail::scaled(a.units, static_cast<unsigned>(scale - a.scale));
  const auto right = detail::scaled(b.units, static_cast<unsigned>(scale - b.scale));
  Money sum{0, scale, a.currency};
  if (!left || !right || __builtin_add_overflow(*left, *right, &sum.units)) return std::nullopt;
  return sum;
}

}  // namespace marketplug
