#pragma once
// Says in `check` where a shop's orders come in another currency than its own. Any thread.

#include <optional>

#include "host/store/store.hpp"
#include "marketplug/connector.hpp"

namespace marketplug::api {

/// A warning where some of the shop's newest orders do; nothing is wrong with those orders.
std::optional<Finding> currency_note(store::Store& store, const store::ShopRecord& shop);

}  // namespace marketplug::api
