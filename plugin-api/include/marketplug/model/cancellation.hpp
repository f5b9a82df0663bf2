#pragma once
// The merchant's wish to cancel an order or units of it, before they are shipped. Plain values;
// schema: schemas/cancellation.schema.json. What a marketplace tells about a cancellation is
// `Cancellation` of order.hpp.

#include <cstdint>
#include <string>
#include <vector>

namespace marketplug {

enum class CancelReason : std::uint8_t {
  kOther = 0,
  kNoInventory,
  kBuyerRequest,
  kUndeliverableAddress,
  kExchange,
  kPricingError,
};

struct CancelLine {
  std::string line_id;
  std::int64_t quantity = 0;  ///< units, from 1

  bool operator==(const CancelLine&) const = default;
};

struct CancelOrder {
  std::string key;             ///< the host's idempotency key
  std::string order_id;        ///< the marketplace's
  std::string marketplace_id;  ///< the marketplace's own id, as in Order
  CancelReason reason = CancelReason::kOther;
  std::string marketplace_reason;  ///< the marketplace's own word; where given, it wins
  std::vector<CancelLine> lines;   ///< empty: the whole order
  std::string attributes;          ///< JSON object text of what these fields lack; empty: none

  bool operator==(const CancelOrder&) const = default;
};

}  // namespace marketplug
