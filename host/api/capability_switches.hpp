#pragma once
// The switches of a plugin's settings schema: booleans marked `x-capability`. Pure function, any
// thread.

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace marketplug::api {

struct CapabilitySwitch {
  std::string pointer;     ///< into the settings: "/orders/export_shipments"
  std::string capability;  ///< "shipment-sink", without the "/1"
};

/// In the order of the schema; through local `$ref`s and every branch of a oneOf.
std::vector<CapabilitySwitch> capability_switches(const boost::json::value& settings_schema);

}  // namespace marketplug::api
