#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "host/api/preflight.hpp"
#include "host/api/views.hpp"
#include "host/json/nearest.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/pointer.hpp"

namespace marketplug::api {
namespace {

/// Plugins point into their settings; people look into the shop's document.
constexpr const char* kSettings = "/settings";

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
  findings.push_back(
      view_of(make_finding(Finding::Severity::kError, failure.message, failure.remedy)));
}

boost::json::object check_shop(const Call& call, const store::ShopRecord& shop,
                               const std::vector<loading::PluginFile>& plugins) {
  auto findings = preflight(call, shop, plugins);
  if (!has_errors(findings)) {
    call.emit(boost::json::object{{"shop", shop.id}, {"message", "asking the marketplace"}});
    check_live(call, shop.id, findings);
  }
  auto view = view_of(shop);
  view["findings"] = std::move(findings);
  return view;
}

/// A finding about the host's own file.
boost::json::object in_host_file(const Call& call, Finding found, std::string pointer) {
  const auto& config = call.parts.config;
  const auto line = config.lines.find(pointer);
  found.pointer = std::move(pointer);
  auto view = view_of(found);
  view["file"] = config.file;
  if (line != config.lines.end()) view["line"] = line->second;
  return view;
}

/// A place of the host's file that names a plugin which is not there, and so does nothing.
void note_unknown_plugin(const Call& call, const std::vector<std::string>& ids,
                         const std::string& id, std::string_view place, std::string_view effect,
                         std::string_view what, Findings& findings) {
  if (std::find(ids.begin(), ids.end(), id) != ids.end()) return;
  const auto meant = json::nearest(id, ids);
  findings.push_back(
      in_host_file(call,
                   make_finding(Finding::Severity::kWarning,
                                fmt::format("no file in {} has the plugin id {}: {}",
                                            call.parts.config.plugins.folder, id, effect),
                                meant.empty() ? fmt::format("Correct the id, or remove {}.", what)
                                              : fmt::format("Did you mean {}?", meant)),
                   json::join_pointer(place, id)));
}

void check_plugin_settings(const Call& call, const std::vector<loading::PluginFile>& plugins,
                           Findings& findings) {
  std::vector<std::string> ids;
  for (const auto& plugin : plugins) {
    if (!plugin.id().empty()) ids.push_back(plugin.id());
  }
  const auto& settings = call.parts.config.plugins;
  for (const auto& [id, pin] : settings.pins) {
    note_unknown_plugin(call, ids, id, "/plugins/pins", "this pin guards nothing", "the pin",
                        findings);
  }
  for (const auto& [id, how] : settings.isolation) {
    if (how != "process") continue;
    note_unknown_plugin(call, ids, id, "/plugins/isolation", "this isolates nothing", "it",
                        findings);
  }
}

/// What concerns no single shop. `shops` have said some of it where it keeps them from running.
Findings check_host(const Call& call, const std::vector<loading::PluginFile>& plugins,
                    const boost::json::array& shops) {
  Findings findings;
  for (const auto& plugin : plugins) {
    for (const auto& reason : plugin.reasons) {
      const bool told = std::any_of(shops.begin(), shops.end(), [&](const auto& shop) {
        return says(shop.at("findings").get_array(), reason.message);
      });
      if (told) continue;
      findings.push_back(
          view_of(make_finding(Finding::Severity::kWarning, reason.message, reason.remedy)));
    }
  }
  check_plugin_settings(call, plugins, findings);
  const auto& statuses = call.parts.config.order_statuses;
  for (const auto state :
       {OrderState::kPending, OrderState::kOpen, OrderState::kPartiallyShipped,
        OrderState::kShipped, OrderState::kCancelled, OrderState::kNeedsCorrection}) {
    const std::string name(json::to_string(state));
    if (std::find(statuses.begin(), statuses.end(), name) != statuses.end()) continue;
    auto lacking =
        make_finding(Finding::Severity::kWarning,
                     fmt::format("orders.statuses lacks {}, which orders get by themselves", name),
                     "Add it, or map every status of the marketplace in `status_mapping`.");
    findings.push_back(in_host_file(call, std::move(lacking), "/orders/statuses"));
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
  for (const auto& shop : shops) {
    if (call.parts.stopping()) {
      throw OperationError(503, "stopping", "stopped before every shop was checked",
                           "Run the check again.");
    }
    auto view = check_shop(call, shop, plugins);
    count(view["findings"].get_array(), errors, warnings);
    checked.push_back(std::move(view));
  }
  auto host = only.empty() ? check_host(call, plugins, checked) : Findings();
  count(host, errors, warnings);
  return boost::json::object{{"host", std::move(host)},
                             {"shops", std::move(checked)},
                             {"errors", errors},
                             {"warnings", warnings}};
}

}  // namespace

std::vector<Operation> check_operations() { return {{"check.run", {{"shop"}}, check}}; }

}  // namespace marketplug::api
