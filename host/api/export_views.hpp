#pragma once
// What may be sent to the marketplace about an order, as `orders show` tells it. Pure functions,
// any thread.

#include <boost/json/object.hpp>
#include <string_view>

#include "host/sync/export_rules.hpp"

namespace marketplug::api {

/// exports.buyer_cancel of the shop's document, as the store has it; hold where it says nothing.
sync::BuyerCancel buyer_cancel_of(std::string_view shop_document);
/// Adds `exports` (schemas/order.schema.json) to the order's full view.
void add_exports(boost::json::object& view, const Order& order, sync::BuyerCancel buyer_cancel);

}  // namespace marketplug::api
