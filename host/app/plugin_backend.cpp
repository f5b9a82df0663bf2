#include "host/app/plugin_backend.hpp"

#include "host/api/operation.hpp"
#include "host/app/plugin_catalogue.hpp"

namespace marketplug::app {

boost::json::value PluginBackend::call(std::string_view operation,
                                       const boost::json::object& parameters,
                                       const std::function<void(const boost::json::value&)>&) {
  const bool all = operation == "plugins.list";
  if (!all && operation != "plugins.show") {
    throw api::OperationError(404, "unknown_operation", "this needs the store", "");
  }
  const api::Arguments arguments(operation, api::find_operation(operation)->parameters, parameters);
  const auto options = scan_options(config_);
  const auto files = loading::scan(options);
  return all ? api::describe_plugins(files, options.folder)
             : api::describe_plugin(files, options.folder, arguments.text("plugin"));
}

}  // namespace marketplug::app
