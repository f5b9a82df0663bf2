#pragma once
// What few orders have, so that each member of Amazon's model appears among some hundred orders.
// Any thread; the order belongs to the caller.

#include <cstdint>

#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

/// Drawn apart from everything else: the rest of an order stays what it is.
void draw_rarities(Order& order, std::uint64_t seed);

}  // namespace amazon_sandbox
