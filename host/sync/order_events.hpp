#pragma once
// Which event an applied change of an order is, and the data of parked orders' and shops' events
// (that of orders is json::order_event_data). One applied change is exactly one event, and one
// more where the buyer asks to cancel for the first time; what was unchanged or stale is none. Pure
// functions, any thread.

#include <optional>
#include <string>
#include <string_view>

#include "host/store/types.hpp"

namespace marketplug::sync {

/// `before`: the stored order's state, empty where it is new. Types are names of schemas/events.
std::string_view event_of_change(std::optional<OrderState> before, OrderState after) noexcept;

/// JSON object texts without personal data. `row`: the order that is stored beside the parked item
/// (needs_correction), else nullptr.
std::string parked_event_data(const ParkedItem& item, const store::OrderRow* row);
std::string shop_state_event_data(std::string_view before, std::string_view after,
                                  std::string_view reason);

inline constexpr std::string_view kOrderCancelRequested = "order.cancel_requested";
inline constexpr std::string_view kOrderParked = "order.parked";
inline constexpr std::string_view kShopStateChanged = "shop.state_changed";

}  // namespace marketplug::sync
