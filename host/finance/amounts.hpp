#pragma once
// Exact sums of an order's charges. Pure functions, any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/order.hpp"

namespace marketplug::finance {

/// Adds what it is given. One currency only: of several, or beyond 64 bits, there is no sum.
class Sum {
 public:
  void add(const Money& money);
  void subtract(const Money& money);
  bool any() const noexcept { return any_; }
  /// Nothing was added, or it has no sum: nullopt.
  const std::optional<Money>& value() const noexcept { return value_; }

 private:
  std::optional<Money> value_;
  bool any_ = false;
};

/// Whether both are the same amount of the same currency, however many digits they are written
/// with.
bool equal(const Money& a, const Money& b);
bool is_zero(const Money& money) noexcept;
std::string shown(const Money& money);  ///< "12.34 EUR"

/// The whole charges of a type, without what refines them; `type` empty: of all types.
Sum whole(std::span<const Charge> charges, std::string_view type = {});

/// Pending orders promise no price; nobody pays that of a cancelled one.
bool has_prices(const Order& order) noexcept;

/// What a total says about the charges below it.
enum class Reading {
  kUnknown,     ///< it has no charges
  kWithTax,     ///< the tax is one of the amounts that add up to it
  kWithoutTax,  ///< the tax is within the prices, or is not the seller's
  kNone,        ///< they do not add up to it
};
Reading reading_of(const Money& total, std::span<const Charge> charges);

}  // namespace marketplug::finance
