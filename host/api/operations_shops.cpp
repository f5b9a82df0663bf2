#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/preflight.hpp"
#include "host/api/views.hpp"
#include "host/config/config.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/services/services.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::api {
namespace {

constexpr std::string_view kFileSource = "file:";
constexpr std::chrono::seconds kOverdue{60};

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

/// What is tried again by itself, since when and until when it waits; empty where all is well.
std::string outage_of(const std::vector<store::JobRecord>& jobs) {
  for (const auto& job : jobs) {
    if (job.failures == 0 || job.state != "queued" || job.last_message.empty()) continue;
    std::string reason = job.last_message;
    if (!reason.ends_with('.')) reason += '.';
    if (!job.last_remedy.empty()) reason += " " + job.last_remedy;
    reason += fmt::format(" Failed {} time(s) in a row", job.failures);
    if (job.last_succeeded) reason += ", last well at " + format_time(*job.last_succeeded);
    return reason + "; tried again at " + format_time(job.due_at) + ".";
  }
  return "";
}

/// What the engine knows that is not in the store, or not yet. Only a process that runs the engine
/// all the time has it.
class LiveStatus {
 public:
  explicit LiveStatus(const Call& call) : now_(call.parts.clock.now()) {
    if (!call.parts.engine_runs) return;
    for (auto& status : call.parts.engine.status()) {
      const auto id = status.shop;
      shops_.emplace(id, std::move(status));
    }
  }

  const sync::ShopStatus* find(const std::string& shop) const {
    const auto found = shops_.find(shop);
    return found == shops_.end() ? nullptr : &found->second;
  }

  /// Trouble of the moment comes before the reason that was stored.
  void lay_over(boost::json::object& view, const std::string& shop) const {
    const auto* status = find(shop);
    if (status == nullptr) return;
    boost::json::object live{{"steps", status->steps}, {"running", runs(*status)}};
    if (status->next_due) live["next_due"] = format_time(*status->next_due);
    if (!status->trouble.empty()) live["trouble"] = status->trouble;
    if (is_overdue(*status)) live["overdue_since"] = format_time(*status->next_due);
    if (!status->trouble.empty()) {
      view["state_reason"] = status->trouble;
    } else if (is_overdue(*status) && !view.contains("state_reason")) {
      view["state_reason"] = fmt::format("overdue since {}: the service does not get to it",
                                         format_time(*status->next_due));
    }
    view["live"] = std::move(live);
  }

  /// The stored jobs, each as the engine has it: what waits in memory alone says so.
  boost::json::array jobs(const std::string& shop, std::vector<store::JobRecord> stored) const {
    boost::json::array views;
    const auto* status = find(shop);
    if (status == nullptr) {
      for (const auto& job : stored) views.push_back(view_of(job));
      return views;
    }
    for (const auto& job : status->jobs) {
      const auto same =
          std::find_if(stored.begin(), stored.end(),
                       [&](const store::JobRecord& each) { return each.kind == job.kind; });
      const bool saved = same != stored.end() && same->due_at == job.due_at &&
                         same->failures == job.failures && same->last_code == job.last_code;
      if (same != stored.end()) stored.erase(same);
      auto view = view_of(job);
      if (!saved) view["in_memory"] = true;
      views.push_back(std::move(view));
    }
    for (const auto& job : stored) views.push_back(view_of(job));
    return views;
  }

 private:
  static bool runs(const sync::ShopStatus& status) {
    return std::any_of(status.jobs.begin(), status.jobs.end(),
                       [](const store::JobRecord& job) { return job.state == "running"; });
  }
  bool is_overdue(const sync::ShopStatus& status) const {
    return status.next_due && *status.next_due + kOverdue < now_ && !runs(status);
  }

  TimePoint now_;
  std::map<std::string, sync::ShopStatus> shops_;
};

/// As stored and as its file says; `jobs`: the engine's where there is one, else the store's.
boost::json::object view_with_reason(const store::ShopRecord& shop,
                                     const std::vector<ShopProblem>& problems,
                                     const std::vector<store::JobRecord>& jobs) {
  auto view = view_of(shop);
  if (shop.enabled && shop.state_reason.empty()) {
    if (const auto outage = outage_of(jobs); !outage.empty()) view["state_reason"] = outage;
  }
  if (!shop.source.starts_with(kFileSource)) return view;
  const auto reason = reason_of(shop, problems);
  if (!reason.empty()) view["state_reason"] = reason;
  return view;
}

boost::json::value list_shops(const Call& call) {
  boost::json::array shops;
  const auto problems = call.parts.shop_problems();
  const LiveStatus live(call);
  for (const auto& shop : call.parts.store.shops().list()) {
    const auto* status = live.find(shop.id);
    auto view = view_with_reason(
        shop, problems,
        status != nullptr ? status->jobs : call.parts.store.progress().jobs(shop.id));
    live.lay_over(view, shop.id);
    shops.push_back(std::move(view));
  }
  // Files that do not even say whose they are, and trouble of the whole service.
  boost::json::array nameless, service;
  for (const auto& [id, problem] : problems) {
    if (id.empty()) nameless.push_back(view_of(problem));
  }
  if (call.parts.engine_runs && call.parts.not_ready) {
    for (const auto& reason : call.parts.not_ready()) service.emplace_back(reason);
  }
  return boost::json::object{{"shops", std::move(shops)},
                             {"problems", std::move(nameless)},
                             {"service", std::move(service)}};
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
  const auto stored = call.parts.store.progress().jobs(shop.id);
  const LiveStatus live(call);
  const auto* status = live.find(shop.id);
  auto view = view_with_reason(shop, known, status != nullptr ? status->jobs : stored);
  live.lay_over(view, shop.id);
  boost::json::array problems;
  for (const auto& [id, problem] : known) {
    if (id == shop.id) problems.push_back(view_of(problem));
  }
  view["jobs"] = live.jobs(shop.id, stored);
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

/// A shop with errors would only be enabled to stand still.
void refuse_broken(const Call& call, const store::ShopRecord& shop) {
  std::size_t errors = 0;
  boost::json::object first;
  for (const auto& each : preflight(call, shop, call.parts.plugins())) {
    if (each.at("severity") != "error") continue;
    if (errors++ == 0) first = each.as_object();
  }
  if (errors == 0) return;
  const auto text = [&](std::string_view name) {
    const auto* value = first.if_contains(name);
    return value != nullptr ? std::string(value->get_string()) : "";
  };
  const auto pointer = text("pointer");
  throw OperationError(409, "invalid_shop",
                       fmt::format("shop {} has {} problem(s), the first: {}{}", shop.id, errors,
                                   pointer.empty() ? "" : pointer + " ", text("message")),
                       text("remedy"));
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
