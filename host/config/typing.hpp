#pragma once
// A YAML tree becomes JSON: each scalar gets its type from the schema at its place, so postcode
// 01067 stays text and "no" stays Norway. Pure functions, any thread. Internal to host/config.

#include <boost/json/value.hpp>
#include <functional>
#include <string_view>
#include <vector>

#include "host/config/places.hpp"
#include "host/config/yaml_tree.hpp"

namespace marketplug::config {

/// The tree with every scalar as text; fills `places` and reports names given twice.
boost::json::value untyped(const YamlNode& tree, Places& places, std::vector<Problem>& problems);

/// The subschema at a JSON pointer; nullptr: none.
using SchemaAt = std::function<const boost::json::value*(std::string_view pointer)>;
/// The same with types. What does not fit its schema stays text: the validator says so.
boost::json::value typed(const YamlNode& tree, const SchemaAt& schema_at);

}  // namespace marketplug::config
