#include "host/api/preflight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <optional>
#include <utility>

#include "host/api/capability_switches.hpp"
#include "host/api/contact_note.hpp"
#include "host/api/currency_note.hpp"
#include "host/api/shop_references.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

/// Plugins point into their settings; people look into the shop's document.
constexpr const char* kInSettings = "/settings";

bool has_capability(const loading::PluginFile& plugin, const std::string& name) {
  const auto all = plugin.capabilities();
  return std::any_of(all.begin(), all.end(), [&](const std::string& capability) {
    return capability.starts_with(name + "/");
  });
}

void add_reasons(const loading::PluginFile& plugin, Findings& findings) {
  for (const auto& reason : plugin.reasons) {
    if (says(findings, reason.message)) continue;
    findings.push_back(
        view_of(make_finding(Finding::Severity::kError, reason.message, reason.remedy)));
  }
}

/// The state of the shop's plugin; every reason that keeps it from running.
void check_plugin(const Call& call, const std::string& id,
                  const std::vector<loading::PluginFile>& plugins, Findings& findings) {
  if (const auto* found = find_plugin(plugins, id)) {
    add_reasons(*found, findings);
    for (const auto& warning : found->warnings) {
      findings.push_back(
          view_of(make_finding(Finding::Severity::kWarning, warning.message, warning.remedy)));
    }
    return;
  }
  const std::string& folder = call.parts.config.plugins.folder;
  const auto lacking = fmt::format("there is no plugin {} in {}", id, folder);
  // A folder that is refused itself: nobody has looked what is in it.
  const bool unseen = find_plugin(plugins, folder) != nullptr;
  if (!unseen && !says(findings, lacking)) {
    findings.push_back(
        view_of(make_finding(Finding::Severity::kError, lacking,
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
    auto note = make_finding(
        Finding::Severity::kNote,
        fmt::format("is on, but {} is not in this version of plugin {}", capability, id),
        "Nothing to do: it starts to work with the version that has it.");
    note.pointer = kInSettings + pointer;
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
    auto note =
        make_finding(Finding::Severity::kNote, "differs from its default: not in this version",
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
    findings.push_back(view_of(make_finding(
        Finding::Severity::kError, "its document is not readable", "Set the shop up again.")));
    return;
  }
  if (!shop.source.starts_with("file:")) {
    check_stored(call, document.get_object(), plugin, findings);
  }
  note_without_effect(document.get_object(), findings);
}

}  // namespace

Finding make_finding(Finding::Severity severity, std::string message, std::string remedy) {
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

bool says(const Findings& findings, const std::string& message) {
  return std::any_of(findings.begin(), findings.end(), [&](const boost::json::value& each) {
    return std::string_view(each.at("message").get_string()).find(message) !=
           std::string_view::npos;
  });
}

Findings preflight(const Call& call, const store::ShopRecord& shop,
                   const std::vector<loading::PluginFile>& plugins) {
  Findings findings;
  const auto view = view_of(shop);
  const auto* named = view.if_contains("plugin");
  const auto plugin = named != nullptr ? std::string(named->get_string()) : "";
  check_document(call, shop, plugin, findings);
  if (!plugin.empty()) check_plugin(call, plugin, plugins, findings);
  if (has_errors(findings)) return findings;
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) return findings;
  if (const auto* settings = document.get_object().if_contains("settings");
      settings != nullptr && settings->is_object()) {
    note_missing_capabilities(call, plugin, settings->get_object(), plugins, findings);
    note_orders(call, shop, plugin, settings->get_object(), findings);
  }
  return findings;
}

}  // namespace marketplug::api
