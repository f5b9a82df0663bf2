#pragma once
// Goods that come back. Plain values; schema: schemas/return.schema.json. A return says nothing
// about money that was given back: that is a refund (model/refund.hpp). The host links its lines to
// the order's: by line id where the marketplace tells one, else by SKU.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "marketplug/model/order.hpp"

namespace marketplug {

enum class ReturnState : std::uint8_t {
  kUnknown = 0,
  kRequested,   ///< the buyer wants to send something back
  kAuthorized,  ///< the buyer may send it
  kReceived,
  kClosed,  ///< nothing more will happen
  kRejected,
};

struct ReturnLine {
  std::string line_id;  ///< the order line's; empty where the marketplace does not tell it
  std::string sku;
  std::string product_id;  ///< the marketplace's (ASIN)
  std::string title;
  std::int64_t quantity = 0;
  std::string reason;                  ///< the marketplace's word
  std::string resolution;              ///< the marketplace's word: "StandardRefund" …
  std::string condition;               ///< the marketplace's word for what arrived: "SELLABLE" …
  std::optional<Money> refund_amount;  ///< what the marketplace says was or is to be given back
  std::string attributes;              ///< JSON object text of what these fields lack; empty: none
  // personal
  std::string buyer_comment;

  bool operator==(const ReturnLine&) const = default;
};

struct BuyerReturn {
  /// The marketplace's id; where it gives none, one that the plugin makes of what never changes.
  std::string id;
  std::string order_id;     ///< the marketplace's
  std::string marketplace;  ///< short code ("NL"), else the id; may be empty
  ReturnState state = ReturnState::kUnknown;
  std::string marketplace_status;                    ///< the marketplace's own word
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;  ///< who has taken or will take it back
  std::optional<TimePoint> requested_at, received_at;
  /// The marketplace's change time: newer wins. Without one the version that was read last does.
  std::optional<TimePoint> changed_at;
  std::string carrier, tracking_number;  ///< of the parcel that comes back
  std::vector<ReturnLine> lines;
  std::string attributes;  ///< JSON object text of what these fields lack; empty: none

  bool operator==(const BuyerReturn&) const = default;
};

}  // namespace marketplug
