#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <system_error>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/config/config.hpp"
#include "host/services/services.hpp"

namespace marketplug::api {
namespace {

constexpr std::string_view kFileSource = "file:";

/// A declared shop whose file went is disabled; the file is why.
boost::json::object view_with_reason(const store::ShopRecord& shop) {
  auto view = view_of(shop);
  std::error_code error;
  if (shop.enabled || !shop.source.starts_with(kFileSource)) return view;
  const auto file = shop.source.substr(kFileSource.size());
  if (!std::filesystem::exists(file, error) && !error) {
    view["state_reason"] = fmt::format("its file {} is gone", file);
  }
  return view;
}

boost::json::value list_shops(const Call& call) {
  boost::json::array shops;
  for (const auto& shop : call.parts.store.shops().list()) shops.push_back(view_with_reason(shop));
  return boost::json::object{{"shops", std::move(shops)}};
}

boost::json::value* at_pointer(boost::json::value& root, const std::string& pointer) {
  boost::system::error_code error;
  return root.find_pointer(pointer, error);
}

/// The document with every secret that is not a mere reference masked.
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
  for (const auto& [pointer, value] : config::secrets_of(settings->get_object(), *schema)) {
    if (services::is_reference(value)) continue;
    if (auto* secret = at_pointer(*settings, pointer)) *secret = "***";
  }
  return document;
}

boost::json::value show_shop(const Call& call) {
  const auto shop = require_shop(call.parts.store, call.arguments.text("shop"));
  auto view = view_with_reason(shop);
  boost::json::array jobs, problems;
  for (const auto& job : call.parts.store.progress().jobs(shop.id)) jobs.push_back(view_of(job));
  for (const auto& [id, problem] : call.parts.shop_problems()) {
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
