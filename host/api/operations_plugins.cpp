#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/loading/checks.hpp"

namespace marketplug::api {
namespace {

boost::json::value list_plugins(const Call& call) {
  return describe_plugins(call.parts.plugins(), call.parts.config.plugins.folder);
}

boost::json::value show_plugin(const Call& call) {
  return describe_plugin(call.parts.plugins(), call.parts.config.plugins.folder,
                         call.arguments.text("plugin"));
}

boost::json::value verify_plugins(const Call& call) {
  return describe_checks(call.parts.plugins(), call.parts.config.plugins.folder,
                         call.arguments.text("plugin"));
}

/// Shops of the plugin look at once: nobody waits for a back-off that quarantine made.
boost::json::value release_plugin(const Call& call) {
  const std::string plugin = call.arguments.text("plugin");
  if (!call.parts.release_plugin || !call.parts.release_plugin(plugin)) {
    throw OperationError(404, "not_quarantined",
                         fmt::format("plugin {} is not quarantined", plugin),
                         "`marketplug plugins list` shows the state of each plugin.");
  }
  store::AuditEntry entry;
  entry.at = call.parts.clock.now();
  entry.who = call.who;
  entry.action = "plugin.released";
  entry.object = plugin;
  call.parts.store.audit().append(entry);
  boost::json::array shops;
  for (const auto& shop : call.parts.store.shops().list()) {
    const auto view = view_of(shop);
    const auto* of = view.if_contains("plugin");
    if (of == nullptr || !of->is_string() || of->get_string() != plugin) continue;
    if (!shop.enabled) continue;
    call.parts.engine.trigger(shop.id);
    shops.emplace_back(shop.id);
  }
  return boost::json::object{{"plugin", plugin}, {"shops", std::move(shops)}};
}

boost::json::object view_of_checks(const loading::PluginFile& plugin) {
  auto view = view_of(plugin);
  boost::json::array checks;
  const auto results = loading::results_of(plugin);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& check = loading::file_checks()[i];
    checks.push_back(boost::json::object{
        {"check", check.number}, {"name", check.name}, {"result", loading::to_string(results[i])}});
  }
  view["checks"] = std::move(checks);
  return view;
}

}  // namespace

boost::json::object describe_checks(const std::vector<loading::PluginFile>& plugins,
                                    const std::string& folder, const std::string& id) {
  if (!id.empty()) describe_plugin(plugins, folder, id);  // throws where there is none
  boost::json::array views;
  std::int64_t failed = 0;
  for (const auto& plugin : plugins) {
    if (!id.empty() && plugin.id() != id && plugin.path != id) continue;
    if (!plugin.reasons.empty()) ++failed;
    views.push_back(view_of_checks(plugin));
  }
  return {{"folder", folder}, {"plugins", std::move(views)}, {"failed", failed}};
}

const loading::PluginFile* find_plugin(const std::vector<loading::PluginFile>& plugins,
                                       std::string_view id) {
  const loading::PluginFile* found = nullptr;
  for (const auto& plugin : plugins) {
    if (plugin.id() != id && plugin.path != id) continue;
    if (found == nullptr || (!found->reasons.empty() && plugin.reasons.empty())) found = &plugin;
  }
  return found;
}

boost::json::object describe_plugins(const std::vector<loading::PluginFile>& plugins,
                                     const std::string& folder) {
  boost::json::array views;
  for (const auto& plugin : plugins) views.push_back(view_of(plugin));
  return {{"folder", folder}, {"plugins", std::move(views)}};
}

boost::json::object describe_plugin(const std::vector<loading::PluginFile>& plugins,
                                    const std::string& folder, const std::string& id) {
  if (const auto* found = find_plugin(plugins, id)) return full_view_of(*found);
  std::string known;
  for (const auto& plugin : plugins) {
    if (plugin.path == folder && !plugin.reasons.empty()) {
      const auto& why = plugin.reasons.front();
      throw OperationError(409, why.code, why.message, why.remedy);
    }
    if (!known.empty()) known += ", ";
    known += plugin.id().empty() ? plugin.path : plugin.id();
  }
  throw OperationError(
      404, "no_such_plugin", fmt::format("there is no plugin {} in {}", id, folder),
      known.empty() ? "Put the plugin's .so into that folder." : fmt::format("There: {}.", known));
}

std::vector<Operation> plugin_operations() {
  return {{"plugins.list", {}, list_plugins},
          {"plugins.show", {{"plugin", Parameter::Type::kText, true}}, show_plugin},
          {"plugins.verify", {{"plugin", Parameter::Type::kText}}, verify_plugins},
          {"plugins.release", {{"plugin", Parameter::Type::kText, true}}, release_plugin}};
}

}  // namespace marketplug::api
