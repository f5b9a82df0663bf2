#include "host/finance/amounts.hpp"

#include <limits>

namespace marketplug::finance {
namespace {

constexpr std::string_view kTax = "tax";
constexpr std::string_view kDiscount = "discount";

std::optional<Money> negative(Money money) {
  if (money.units == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  money.units = -money.units;
  return money;
}

}  // namespace

void Sum::add(const Money& money) {
  value_ = any_ ? (value_ ? marketplug::add(*value_, money) : std::nullopt) : std::optional(money);
  any_ = true;
}

void Sum::subtract(const Money& money) {
  const auto opposite = negative(money);
  if (opposite) return add(*opposite);
  value_.reset();
  any_ = true;
}

bool is_zero(const Money& money) noexcept { return money.units == 0; }

bool equal(const Money& a, const Money& b) {
  Sum difference;
  difference.add(a);
  difference.subtract(b);
  return difference.value() && is_zero(*difference.value());
}

std::string shown(const Money& money) { return format_amount(money) + " " + money.currency; }

Sum whole(std::span<const Charge> charges, std::string_view type) {
  Sum sum;
  for (const Charge& charge : charges) {
    if (charge.of.empty() && (type.empty() || charge.type == type)) sum.add(charge.amount);
  }
  return sum;
}

bool has_prices(const Order& order) noexcept {
  return order.state != OrderState::kPending && order.state != OrderState::kCancelled;
}

Reading reading_of(const Money& total, std::span<const Charge> charges) {
  const Sum all = whole(charges);
  if (!all.any()) return Reading::kUnknown;
  const auto tax = whole(charges, kTax).value();
  const auto discount = whole(charges, kDiscount).value();
  // A positive discount is one that is to be taken off: twice, since the sum has it already.
  for (const bool taken_off : {false, true}) {
    if (taken_off && (!discount || discount->units <= 0)) break;
    for (const bool with_tax : {true, false}) {
      if (!with_tax && !tax) break;
      Sum sum = all;
      if (taken_off) {
        sum.subtract(*discount);
        sum.subtract(*discount);
      }
      if (!with_tax) sum.subtract(*tax);
      if (!sum.value() || !equal(*sum.value(), total)) continue;
      return with_tax ? Reading::kWithTax : Reading::kWithoutTax;
    }
  }
  return Reading::kNone;
}

}  // namespace marketplug::finance
