#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

boost::json::value list_plugins(const Call& call) {
  boost::json::array plugins;
  for (const auto& plugin : call.parts.plugins()) plugins.push_back(view_of(plugin));
  return boost::json::object{{"folder", call.parts.config.plugins.folder},
                             {"plugins", std::move(plugins)}};
}

boost::json::value show_plugin(const Call& call) {
  const auto id = call.arguments.text("plugin");
  std::string known;
  for (const auto& plugin : call.parts.plugins()) {
    if (plugin.id() == id || plugin.path == id) return full_view_of(plugin);
    if (!known.empty()) known += ", ";
    known += plugin.id().empty() ? plugin.path : plugin.id();
  }
  throw OperationError(
      404, "no_such_plugin",
      fmt::format("there is no plugin {} in {}", id, call.parts.config.plugins.folder),
      known.empty() ? "Put the plugin's .so into that folder." : fmt::format("There: {}.", known));
}

}  // namespace

std::vector<Operation> plugin_operations() {
  return {{"plugins.list", {}, list_plugins},
          {"plugins.show", {{"plugin", Parameter::Type::kText, true}}, show_plugin}};
}

}  // namespace marketplug::api
