#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

constexpr std::chrono::milliseconds kLookAgain{500};
/// For a shop that the engine has not taken up yet, or cannot work on.
constexpr std::chrono::seconds kUntilTold{30};
constexpr std::size_t kMostFindings = 1000;

boost::json::object with_findings(const Call& call, const store::AuditRun& run) {
  auto view = view_of(run);
  boost::json::array findings;
  for (const auto& finding :
       call.parts.store.order_audits().findings(run.id, false, kMostFindings)) {
    findings.push_back(view_of(finding));
  }
  view["findings"] = std::move(findings);
  return view;
}

/// `audit.orders_days` of the shop.
std::chrono::days window_of(const store::ShopRecord& shop) {
  boost::system::error_code error;
  const auto document = boost::json::parse(shop.document, error);
  const auto* days = error ? nullptr : document.find_pointer("/audit/orders_days", error);
  const bool given = days != nullptr && days->is_int64();
  return given ? std::chrono::days(days->get_int64()) : sync::ShopRules{}.audit_window;
}

std::vector<store::ShopRecord> wanted_shops(const Call& call) {
  const auto only = call.arguments.text("shop");
  std::vector<store::ShopRecord> shops;
  if (only.empty()) {
    shops = call.parts.store.shops().list();
    std::erase_if(shops, [](const auto& shop) { return !shop.enabled; });
    if (!shops.empty()) return shops;
    throw OperationError(409, "shop_disabled", "no shop is enabled", "Enable one first.");
  }
  shops.push_back(require_shop(call.parts.store, only));
  if (shops.front().enabled) return shops;
  throw OperationError(409, "shop_disabled", fmt::format("shop {} is disabled", only),
                       "Enable it first.");
}

/// One shop's two comparisons, from being asked for to their end.
class AuditWatch {
 public:
  AuditWatch(const Call& call, const store::ShopRecord& shop) : call_(call), shop_(shop.id) {
    const TimePoint until = call.arguments.time("until").value_or(call.parts.clock.now());
    const TimePoint from = call.arguments.time("from").value_or(until - window_of(shop));
    if (from >= until) {
      throw OperationError(400, "bad_parameter", "audit.run: the window ends before it begins",
                           "Give a moment for `from` that lies before `until`.");
    }
    auto asked = call.parts.engine.audit(shop.id, call.who, from, until);
    if (!asked) {
      throw OperationError(409, asked.failure().code, asked.failure().message,
                           asked.failure().remedy);
    }
    runs_ = std::move(asked).value();
  }

  /// Goes on a little; false: all has ended.
  bool look() {
    bool open = false;
    for (const auto id : runs_) {
      const auto run = call_.parts.store.order_audits().find(id);
      if (!run) continue;
      open = open || !run->ended_at;
      tell(*run);
    }
    if (open) refuse_to_wait();
    return open;
  }

  void add_to(boost::json::array& audits) const {
    for (const auto id : runs_) {
      const auto run = call_.parts.store.order_audits().find(id);
      if (run) audits.push_back(with_findings(call_, *run));
    }
  }
  const std::string& shop() const noexcept { return shop_; }

 private:
  void tell(const store::AuditRun& run) {
    const auto message =
        fmt::format("{}: {} orders compared, {} missing, {} stale{}", run.state, run.known,
                    run.missing, run.stale, run.message.empty() ? "" : "; " + run.message);
    if (std::exchange(told_[run.id], message) == message) return;
    call_.emit(boost::json::object{{"shop", shop_}, {"message", message}});
  }

  /// The run stays asked for: it goes on when the shop does.
  void refuse_to_wait() {
    const auto record = call_.parts.store.shops().find(shop_);
    if (!record || !record->enabled) {
      throw OperationError(409, "shop_disabled",
                           fmt::format("shop {} was disabled before its audit was complete", shop_),
                           "It goes on when the shop is enabled again.");
    }
    std::string trouble;
    for (const auto& status : call_.parts.engine.status()) {
      if (status.shop != shop_) continue;
      trouble = status.state == "not_running" ? status.reason : status.trouble;
    }
    if (trouble.empty()) {
      since_.reset();
      return;
    }
    const TimePoint now = call_.parts.clock.now();
    if (!since_) since_ = now;
    if (now < *since_ + kUntilTold) return;
    throw OperationError(409, "shop_stands_still",
                         fmt::format("shop {} cannot be audited: {}", shop_, trouble),
                         "See `marketplug shops show`. The audit goes on when the shop does.");
  }

  const Call& call_;
  std::string shop_;
  std::vector<std::int64_t> runs_;
  std::map<std::int64_t, std::string> told_;
  std::optional<TimePoint> since_;  ///< it stands still
};

boost::json::value run_audit(const Call& call) {
  std::vector<AuditWatch> watches;
  for (const auto& shop : wanted_shops(call)) watches.emplace_back(call, shop);
  for (;;) {
    bool open = false;
    for (auto& watch : watches) {
      if (!call.parts.engine_runs) call.parts.engine.run_due(watch.shop(), true, {});
      open = watch.look() || open;
    }
    if (!open) break;
    if (call.parts.stopping()) {
      throw OperationError(503, "stopping", "stopped before the audit was complete",
                           "It goes on when the service runs; `marketplug audit list` shows it.");
    }
    call.emit(nullptr);
    call.parts.pause(kLookAgain);
  }
  boost::json::array audits;
  for (const auto& watch : watches) watch.add_to(audits);
  std::int64_t failed = 0;
  for (const auto& audit : audits) {
    const auto& members = audit.as_object();
    if (members.at("state") == "failed" || members.at("unsettled").as_int64() > 0) ++failed;
  }
  return boost::json::object{{"audits", std::move(audits)}, {"failed", failed}};
}

boost::json::value list_audits(const Call& call) {
  const auto only = call.arguments.text("shop");
  if (!only.empty()) require_shop(call.parts.store, only);
  const auto limit = static_cast<std::size_t>(call.arguments.integer("limit", 20));
  boost::json::array audits;
  for (const auto& run : call.parts.store.order_audits().list(only, limit)) {
    audits.push_back(view_of(run));
  }
  return boost::json::object{{"audits", std::move(audits)}};
}

boost::json::value show_audit(const Call& call) {
  const auto id = call.arguments.integer("audit", 0);
  const auto run = call.parts.store.order_audits().find(id);
  if (!run) {
    throw OperationError(404, "no_such_audit", fmt::format("there is no audit {}", id),
                         "`marketplug audit list` shows them; they are kept for 90 days.");
  }
  return with_findings(call, *run);
}

}  // namespace

std::vector<Operation> audit_operations() {
  using Type = Parameter::Type;
  return {{"audit.run", {{"shop"}, {"from", Type::kTime}, {"until", Type::kTime}}, run_audit},
          {"audit.list", {{"shop"}, {"limit", Type::kInteger, false, 1, 1000}}, list_audits},
          {"audit.show", {{"audit", Type::kInteger, true, 1}}, show_audit}};
}

}  // namespace marketplug::api
