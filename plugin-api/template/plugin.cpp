// The door of the plugin: the settings schema, and the two symbols that the host looks for.
#include <marketplug/plugin.hpp>
#include <marketplug_settings_schema.hpp>

#include "src/connector.hpp"

std::string_view marketplug::market::Connector::settings_schema() noexcept {
  return embedded::settings_schema_json;
}

MARKETPLUG_PLUGIN(marketplug::market::Connector)
