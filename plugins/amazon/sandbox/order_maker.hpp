#pragma once
// Makes orders from a seed: invented, varied, the same for the same facts on every machine.
// Fast enough to be done anew for every answer, so that the simulator keeps only the facts.
// Any thread; the order belongs to the caller.

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

struct OrderFacts {
  std::uint64_t seed = 0;
  std::string id;
  std::string original_id;  ///< of the order that this one replaces; empty: none
  TimePoint created{}, updated{};
  const Marketplace* marketplace = nullptr;
  Status status = Status::kPending;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
};

/// People, lines and amounts depend on the seed, the marketplace and who fulfils, not on the status
/// (but an order made partially shipped has at least two units).
Order make_order(const OrderFacts& facts);

/// Moves an order to a status at a time, with what belongs to it: quantities, packages,
/// cancellations. `by` (BUYER, MERCHANT, AMAZON) and `reason` are for CANCELLED; empty: drawn.
/// Throws std::invalid_argument where Amazon has no such step: partially shipped with one unit,
/// unfulfillable where Amazon does not fulfil.
void set_status(Order& order, Status status, TimePoint at, std::string_view by = {},
                std::string_view reason = {});

}  // namespace amazon_sandbox
