#pragma once
// What a schema's refusal reads like, for a person. Pure functions, any thread. Internal to
// host/json.

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "host/json/schema_node.hpp"

namespace marketplug::json {

/// "must be text or a list".
std::string type_message(unsigned types);
/// Values of the schema as a person writes them: "NA, EU, FE".
std::string value_list(const std::vector<const boost::json::value*>& values);
std::string value_text(const boost::json::value& value);
std::string pattern_message(const Node& node);

}  // namespace marketplug::json
