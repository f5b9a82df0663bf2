#pragma once
// What the shop's settings make of an order's money, beside the marketplace's own amounts: the VAT
// tariff of each line, the payment types, and what a person should look at. Pure functions, any
// thread.

#include <boost/json/object.hpp>

#include "host/finance/finance.hpp"
#include "marketplug/model/order.hpp"

namespace marketplug::api {

/// Adds `vat` to lines, `type` to payments, and `flags` (schemas/order.schema.json) to the order's
/// full view.
void add_finances(boost::json::object& view, const Order& order, const finance::Rules& rules);

}  // namespace marketplug::api
