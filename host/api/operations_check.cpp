#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <utility>

#include "host/api/capability_switches.hpp"
#include "host/api/contact_note.hpp"
#include "host/api/currency_note.hpp"
#include "host/api/operation.hpp"
#include "host/api/shop_references.hpp"
#include "host/api/views.hpp"
#include "host/json/nearest.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/pointer.hpp"

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

/// Whether some finding says it already, perhaps among other things.
bool says(const Findings& findings, const std::string& message) {
  return std::any_of(findings.begin(), findings.end(), [&](const boost::json::value& each) {
    return std::string_view(each.at("message").get_string()).find(message) !=
           std::string_view::npos;
  });
}

void add_reasons(const loading::PluginFile& plugin, Findings& findings) {
  for (const auto& reason : plugin.reasons) {
    if (says(findings, reason.message)) continue;
    findings.push_back(view_of(finding(Finding::Severity::kError, reason.message, reason.remedy)));
  }
}

/// The state of the shop's plugin; every reason that keeps it from running.
void check_plugin(const Call& call, const std::string& id,
                  const std::vector<loading::PluginFile>& plugins, Findings& findings) {
  if (const auto* found = find_plugin(plugins, id)) {
    add_reasons(*found, findings);
    for (const auto& warning : found->warnings) {
      findings.push_back(
          view_of(finding(Finding::Severity::kWarning, warning.message, warning.remedy)));
    }
    return;
  }
  const std::string& folder = call.parts.config.plugins.folder;
  const auto lacking = fmt::format("there is no plugin {} in {}", id, folder);
  // A folder that is refused itself: nobody has looked what is in it.
  const bool unseen = find_plugin(plugins, folder) != nullptr;
  if (!unseen && !says(findings, lacking)) {
    findings.push_back(
        view_of(finding(Finding::Severity::kError, lacking,
                        "Put the plugin's .so into that folder, or correct `plugin`.")));
  }
  // Where the id of a file cannot be read it may be the one.
  for (const auto& plugin : plugins) {
    if (plugin.id().empty()) add_reasons(plugin, findings);
  }
}

/// Switches that are on although the plugin cannot do it yet.
void note_missing_capabilities(const Call& call, const std::string& id,
                               const boost::json::object& settings,
                               const std::vector<loading::PluginFile>& plugins,
                               Findings& findings) {
  const auto* plugin = find_plugin(plugins, id);
  const auto schema = call.parts.settings_schema(id);
  if (plugin == nullptr || !schema) return;
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

/// For shops that import orders: how the names and addresses in them are given, and which of them
/// are in another currency than the shop's.
void note_orders(const Call& call, const store::ShopRecord& shop, const std::string& plugin,
                 const boost::json::object& settings, Findings& findings) {
  const auto schema = call.parts.settings_schema(plugin);
  if (!schema || !config::capability_enabled(settings, *schema, "order-source")) return;
  findings.push_back(view_of(contact_note(contact_detail_of(shop.document))));
  if (const auto note = currency_note(call.parts.store, shop)) findings.push_back(view_of(*note));
}

/// Settings that this version accepts and does nothing with.
void note_without_effect(const boost::json::object& document, Findings& findings) {
  for (const auto& pointer : config::without_effect(document)) {
    auto note = finding(Finding::Severity::kNote, "differs from its default: not in this version",
                        "Nothing to do: it starts to work with the version that has it.");
    note.pointer = pointer;
    findings.push_back(view_of(note));
  }
}

/// Of a shop that was made here; a declared one's are found when its file is read.
void check_stored(const Call& call, const boost::json::object& document, const std::string& plugin,
                  Findings& findings) {
  const auto checked = config::check_shop(document, call.parts.settings_schema);
  const auto schema = plugin.empty() ? std::nullopt : call.parts.settings_schema(plugin);
  for (const auto& problem : checked.problems) {
    const bool no_plugin = problem.pointer == "/plugin" && !plugin.empty() && !schema;
    if (!no_plugin) findings.push_back(view_of(problem));  // check_plugin says why there is none
  }
  const auto* settings = document.if_contains("settings");
  if (!checked.problems.empty() || !schema || settings == nullptr || !settings->is_object()) return;
  const config::PluginSettings typed(*schema);
  for (const auto& problem : check_references(settings->get_object(), typed)) {
    findings.push_back(view_of(problem));
  }
}

void check_document(const Call& call, const store::ShopRecord& shop, const std::string& plugin,
                    Findings& findings) {
  for (const auto& [id, problem] : call.parts.shop_problems()) {
    if (id == shop.id) findings.push_back(view_of(problem));
  }
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) {
    findings.push_back(view_of(finding(Finding::Severity::kError, "its document is not readable",
                                       "Set the shop up again.")));
    return;
  }
  if (!shop.source.starts_with("file:")) {
    check_stored(call, document.get_object(), plugin, findings);
  }
  note_without_effect(document.get_object(), findings);
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
  check_document(call, shop, plugin, findings);
  if (!plugin.empty()) check_plugin(call, plugin, plugins, findings);
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (!error && document.is_object() && !has_errors(findings)) {
    if (const auto* settings = document.get_object().if_contains("settings");
        settings != nullptr && settings->is_object()) {
      note_missing_capabilities(call, plugin, settings->get_object(), plugins, findings);
      note_orders(call, shop, plugin, settings->get_object(), findings);
    }
    call.emit(boost::json::object{{"shop", shop.id}, {"message", "asking the marketplace"}});
    check_live(call, shop.id, findings);
  }
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
                   finding(Finding::Severity::kWarning,
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
          view_of(finding(Finding::Severity::kWarning, reason.message, reason.remedy)));
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
        finding(Finding::Severity::kWarning,
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
