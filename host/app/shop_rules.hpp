#pragma once
// What a shop's document says about the import of its orders. Pure functions, any thread.

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"
#include "host/sync/sync.hpp"

namespace marketplug::app {

/// What the document names but the host's configuration does not have: order statuses and carrier
/// accounts. Pointers into the document; file and line are left to the caller.
std::vector<config::Problem> check_rules(const boost::json::object& document,
                                         const config::HostConfig& host);

/// The rules of a document that has passed check_rules().
sync::ShopRules make_rules(std::string_view shop, const boost::json::object& document,
                           std::string_view settings_schema, const config::HostConfig& host);

}  // namespace marketplug::app
