#include "host/app/plugin_backend.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "host/api/operation.hpp"
#include "host/app/plugin_catalogue.hpp"
#include "host/app/plugin_guard.hpp"

namespace marketplug::app {

boost::json::value PluginBackend::call(std::string_view operation,
                                       const boost::json::object& parameters,
                                       const std::function<void(const boost::json::value&)>&) {
  if (operation != "plugins.list" && operation != "plugins.show" && operation != "plugins.verify") {
    throw api::OperationError(404, "unknown_operation", "this needs the store",
                              "Start the service with \"marketplug run\" and try again.");
  }
  const api::Arguments arguments(operation, api::find_operation(operation)->parameters, parameters);
  auto parts = catalogue_parts(config_);
  parts.refused = [this](std::string_view id) { return quarantine_of(id, quarantined_); };
  const std::string folder = parts.scan.folder;
  PluginCatalogue catalogue(std::move(parts));
  const std::string plugin = arguments.text("plugin");
  if (operation == "plugins.list") return api::describe_plugins(catalogue.list(), folder);
  if (operation == "plugins.show") return api::describe_plugin(catalogue.list(), folder, plugin);
  if (plugin.find('/') != std::string::npos || plugin.ends_with(".so")) {
    const auto path = std::filesystem::absolute(plugin).lexically_normal();
    return api::describe_checks({catalogue.examine(path.string())}, folder, "");
  }
  return api::describe_checks(catalogue.list(), folder, plugin);
}

}  // namespace marketplug::app
