#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <utility>

#include "host/api/capability_switches.hpp"
#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::api {
namespace {

using Findings = boost::json::array;

/// Plugins point into their settings; people look into the shop's document.
constexpr const char* kSettings = "/settings";

Finding finding(Finding::Severity severity, std::string message, std::string remedy) {
  Finding made;
  made.severity = severity;
  made.message = std::move(message);
  made.remedy = std::move(remedy);
  return made;
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const boost::json::value& each) {
    return each.at("severity").get_string() == "error";
  });
}

bool has_capability(const loading::PluginFile& plugin, const std::string& name) {
  const auto all = plugin.capabilities();
  return std::any_of(all.begin(), all.end(), [&](const std::string& capability) {
    return capability.starts_with(name + "/");
  });
}

/// The state of the shop's plugin; every reason that keeps it from running.
void check_plugin(const Call& call, const std::string& id,
                  const std::vector<loading::PluginFile>& plugins, Findings& findings) {
  const auto found = std::find_if(plugins.begin(), plugins.end(),
                                  [&](const auto& plugin) { return plugin.id() == id; });
  if (found == plugins.end()) {
    findings.push_back(view_of(
        finding(Finding::Severity::kError,
                fmt::format("there is no plugin {} in {}", id, call.parts.config.plugins.folder),
                "Put the plugin's .so into that folder, or correct `plugin`.")));
    return;
  }
  for (const auto& reason : found->reasons) {
    findings.push_back(
        view_of(finding(Finding::Severity::kError, fmt::format("plugin {}: {}", id, reason.message),
                        reason.remedy)));
  }
  for (const auto& warning : found->warnings) {
    findings.push_back(
        view_of(finding(Finding::Severity::kWarning,
                        fmt::format("plugin {}: {}", id, warning.message), warning.remedy)));
  }
}

/// Switches that are on although the plugin cannot do it yet.
void note_missing_capabilities(const Call& call, const std::string& id,
                               const boost::json::object& settings,
                               const std::vector<loading::PluginFile>& plugins,
                               Findings& findings) {
  const auto plugin = std::find_if(plugins.begin(), plugins.end(),
                                   [&](const auto& each) { return each.id() == id; });
  const auto schema = call.parts.settings_schema(id);
  if (plugin == plugins.end() || !schema) return;
  boost::system::error_code error;
  const auto parsed = boost::json::parse(*schema, error);
  if (error) return;
  for (const auto& [pointer, capability] : capability_switches(parsed)) {
    if (has_capability(*plugin, capability)) continue;
    if (!config::capability_enabled(settings, *schema, capability)) continue;
    auto note =
        finding(Finding::Severity::kNote,
                fmt::format("is on, but {} is not in this version of plugin {}", capability, id),
                "Nothing to do: it starts to work with the version that has it.");
    note.pointer = kSettings + pointer;
    findings.push_back(view_of(note));
  }
}

void check_document(const Call& call, const store::ShopRecord& shop, Findings& findings) {
  for (const auto& [id, problem] : call.parts.shop_problems()) {
    if (id == shop.id) findings.push_back(view_of(problem));
  }
  if (shop.source.starts_with("file:")) return;
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) {
    findings.push_back(view_of(finding(Finding::Severity::kError, "its document is not readable",
                                       "Set the shop up again.")));
    return;
  }
  const auto checked = config::check_shop(document.get_object(), call.parts.settings_schema);
  for (const auto& problem : checked.problems) findings.push_back(view_of(problem));
}

void check_live(const Call& call, const std::string& shop, Findings& findings) {
  const auto result = call.parts.engine.check(shop);
  if (result) {
    for (auto each : result.value()) {
      each.pointer.insert(0, each.pointer.empty() ? "" : kSettings);
      findings.push_back(view_of(each));
    }
    return;
  }
  const auto& failure = result.failure();
  findings.push_back(view_of(finding(Finding::Severity::kError, failure.message, failure.remedy)));
}

boost::json::object check_shop(const Call& call, const store::ShopRecord& shop,
                               const std::vector<loading::PluginFile>& plugins) {
  Findings findings;
  auto view = view_of(shop);
  const auto plugin = view.contains("plugin") ? std::string(view["plugin"].get_string()) : "";
  check_document(call, shop, findings);
  if (!plugin.empty()) check_plugin(call, plugin, plugins, findings);
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (!error && document.is_object() && !has_errors(findings)) {
    if (const auto* settings = document.get_object().if_contains("settings");
        settings != nullptr && settings->is_object()) {
      note_missing_capabilities(call, plugin, settings->get_object(), plugins, findings);
    }
    call.emit(boost::json::object{{"shop", shop.id}, {"message", "asking the marketplace"}});
    check_live(call, shop.id, findings);
  }
  view["findings"] = std::move(findings);
  return view;
}

/// What concerns no single shop.
Findings check_host(const Call& call, const std::vector<loading::PluginFile>& plugins) {
  Findings findings;
  for (const auto& plugin : plugins) {
    for (const auto& reason : plugin.reasons) {
      findings.push_back(
          view_of(finding(Finding::Severity::kWarning,
                          fmt::format("{}: {}", plugin.path, reason.message), reason.remedy)));
    }
  }
  const auto& statuses = call.parts.config.order_statuses;
  for (const auto state :
       {OrderState::kPending, OrderState::kOpen, OrderState::kPartiallyShipped,
        OrderState::kShipped, OrderState::kCancelled, OrderState::kNeedsCorrection}) {
    const std::string name(json::to_string(state));
    if (std::find(statuses.begin(), statuses.end(), name) != statuses.end()) continue;
    auto lacking =
        finding(Finding::Severity::kWarning,
                fmt::format("orders.statuses lacks {}, which orders get by themselves", name),
                "Add it, or map every status of the marketplace in `status_mapping`.");
    lacking.pointer = "/orders/statuses";
    findings.push_back(view_of(lacking));
  }
  for (const auto& [shop, problem] : call.parts.shop_problems()) {
    if (shop.empty()) findings.push_back(view_of(problem));
  }
  return findings;
}

void count(const Findings& findings, std::int64_t& errors, std::int64_t& warnings) {
  for (const auto& each : findings) {
    const auto severity = each.at("severity").get_string();
    errors += severity == "error" ? 1 : 0;
    warnings += severity == "warning" ? 1 : 0;
  }
}

boost::json::value check(const Call& call) {
  const auto only = call.arguments.text("shop");
  const auto plugins = call.parts.plugins();
  std::vector<store::ShopRecord> shops;
  if (only.empty()) {
    shops = call.parts.store.shops().list();
  } else {
    shops.push_back(require_shop(call.parts.store, only));
  }
  boost::json::array checked;
  std::int64_t errors = 0, warnings = 0;
  auto host = only.empty() ? check_host(call, plugins) : Findings();
  count(host, errors, warnings);
  for (const auto& shop : shops) {
    if (call.parts.stopping()) {
      throw OperationError(503, "stopping", "stopped before every shop was checked",
                           "Run the check again.");
    }
    auto view = check_shop(call, shop, plugins);
    count(view["findings"].get_array(), errors, warnings);
    checked.push_back(std::move(view));
  }
  return boost::json::object{{"host", std::move(host)},
                             {"shops", std::move(checked)},
                             {"errors", errors},
                             {"warnings", warnings}};
}

}  // namespace

std::vector<Operation> check_operations() { return {{"check.run", {{"shop"}}, check}}; }

}  // namespace marketplug::api
