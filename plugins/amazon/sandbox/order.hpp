#pragma once
// An order as Amazon knows it: the simulator's truth, from which every answer is rendered.
// Plain values, one thread per object. Money is in minor units of the marketplace's currency.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/result.hpp"
#include "plugins/amazon/sandbox/marketplaces.hpp"

namespace amazon_sandbox {

using marketplug::TimePoint;

/// FulfillmentStatus of the model orders_2026-01-01, in its order.
enum class Status : std::uint8_t {
  kPendingAvailability,
  kPending,
  kUnshipped,
  kPartiallyShipped,
  kShipped,
  kCancelled,
  kUnfulfillable,
};
std::string_view status_name(Status status) noexcept;
std::optional<Status> status_by_name(std::string_view name) noexcept;

enum class FulfilledBy : std::uint8_t { kMerchant, kAmazon };
std::string_view fulfilled_by_name(FulfilledBy by) noexcept;
std::optional<FulfilledBy> fulfilled_by_by_name(std::string_view name) noexcept;

struct Window {
  TimePoint earliest{};
  TimePoint latest{};
};

struct Address {
  std::string name, company, line1, line2, line3, city, district, state, postal_code, phone;
  std::string municipality;
  std::string_view country, type;
  std::string street, number, complement, neighbourhood;  ///< extendedFields, Brazil only
};

/// The parts of a line's proceeds. Discounts and the tax on them are negative, so that the parts
/// add up to the total.
struct LineAmounts {
  std::int64_t item = 0, shipping = 0, gift_wrap = 0, cod_fee = 0;
  std::int64_t discount_item = 0, discount_shipping = 0;
  std::int64_t tax_item = 0, tax_shipping = 0, tax_gift_wrap = 0, tax_cod_fee = 0, tax_discount = 0;

  std::int64_t discount() const noexcept { return discount_item + discount_shipping; }
  std::int64_t tax() const noexcept {
    return tax_item + tax_shipping + tax_gift_wrap + tax_cod_fee + tax_discount;
  }
  std::int64_t total() const noexcept {
    return item + shipping + gift_wrap + cod_fee + discount() + tax();
  }
};

/// Of goods that are sold by weight or length.
struct Measure {
  std::string_view unit, value;  ///< a number as JSON
};

/// What the buyer would take instead.
struct Substitute {
  std::string sku, asin;
  std::string_view title;
  Measure measure;
};

struct OrderLine {
  std::string id, sku, asin;
  std::string_view title, condition = "NEW", condition_note;
  std::int64_t quantity = 1, fulfilled = 0;
  std::int64_t unit_price = 0;
  bool business_price = false, transparency = false, subscription = false;
  std::vector<std::string> serial_numbers, promotions;
  std::string customized_url;
  LineAmounts amounts;
  std::int64_t points = 0;  ///< Japan
  std::string_view gift_message, gift_wrap_level;
  std::optional<Window> scheduled_delivery;
  bool cash_on_delivery = false, signature = false, age_check = false, serial_required = false;
  std::string_view ioss_number, reporting_scheme, tax_collector;
  bool pallet = false, identity_check = false;
  std::optional<Measure> measure;
  std::string_view substitution;  ///< its type; empty: the buyer said nothing
  std::vector<Substitute> substitutes;
  std::string service_order_id;   ///< of an installation that was bought with it
  std::string cancel_request;     ///< the buyer's reason; empty: no request
  std::string_view cancelled_by;  ///< BUYER, MERCHANT, AMAZON; empty: not cancelled
  std::string cancel_reason;
};

struct OrderPackage {
  struct Item {
    std::string line_id;
    std::int64_t quantity = 1;
    std::vector<std::string> transparency_codes;
  };
  std::string reference, tracking_number;
  std::string_view carrier, service, status, detailed_status;
  TimePoint created{}, shipped{};
  std::vector<Item> items;
};

struct TaxRegistration {
  std::string_view entity, type;
  std::string legal_name, number;
  bool with_address = false;  ///< the recipient's
  std::string_view office{};  ///< tax office, Turkey
};

struct Order {
  std::string id, seller_order_id;
  TimePoint created{}, updated{};
  const Marketplace* marketplace = nullptr;
  bool non_amazon = false;
  Status status = Status::kPending;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
  std::vector<std::string_view> programs;
  std::string original_id;  ///< of a replaced order; empty: no replacement
  std::string buyer_name, buyer_email, buyer_company, purchase_order;
  Address recipient;
  std::string_view drop_off, address_instruction;
  bool business_hours = false, holidays = false;
  std::string_view service_level = "STANDARD";
  Window ship_by, deliver_by;
  std::optional<TimePoint> label_from, label_until;
  std::string_view payment_method;
  std::int64_t delivery_tip = 0;
  std::vector<TaxRegistration> tax_registrations;
  std::string_view invoice_preference, invoice_status;
  std::string fulfillment_order_id;
  std::vector<OrderLine> lines;
  std::vector<OrderPackage> packages;
};

std::int64_t grand_total(const Order& order) noexcept;

/// Minor units as Amazon writes them: "12.34", "-0.05", "1200" where there are no decimals.
std::string format_amount(std::int64_t minor, int decimals);

/// Order ids: 3-7-7 digits, unique for every `number` (below 10^14), and back. `secret` differs
/// per simulator, so that ids are not guessable from the sequence.
std::string order_id(std::string_view prefix, std::uint64_t number, std::uint64_t secret);
/// The number in an order id; nullopt when the text is not 3-7-7.
std::optional<std::uint64_t> order_number(std::string_view id, std::uint64_t secret) noexcept;

}  // namespace amazon_sandbox
