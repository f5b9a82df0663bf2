#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <system_error>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/config/config.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/services/services.hpp"

namespace marketplug::api {
namespace {

constexpr std::string_view kFileSource = "file:";

/// Why a declared shop is disabled or stands still, where its state does not say so: its file is
/// gone, or has problems (a misspelt `enabled`, perhaps).
std::string reason_of(const store::ShopRecord& shop, const std::vector<ShopProblem>& problems) {
  std::error_code error;
  const auto file = shop.source.substr(kFileSource.size());
  if (!shop.enabled && !std::filesystem::exists(file, error) && !error) {
    return fmt::format("its file {} is gone", file);
  }
  if (shop.enabled && !shop.state_reason.empty()) return "";
  for (const auto& [id, problem] : problems) {
    if (id == shop.id) return config::to_text(problem);
  }
  return "";
}

boost::json::object view_with_reason(const store::ShopRecord& shop,
                                     const std::vector<ShopProblem>& problems) {
  auto view = view_of(shop);
  if (!shop.source.starts_with(kFileSource)) return view;
  const auto reason = reason_of(shop, problems);
  if (!reason.empty()) view["state_reason"] = reason;
  return view;
}

boost::json::value list_shops(const Call& call) {
  boost::json::array shops;
  const auto problems = call.parts.shop_problems();
  for (const auto& shop : call.parts.store.shops().list()) {
    shops.push_back(view_with_reason(shop, problems));
  }
  return boost::json::object{{"shops", std::move(shops)}};
}

/// The document with every secret that is not a mere reference masked, and with it every text that
/// the plugin does not know: it may be a secret under a misspelt name.
boost::json::value shown_document(const Call& call, const store::ShopRecord& shop) {
  boost::system::error_code error;
  auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) return nullptr;
  auto& members = document.get_object();
  auto* settings = members.if_contains("settings");
  const auto* plugin = members.if_contains("plugin");
  if (settings == nullptr || !settings->is_object()) return document;
  const auto schema = plugin != nullptr && plugin->is_string()
                          ? call.parts.settings_schema(plugin->get_string())
                          : std::nullopt;
  if (!schema) {
    // Without the schema nobody knows which settings are secret.
    members.erase("settings");
    return document;
  }
  const config::PluginSettings typed(*schema);
  for (const auto& pointer : typed.confidential(settings->get_object())) {
    auto* text = json::find_value(*settings, pointer);
    if (text != nullptr && !services::is_reference(text->get_string())) *text = "***";
  }
  return document;
}

boost::json::value show_shop(const Call& call) {
  const auto shop = require_shop(call.parts.store, call.arguments.text("shop"));
  const auto known = call.parts.shop_problems();
  auto view = view_with_reason(shop, known);
  boost::json::array jobs, problems;
  for (const auto& job : call.parts.store.progress().jobs(shop.id)) jobs.push_back(view_of(job));
  for (const auto& [id, problem] : known) {
    if (id == shop.id) problems.push_back(view_of(problem));
  }
  view["jobs"] = std::move(jobs);
  view["problems"] = std::move(problems);
  view["document"] = shown_document(call, shop);
  return view;
}

void refuse_declared(const store::ShopRecord& shop) {
  if (!shop.source.starts_with(kFileSource)) return;
  const auto file = shop.source.substr(kFileSource.size());
  throw OperationError(409, "declared_shop",
                       fmt::format("shop {} is declared in {} and read-only here", shop.id, file),
                       fmt::format("Change `enabled` in {}.", file));
}

/// A shop whose document has problems would only be enabled to stand still.
void refuse_broken(const Call& call, const store::ShopRecord& shop) {
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  if (error || !document.is_object()) {
    throw OperationError(409, "invalid_shop",
                         fmt::format("the document of shop {} is not readable", shop.id),
                         "Set the shop up again.");
  }
  const auto checked = config::check_shop(document.get_object(), call.parts.settings_schema);
  if (checked.problems.empty()) return;
  const auto& first = checked.problems.front();
  throw OperationError(409, "invalid_shop",
                       fmt::format("shop {} has {} problem(s), the first: {} {}", shop.id,
                                   checked.problems.size(), first.pointer, first.message),
                       first.remedy);
}

boost::json::value switch_shop(const Call& call, bool enabled) {
  auto shop = require_shop(call.parts.store, call.arguments.text("shop"));
  refuse_declared(shop);
  if (enabled) refuse_broken(call, shop);
  if (shop.enabled != enabled) {
    call.parts.store.shops().set_enabled(shop.id, enabled);
    store::AuditEntry entry;
    entry.at = call.parts.clock.now();
    entry.who = call.who;
    entry.action = enabled ? "shop.enabled" : "shop.disabled";
    entry.shop = shop.id;
    entry.object = shop.id;
    entry.detail = "{}";
    call.parts.store.audit().append(entry);
    call.parts.engine.reload();
  }
  return view_of(require_shop(call.parts.store, shop.id));
}

boost::json::value enable_shop(const Call& call) { return switch_shop(call, true); }
boost::json::value disable_shop(const Call& call) { return switch_shop(call, false); }

}  // namespace

std::vector<Operation> shop_operations() {
  const Parameter shop{"shop", Parameter::Type::kText, true};
  return {{"shops.list", {}, list_shops},
          {"shops.show", {shop}, show_shop},
          {"shops.enable", {shop}, enable_shop},
          {"shops.disable", {shop}, disable_shop}};
}

}  // namespace marketplug::api
