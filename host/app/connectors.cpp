#include "host/app/connectors.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <stdexcept>
#include <utility>

#include "host/api/shop_references.hpp"
#include "host/app/declared_shops.hpp"
#include "host/app/shop_rules.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/services/config_failure.hpp"

namespace marketplug::app {
namespace {

using services::config_failure;

constexpr std::string_view kHttps = "https://";

Failure failure_of(config::Problem problem) {
  auto remedy = std::exchange(problem.remedy, {});
  return config_failure("invalid_shop", config::to_text(problem), std::move(remedy));
}

/// A connector and what it stands on; the connector goes first.
struct Running {
  std::unique_ptr<services::ConnectorHost> host;
  loading::ConnectorPtr connector;
};

void collect_endpoints(const boost::json::value& value, std::vector<std::string>& found) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) collect_endpoints(member.value(), found);
  } else if (const auto* array = value.if_array()) {
    for (const auto& each : *array) collect_endpoints(each, found);
  } else if (const auto* text = value.if_string()) {
    std::string_view url = *text;
    if (!url.starts_with(kHttps)) return;
    url.remove_prefix(kHttps.size());
    std::string authority(url.substr(0, url.find_first_of("/?#")));
    if (authority.empty() || authority.find('@') != std::string::npos) return;
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']');
    const bool has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    found.push_back(has_port ? authority : authority + ":443");
  }
}

Result<ShopDocument> read(const store::ShopRecord& shop) {
  boost::system::error_code error;
  auto parsed = boost::json::parse(shop.document, error);
  if (error || !parsed.is_object()) {
    return config_failure("invalid_shop",
                          fmt::format("the document of shop {} is not readable", shop.id),
                          "Set the shop up again.");
  }
  ShopDocument document{std::move(parsed.get_object()), {}, {}};
  if (const auto* plugin = document.whole.if_contains("plugin"); plugin && plugin->is_string()) {
    document.plugin = std::string(plugin->get_string());
  }
  if (const auto* settings = document.whole.if_contains("settings");
      settings && settings->is_object()) {
    document.settings = settings->get_object();
  }
  return document;
}

}  // namespace

std::vector<std::string> endpoints_of(const boost::json::value& settings) {
  std::vector<std::string> found;
  collect_endpoints(settings, found);
  return found;
}

Isolation isolation_of(const boost::json::object& document, std::string_view plugin,
                       const config::HostConfig& host) {
  const auto* own = document.if_contains("isolation");
  if (own != nullptr && *own == "process") return Isolation::kProcess;
  const auto given = host.plugins.isolation.find(std::string(plugin));
  const bool process = given != host.plugins.isolation.end() && given->second == "process";
  return process ? Isolation::kProcess : Isolation::kNone;
}

Result<sync::ShopConnector> Connectors::connect(const store::ShopRecord& shop) {
  if (const auto problem = parts_.problem(shop.id)) return failure_of(*problem);
  auto document = read(shop);
  if (!document) return document.failure();
  const std::string& id = document.value().plugin;
  if (parts_.refused) {
    if (auto refused = parts_.refused(id)) return *std::move(refused);
  }
  const auto plugin = parts_.plugins(id, isolation_of(document.value().whole, id, parts_.host));
  if (!plugin) return plugin.failure();
  if (!shop.source.starts_with(kFileSource)) {
    if (const auto problem = check_document(document.value().whole, *plugin.value())) {
      return failure_of(*problem);
    }
  }
  try {
    return make(shop, document.value(), *plugin.value());
  } catch (const std::invalid_argument& error) {
    return config_failure(
        "bad_settings_schema",
        fmt::format("plugin {} cannot be configured: {}", document.value().plugin, error.what()),
        "This is a defect of the plugin: report it to its author.");
  }
}

/// A shop of the store; declared ones were checked when their file was read.
std::optional<config::Problem> Connectors::check_document(
    const boost::json::object& document, const loading::LoadedPlugin& plugin) const {
  auto problems = config::check_shop(document, [&](std::string_view) {
                    return std::optional(std::string(plugin.settings_schema()));
                  }).problems;
  if (problems.empty()) problems = check_rules(document, parts_.host);
  if (problems.empty()) return std::nullopt;
  return problems.front();
}

Result<sync::ShopConnector> Connectors::make(const store::ShopRecord& shop, ShopDocument& document,
                                             const loading::LoadedPlugin& plugin) const {
  const auto schema = plugin.settings_schema();
  const config::PluginSettings typed(schema);
  auto unresolved = api::resolve_settings(document.settings, typed);
  if (!unresolved.empty()) {
    parts_.place(shop.id, unresolved.front());
    return failure_of(std::move(unresolved.front()));
  }
  auto allowed = parts_.host.http.allow_private;
  if (shop.source.starts_with(kFileSource)) {
    for (auto& endpoint : endpoints_of(document.settings)) allowed.push_back(std::move(endpoint));
  }
  auto running = std::make_shared<Running>();
  running->host = services::make_connector_host(
      {shop.id, document.plugin, typed.secrets(document.settings), std::move(allowed), parts_.clock,
       parts_.random, parts_.http, parts_.log, parts_.metrics, parts_.quota, parts_.redactor,
       parts_.store});
  auto connector =
      plugin.create(*running->host, boost::json::serialize(typed.for_plugin(document.settings)));
  if (!connector) return connector.failure();
  running->connector = std::move(connector).value();

  sync::ShopConnector made;
  made.plugin = document.plugin;
  made.connector = running->connector.get();
  made.host = running->host.get();
  made.rules = make_rules(shop.id, document.whole, schema, parts_.host);
  made.rules.poll = std::max(made.rules.poll, parts_.least_poll);
  made.take_staged_state = [host = running->host.get()] {
    std::vector<std::pair<std::string, std::optional<std::string>>> staged;
    for (auto& [key, value] : host->take_staged_state().writes) staged.emplace_back(key, value);
    return staged;
  };
  made.limit_priority = [host = running->host.get()](QuotaPriority most) {
    host->limit_priority(most);
  };
  made.keep_alive = std::move(running);
  return made;
}

}  // namespace marketplug::app
