#pragma once
// Money that goes back to the buyer. Plain values; schema: schemas/refund.schema.json. A refund
// cannot be taken back: a plugin sends it at most once, whatever happens between sending and
// knowing.

#include <cstdint>
#include <string>
#include <vector>

#include "marketplug/model/order.hpp"

namespace marketplug {

enum class RefundReason : std::uint8_t {
  kOther = 0,
  kCustomerReturn,
  kGoodwill,
  kNotDelivered,
  kWrongItem,
  kDamaged,
  kBuyerCancelled,
  kNoInventory,
  kPricingError,
  kExchange,
};

struct RefundLine {
  std::string line_id;
  std::int64_t quantity = 0;  ///< units that the amounts are for; 0: money alone, no unit came back
  RefundReason reason = RefundReason::kOther;
  std::string marketplace_reason;  ///< the marketplace's own word; where given, it wins
  /// Totals of the line, never per unit, above zero, types as in Order: "item", "shipping", "tax" …
  std::vector<Charge> charges;

  bool operator==(const RefundLine&) const = default;
};

struct Refund {
  std::string key;                ///< the host's idempotency key
  std::string order_id;           ///< the marketplace's
  std::string marketplace_id;     ///< the marketplace's own id, as in Order
  std::string return_id;          ///< the marketplace's id of the return it answers; may be empty
  std::vector<RefundLine> lines;  ///< never empty
  std::string attributes;         ///< JSON object text of what these fields lack; empty: none

  bool operator==(const Refund&) const = default;
};

}  // namespace marketplug
