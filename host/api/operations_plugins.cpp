#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

boost::json::value list_plugins(const Call& call) {
  return describe_plugins(call.parts.plugins(), call.parts.config.plugins.folder);
}

boost::json::value show_plugin(const Call& call) {
  return describe_plugin(call.parts.plugins(), call.parts.config.plugins.folder,
                         call.arguments.text("plugin"));
}

}  // namespace

boost::json::object describe_plugins(const std::vector<loading::PluginFile>& plugins,
                                     const std::string& folder) {
  boost::json::array views;
  for (const auto& plugin : plugins) views.push_back(view_of(plugin));
  return {{"folder", folder}, {"plugins", std::move(views)}};
}

boost::json::object describe_plugin(const std::vector<loading::PluginFile>& plugins,
                                    const std::string& folder, const std::string& id) {
  std::string known;
  for (const auto& plugin : plugins) {
    if (plugin.id() == id || plugin.path == id) return full_view_of(plugin);
    if (!known.empty()) known += ", ";
    known += plugin.id().empty() ? plugin.path : plugin.id();
  }
  throw OperationError(
      404, "no_such_plugin", fmt::format("there is no plugin {} in {}", id, folder),
      known.empty() ? "Put the plugin's .so into that folder." : fmt::format("There: {}.", known));
}

std::vector<Operation> plugin_operations() {
  return {{"plugins.list", {}, list_plugins},
          {"plugins.show", {{"plugin", Parameter::Type::kText, true}}, show_plugin}};
}

}  // namespace marketplug::api
