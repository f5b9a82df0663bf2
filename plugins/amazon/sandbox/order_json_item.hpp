#pragma once
// The pieces that orders and their items share when they are rendered.
// Any thread; the writer belongs to the caller.

#include <cstdint>
#include <string_view>

#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"

namespace amazon_sandbox {

/// "name": {"amount": …, "currencyCode": …}
void write_money(JsonWriter& json, std::string_view name, std::int64_t minor,
                 const Marketplace& marketplace);
/// {"type": …, "subtotal": …}
void write_breakdown(JsonWriter& json, std::string_view type, std::int64_t minor,
                     const Marketplace& marketplace);
void write_window(JsonWriter& json, std::string_view name, const Window& window);

/// One OrderItem. Without `details` (a pending order) no price and no personal data.
void render_item(JsonWriter& json, const Order& order, const OrderLine& line, const View& view,
                 bool details);

}  // namespace amazon_sandbox
