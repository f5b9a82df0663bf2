#pragma once
// What the shop's settings make of an order's money, beside the marketplace's own amounts: the VAT
// tariff of each line, the payment types, and what a person should look at. Pure functions, any
// thread.

#include <boost/json/value.hpp>

#include "host/finance/finance.hpp"
#include "host/store/types.hpp"

namespace marketplug::api {

/// Adds `vat` to lines, `type` to payments, and `flags` (schemas/order.schema.json) to the order's
/// full view. A stored order that cannot be read stays as it is.
void add_finances(boost::json::value& view, const store::StoredOrder& order,
                  const finance::Rules& rules);

}  // namespace marketplug::api
