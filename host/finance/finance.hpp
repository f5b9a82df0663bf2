#pragma once
// What a back office books: whether an order's amounts add up, the VAT tariff of each line, and how
// the order is paid, by the shop's own settings. Money stays exact: integers throughout, nothing is
// rounded. Pure functions, any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/order.hpp"

namespace marketplug::finance {

/// A tariff of `vat_rates`: 21 % is 21000.
struct Tariff {
  std::string name;
  std::int64_t thousandths = 0;  ///< of a percent
};

/// The settings of a shop's document that say how its orders are booked.
struct Rules {
  std::string currency;                              ///< ISO 4217; empty: none is expected
  std::map<std::string, std::vector<Tariff>> rates;  ///< by ISO 3166-1 alpha-2 country
  /// The back office's names by the marketplace's method; "default": any other.
  std::map<std::string, std::string> payment_types;
};

/// From the shop's document, as the store has it. Nothing where it says nothing.
Rules rules_of(std::string_view shop_document);

/// What a person should look at; the order is handed out all the same.
struct Flag {
  std::string code;     ///< "unreconciled", "mixed_currencies", "other_currency", "vat_unmatched"
  std::string pointer;  ///< into the order
  std::string message;

  bool operator==(const Flag&) const = default;
};

/// How a line is taxed. One of: a tariff of the shop; unmatched; the marketplace's affair.
struct Vat {
  std::string tariff;  ///< the shop's name, "unmatched" or "marketplace"
  std::string rate;    ///< percent, of a tariff of the shop
  std::string scheme;  ///< under which the marketplace collects it

  bool operator==(const Vat&) const = default;
};

/// A payment as it is booked.
struct BookedPayment {
  Payment payment;   ///< the marketplace's; of the whole order where it names none
  std::string type;  ///< the shop's name; empty: `payment_types` has none

  bool operator==(const BookedPayment&) const = default;
};

/// The sums of the order and its lines: every total must be the sum of its parts. Whether prices
/// have their tax in them, and whether discounts are negative, differs between marketplaces: the
/// total decides. What lacks a total or parts is not judged, nor are orders whose prices are not
/// promised (pending) or no longer matter (cancelled).
std::vector<Flag> reconcile(const Order& order);

/// Amounts in another currency than the shop's. At most one flag.
std::vector<Flag> other_currency(const Order& order, const Rules& rules);

/// One a line, in their order; nothing for a line without an amount, and for pending and cancelled
/// orders. A tariff of the delivery country, else of the marketplace's country, fits
/// where the line's tax is its own to within one minor unit; of several the nearest.
/// Without `rates` only what the marketplace collects is told.
std::vector<std::optional<Vat>> vat_of(const Order& order, const Rules& rules);
std::vector<Flag> vat_flags(const Order& order, const std::vector<std::optional<Vat>>& vat);

/// What was or will be paid. Nothing for orders whose prices are not promised.
std::vector<BookedPayment> payments_of(const Order& order, const Rules& rules);

/// Digits after the point of a currency's smallest amount: 2 for EUR, 0 for JPY (ISO 4217).
std::uint8_t minor_digits(std::string_view currency) noexcept;

}  // namespace marketplug::finance
