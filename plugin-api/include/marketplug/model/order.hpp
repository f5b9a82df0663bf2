#pragma once
// The canonical order, the same for every marketplace. Plain values; schema:
// schemas/order.schema.json. Members under "personal" hold buyers' data: the host stores them only
// sealed, and drops them where the shop's settings say so. `attributes` are JSON object texts
// (empty: none) for what the neutral fields lack; `personal_attributes` likewise for personal data.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "marketplug/model/address.hpp"
#include "marketplug/model/money.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug {

enum class OrderState : std::uint8_t {
  kNeedsCorrection = 0,  ///< a person must look; never a guess at anything better
  kPending,              ///< reserve stock only: no price or address promised
  kOpen,
  kPartiallyShipped,
  kShipped,
  kCancelled,
};

enum class FulfilledBy : std::uint8_t { kUnknown = 0, kMerchant, kMarketplace };

/// Whether the buyers' data that the shop asks for is there.
enum class PersonalData : std::uint8_t {
  kNotAsked = 0,
  kPresent,
  kMissing,  ///< asked for, not given (yet): a permission lacks, or the marketplace withholds it
};

/// One amount with its meaning: "item", "shipping", "gift_wrap", "cod_fee", "tax", "discount", or
/// as the marketplace says, in lower case. `of` refines it: tax of "shipping", discount of "item".
struct Charge {
  std::string type;
  std::string of;      ///< empty: the whole of `type`
  std::string status;  ///< the marketplace's word where a charge has one
  Money amount;

  bool operator==(const Charge&) const = default;
};

struct Payment {
  std::string method;  ///< the marketplace's name
  /// "cash_on_delivery", "invoice" (the buyer pays later); empty: the marketplace has the money.
  std::string kind;
  std::optional<Money> amount;
  std::string attributes;

  bool operator==(const Payment&) const = default;
};

struct TaxRegistration {
  std::string entity;  ///< "buyer", "merchant", "marketplace", or as the marketplace says
  std::string name;
  std::string type;  ///< "VAT", "BUSINESS" …
  std::string number;
  std::optional<Address> address;
  std::string attributes;

  bool operator==(const TaxRegistration&) const = default;
};

struct Cancellation {
  std::string by;      ///< "buyer", "merchant", "marketplace", or as the marketplace says
  std::string reason;  ///< the marketplace's word

  bool operator==(const Cancellation&) const = default;
};

/// What the buyer chose or wrote for one line of goods made to order.
struct LineProperty {
  std::string name;  ///< as the marketplace says; may repeat
  std::string value;

  bool operator==(const LineProperty&) const = default;
};

struct OrderLine {
  std::string id;
  std::string sku;
  std::string product_id;  ///< the marketplace's (ASIN)
  std::string title;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> quantity_shipped, quantity_open;
  std::optional<Money> unit_price;
  std::optional<Money> total;  ///< what the seller receives for the line
  std::vector<Charge> charges;
  /// Where the marketplace collects and pays the line's tax, under which scheme: "IOSS", "UOSS",
  /// "MARKETPLACE_FACILITATOR", or as it says. Empty: the seller pays it.
  std::string tax_scheme;
  std::vector<std::string> promotions;  ///< ids
  std::vector<std::string> programs;
  std::optional<Cancellation> cancel_requested;
  std::optional<Cancellation> cancelled;
  TimeWindow deliver_by;
  std::string attributes;
  // personal
  std::string gift_message;
  std::string customization_url;
  std::vector<LineProperty> properties;  ///< in the marketplace's order
  std::string personal_attributes;

  bool operator==(const OrderLine&) const = default;
};

struct ParcelItem {
  std::string line_id;
  std::int64_t quantity = 0;
  std::vector<std::string> codes;  ///< authentication codes of the units

  bool operator==(const ParcelItem&) const = default;
};

struct Parcel {
  std::string reference;
  std::string carrier, service, tracking_number;
  std::string status;  ///< the marketplace's word
  std::optional<TimePoint> created_at, shipped_at;
  std::optional<Address> ship_from;  ///< the merchant's: not personal
  std::vector<ParcelItem> items;
  std::string attributes;

  bool operator==(const Parcel&) const = default;
};

struct RelatedOrder {
  std::string id;
  std::string relation;  ///< "replacement_of", "exchange_of", or as the marketplace says

  bool operator==(const RelatedOrder&) const = default;
};

struct Buyer {
  std::string name;
  std::string email;
  std::string company;
  std::string purchase_order;

  bool operator==(const Buyer&) const = default;
};

struct Order {
  std::string id;               ///< the marketplace's
  std::string merchant_number;  ///< the merchant's own number, where the marketplace keeps one
  std::string marketplace;      ///< short code ("NL"), else the id
  std::string marketplace_id;
  std::string sales_channel;
  OrderState state = OrderState::kNeedsCorrection;
  std::string marketplace_status;               ///< the marketplace's own word
  std::vector<std::string> correction_reasons;  ///< why kNeedsCorrection; for a person
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;
  TimePoint placed_at{};
  TimePoint changed_at{};  ///< the marketplace's change time: newer wins
  TimeWindow ship_by, deliver_by;
  /// ISO 3166-1 alpha-2. Not personal: the tax depends on it. Empty: the recipient's country.
  std::string delivery_country;
  std::string service_level;
  std::vector<std::string>
      programs;  ///< "PRIME", "PREMIUM", "AMAZON_BUSINESS" … as the marketplace says
  std::vector<RelatedOrder> related;
  std::optional<Money> total;  ///< what the seller receives
  std::vector<Charge> charges;
  std::vector<Payment> payments;
  std::vector<OrderLine> lines;
  std::vector<Parcel> parcels;
  PersonalData personal_data = PersonalData::kNotAsked;
  std::string attributes;
  // personal
  std::optional<Buyer> buyer;
  std::optional<Address> recipient;
  std::vector<TaxRegistration> tax_registrations;
  std::string personal_attributes;
  std::string raw;  ///< the marketplace's own document (JSON text), where the operator keeps it

  bool operator==(const Order&) const = default;
};

}  // namespace marketplug
