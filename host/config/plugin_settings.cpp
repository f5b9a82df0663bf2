#include "host/config/plugin_settings.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "host/config/config.hpp"
#include "host/config/references.hpp"
#include "host/json/handed_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"
#include "host/json/vocabulary.hpp"

namespace marketplug::config {
namespace {

using boost::json::value;

value checked(std::string_view text) {
  auto document = json::parse_or_throw(text, "settings schema");
  std::string causes;
  for (const auto& error : json::check_vocabulary(document)) {
    causes += (causes.empty() ? "" : "; ") + error.pointer + " " + error.message;
  }
  if (!causes.empty()) throw std::invalid_argument("settings schema: " + causes);
  return document;
}

const value* member(const value& schema, std::string_view name) {
  const auto* object = schema.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

void capabilities_of(const value& schema, std::set<std::string>& found) {
  json::each_value(schema, [&found](const std::string&, const value& at) {
    const auto* capability = member(at, "x-capability");
    if (capability != nullptr && capability->is_string()) {
      found.emplace(capability->get_string());
    }
  });
}

/// The group whose `enabled` decides on a capability that has no switch of its own.
std::string group_of(std::string_view capability) {
  if (capability == "product-source") return "/products/enabled";
  if (capability == "return-source") return "/orders/enabled";
  return "";
}

bool is_on(const value& settings, const std::string& pointer) {
  const auto* flag = json::find_value(settings, pointer);
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

}  // namespace

PluginSettings::PluginSettings(std::string_view schema)
    : document_(checked(schema)), schema_(json::Schema::compile(document_)) {}

std::map<std::string, std::string, std::less<>> PluginSettings::secrets(
    const boost::json::object& settings) const {
  return json::secrets_in(schema_, settings);
}

std::vector<std::string> PluginSettings::confidential(const boost::json::object& settings) const {
  std::vector<std::string> found;
  const value data(settings);
  const auto secret = secrets(settings);
  json::each_value(data, [&](const std::string& pointer, const value& at) {
    if (!at.is_string()) return;
    if (secret.contains(pointer) || schema_.all_at(data, pointer).empty()) found.push_back(pointer);
  });
  return found;
}

std::map<std::string, std::string, std::less<>> PluginSettings::references(
    const boost::json::object& settings) const {
  const auto secret = secrets(settings);
  std::map<std::string, std::string, std::less<>> found;
  json::each_value(value(settings), [&](const std::string& pointer, const value& at) {
    if (at.is_string() && is_reference(at.get_string()) && !secret.contains(pointer)) {
      found.emplace(pointer, std::string(at.get_string()));
    }
  });
  return found;
}

boost::json::object PluginSettings::for_plugin(const boost::json::object& settings) const {
  return json::handed_settings(schema_, settings);
}

bool PluginSettings::capability_enabled(const boost::json::object& settings,
                                        std::string_view capability) const {
  value data(settings);
  schema_.apply_defaults(data);
  bool on = false;
  json::each_value(data, [&](const std::string& pointer, const value& at) {
    if (at.is_object() || json::switch_at(schema_, data, pointer) != capability) return;
    const auto enabled = std::string(json::parent_pointer(pointer)) + "/enabled";
    const bool group = json::find_value(data, enabled) == nullptr || is_on(data, enabled);
    on = on || (group && is_on(data, pointer));
  });
  const auto switched = switched_capabilities();
  if (std::find(switched.begin(), switched.end(), capability) != switched.end()) return on;
  const auto group = group_of(capability);
  return group.empty() || schema_.all_at(data, group).empty() || is_on(data, group);
}

std::vector<std::string> PluginSettings::switched_capabilities() const {
  std::set<std::string> found;
  capabilities_of(document_, found);
  return {found.begin(), found.end()};
}

std::map<std::string, std::string, std::less<>> secrets_of(const boost::json::object& settings,
                                                           std::string_view settings_schema) {
  return PluginSettings(settings_schema).secrets(settings);
}

std::map<std::string, std::string, std::less<>> references_of(const boost::json::object& settings,
                                                              std::string_view settings_schema) {
  return PluginSettings(settings_schema).references(settings);
}

boost::json::object settings_for_plugin(const boost::json::object& settings,
                                        std::string_view settings_schema) {
  return PluginSettings(settings_schema).for_plugin(settings);
}

bool capability_enabled(const boost::json::object& settings, std::string_view settings_schema,
                        std::string_view capability) {
  return PluginSettings(settings_schema).capability_enabled(settings, capability);
}

}  // namespace marketplug::config
