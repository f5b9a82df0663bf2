#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

constexpr std::chrono::milliseconds kWatch{500};
constexpr std::chrono::seconds kIdle{60};
/// For a shop that the engine has not taken up yet, or cannot work on: its store, its owner.
constexpr std::chrono::seconds kPatience{30};

using Steps = std::map<std::string, std::uint64_t>;  ///< shop -> steps

/// A file that does not say whose it is has no shop that could fail: it fails the sync itself.
/// `before`: a shop whose steps are the same now was not due.
boost::json::value sync_result(const Call& call, const std::string& only, bool ok,
                               const Steps& before) {
  boost::json::array shops, problems;
  for (const auto& status : call.parts.engine.status()) {
    if (!only.empty() && status.shop != only) continue;
    auto view = view_of(status);
    const auto known = before.find(status.shop);
    const auto steps = known == before.end() ? 0 : known->second;
    if (status.next_due && status.steps == steps) view["nothing_due"] = true;
    shops.push_back(std::move(view));
  }
  for (const auto& [shop, problem] : call.parts.shop_problems()) {
    if (!only.empty() && shop != only) continue;
    auto view = view_of(problem);
    if (!shop.empty()) view["shop"] = shop;
    problems.push_back(std::move(view));
    ok = ok && !shop.empty();
  }
  return boost::json::object{
      {"ok", ok}, {"shops", std::move(shops)}, {"problems", std::move(problems)}};
}

OperationError stopped() {
  return {503, "stopping", "stopped before the sync was complete",
          "Run it again: it goes on where it stopped."};
}

/// This call is what drives the engine. A shop that a person names is run whether it is due or not.
boost::json::value drive(const Call& call, const std::string& only, bool until_idle) {
  std::exception_ptr listener_gone;
  auto& engine = call.parts.engine;
  Steps before;
  for (const auto& status : engine.status()) before[status.shop] = status.steps;
  if (!only.empty()) engine.trigger(only);
  const bool ok = engine.run_due(only, until_idle, [&](const sync::ShopStatus& status) {
    try {
      if (!listener_gone) call.emit(view_of(status));
    } catch (...) {
      listener_gone = std::current_exception();
      engine.stop();
    }
  });
  if (listener_gone) std::rethrow_exception(listener_gone);
  if (call.parts.stopping()) throw stopped();
  return sync_result(call, only, ok, before);
}

/// Another thread runs the engine: makes jobs due and watches until they are through. A shop that
/// has caught up only waits for its next poll, however soon that is; one that must wait for
/// something else (a quota, an error) within a minute is not idle.
class SyncWatch {
 public:
  SyncWatch(const Call& call, std::string only, bool until_idle)
      : call_(call), only_(std::move(only)), until_idle_(until_idle) {}

  boost::json::value run() {
    asked_at_ = call_.parts.clock.now();
    for (const auto& status : mine()) {
      told_[status.shop] = status.steps;
      before_[status.shop] = status.steps;
    }
    for (const auto& shop : call_.parts.store.shops().list()) {
      if (!shop.enabled || (!only_.empty() && shop.id != only_)) continue;
      wanted_.push_back(shop.id);
      call_.parts.engine.trigger(shop.id);
    }
    while (true) {
      const auto statuses = mine();
      for (const auto& status : statuses) note(status);
      const auto missing = missing_in(statuses);
      const bool waiting = (!missing.empty() && call_.parts.clock.now() < asked_at_ + kPatience) ||
                           std::any_of(statuses.begin(), statuses.end(),
                                       [&](const auto& status) { return busy(status); });
      if (!waiting) return result(statuses, missing);
      if (call_.parts.stopping()) throw stopped();
      call_.emit(nullptr);
      call_.parts.pause(kWatch);
    }
  }

 private:
  std::vector<sync::ShopStatus> mine() const {
    auto statuses = call_.parts.engine.status();
    std::erase_if(statuses,
                  [&](const auto& status) { return !only_.empty() && status.shop != only_; });
    return statuses;
  }

  /// A service that has just started has not looked at the store yet.
  std::vector<std::string> missing_in(const std::vector<sync::ShopStatus>& statuses) const {
    std::vector<std::string> missing;
    for (const auto& shop : wanted_) {
      const bool known = std::any_of(statuses.begin(), statuses.end(),
                                     [&](const auto& status) { return status.shop == shop; });
      if (!known) missing.push_back(shop);
    }
    return missing;
  }

  boost::json::value result(const std::vector<sync::ShopStatus>& statuses,
                            const std::vector<std::string>& missing) const {
    auto result = sync_result(call_, only_, missing.empty() && all_well(statuses), before_);
    for (const auto& shop : missing) {
      config::Problem problem;
      problem.message = fmt::format(
          "the service did not take this shop up within {} s of being "
          "asked",
          kPatience.count());
      problem.remedy = "Look for store.trouble in the service's log, then run it again.";
      auto view = view_of(problem);
      view["shop"] = shop;
      result.at("problems").as_array().push_back(std::move(view));
    }
    return result;
  }

  /// Tells each step once, and remembers since when the shop is in trouble.
  void note(const sync::ShopStatus& status) {
    if (status.trouble.empty()) {
      in_trouble_.erase(status.shop);
    } else {
      in_trouble_.emplace(status.shop, call_.parts.clock.now());
    }
    if (std::exchange(told_[status.shop], status.steps) != status.steps) {
      call_.emit(view_of(status));
    }
  }

  bool busy(const sync::ShopStatus& status) const {
    const auto now = call_.parts.clock.now();
    return std::any_of(status.jobs.begin(), status.jobs.end(), [&](const store::JobRecord& job) {
      if (job.state == "running") return true;
      if (!status.next_due || job.state == "dead") return false;
      const auto trouble = in_trouble_.find(status.shop);
      if (trouble != in_trouble_.end() && now >= trouble->second + kPatience) return false;
      if (!job.last_started || *job.last_started < asked_at_ || job.due_at <= now) return true;
      return until_idle_ && !job.last_code.empty() && job.due_at <= now + kIdle;
    });
  }

  static bool all_well(const std::vector<sync::ShopStatus>& statuses) {
    return std::all_of(statuses.begin(), statuses.end(), [](const sync::ShopStatus& status) {
      if (status.state == "disabled") return true;
      return status.state == "ok" && status.trouble.empty() &&
             std::all_of(status.jobs.begin(), status.jobs.end(),
                         [](const store::JobRecord& job) { return job.failures == 0; });
    });
  }

  const Call& call_;
  std::string only_;
  bool until_idle_;
  TimePoint asked_at_{};
  std::vector<std::string> wanted_;  ///< enabled when this began
  Steps told_, before_;
  std::map<std::string, TimePoint> in_trouble_;  ///< since when
};

boost::json::value run_sync(const Call& call) {
  const auto only = call.arguments.text("shop");
  if (!only.empty()) {
    const auto shop = require_shop(call.parts.store, only);
    if (!shop.enabled) {
      throw OperationError(409, "shop_disabled", fmt::format("shop {} is disabled", only),
                           "Enable it first.");
    }
  }
  const bool until_idle = call.arguments.flag("until_idle");
  if (!call.parts.engine_runs) return drive(call, only, until_idle);
  return SyncWatch(call, only, until_idle).run();
}

}  // namespace

std::vector<Operation> sync_operations() {
  using Type = Parameter::Type;
  return {{"sync.run", {{"shop"}, {"until_idle", Type::kFlag}}, run_sync}};
}

}  // namespace marketplug::api
