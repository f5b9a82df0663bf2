#pragma once
// What a person should know of an order: alerts, raised with the order's own transaction and
// cleared by it. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/types.hpp"
#include "marketplug/model/order.hpp"

namespace marketplug::sync {

inline constexpr std::string_view kBuyerCancel = "buyer_cancel_requested";
inline constexpr std::string_view kCancelledAfterShipment = "cancelled_after_shipment";

inline constexpr std::string_view kBuyersData = "buyers_data_missing";

/// Whether the buyer asks to cancel what can still be cancelled.
bool wishes_cancellation(const Order& order);

/// Those of the order as it is now. Their words hold nothing personal.
std::vector<store::Alert> order_alerts(const Order& order, TimePoint now);
/// The one of an order that is cancelled now and was (partly) shipped before; none otherwise.
/// `before`: the stored order's state.
std::optional<store::Alert> shipped_before(std::optional<OrderState> before, OrderState after,
                                           TimePoint now);

/// Whether somebody has to send it and lacks the buyer's data that the shop asks for.
bool lacks_buyers_data(const store::OrderRow& order) noexcept;
/// The one for a whole shop; ends a day after it was raised last.
store::Alert buyers_data_missing(TimePoint now);

/// The data of an order.cancel_requested event: who asks, for which lines, and until when to
/// decide.
std::string cancel_requested_data(const Order& order, std::string_view status);

}  // namespace marketplug::sync
