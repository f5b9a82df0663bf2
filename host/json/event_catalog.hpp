#pragma once
// The event types that exist: one schema per type in schemas/events, the only catalogue. A schema
// describes an event's data, which never holds personal data. Pure functions, any thread.

#include <span>
#include <string>
#include <string_view>

#include "marketplug/model/order.hpp"

namespace marketplug::json {

/// "order.imported" …, in order of name.
std::span<const std::string_view> event_types() noexcept;
bool is_event_type(std::string_view type) noexcept;
/// The JSON Schema of the type's data; empty where there is no such type.
std::string_view event_schema(std::string_view type) noexcept;

/// The data of order.imported, .updated, .pending, .ready and .cancelled. `status` is the
/// operator's own order status.
std::string order_event_data(const Order& order, std::string_view status);

}  // namespace marketplug::json
