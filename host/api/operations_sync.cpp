#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <exception>
#include <map>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

constexpr std::chrono::milliseconds kWatch{500};
constexpr std::chrono::seconds kIdle{60};

boost::json::value sync_result(const Call& call, const std::string& only, bool ok) {
  boost::json::array shops;
  for (const auto& status : call.parts.engine.status()) {
    if (only.empty() || status.shop == only) shops.push_back(view_of(status));
  }
  return boost::json::object{{"ok", ok}, {"shops", std::move(shops)}};
}

/// This call is what drives the engine.
boost::json::value drive(const Call& call, const std::string& only, bool until_idle) {
  std::exception_ptr listener_gone;
  auto& engine = call.parts.engine;
  const bool ok = engine.run_due(only, until_idle, [&](const sync::ShopStatus& status) {
    try {
      if (!listener_gone) call.emit(view_of(status));
    } catch (...) {
      listener_gone = std::current_exception();
      engine.stop();
    }
  });
  if (listener_gone) std::rethrow_exception(listener_gone);
  if (call.parts.stopping()) {
    throw OperationError(503, "stopping", "stopped before the sync was complete",
                         "Run it again: it goes on where it stopped.");
  }
  return sync_result(call, only, ok);
}

/// Another thread runs the engine: makes jobs due and watches until they are through.
class SyncWatch {
 public:
  SyncWatch(const Call& call, std::string only, bool until_idle)
      : call_(call), only_(std::move(only)), horizon_(until_idle ? kIdle : kIdle.zero()) {}

  boost::json::value run() {
    for (const auto& status : mine()) steps_before_[status.shop] = status.steps;
    asked_at_ = call_.parts.clock.now();
    for (const auto& [shop, steps] : steps_before_) call_.parts.engine.trigger(shop);
    while (true) {
      const auto statuses = mine();
      for (const auto& status : statuses) tell(status);
      const bool waiting = std::any_of(statuses.begin(), statuses.end(),
                                       [&](const auto& status) { return busy(status); });
      if (!waiting) return sync_result(call_, only_, all_well(statuses));
      if (call_.parts.stopping()) {
        throw OperationError(503, "stopping", "the service stopped before the sync was complete",
                             "Run it again: it goes on where it stopped.");
      }
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

  void tell(const sync::ShopStatus& status) {
    auto& told = told_[status.shop];
    if (told == status.steps) return;
    told = status.steps;
    call_.emit(view_of(status));
  }

  bool busy(const sync::ShopStatus& status) const {
    if (status.state != "ok") return false;
    const auto now = call_.parts.clock.now();
    return std::any_of(status.jobs.begin(), status.jobs.end(), [&](const store::JobRecord& job) {
      if (job.state == "dead") return false;
      const bool untouched = !job.last_started || *job.last_started < asked_at_;
      return untouched || job.state == "running" || job.due_at <= now + horizon_;
    });
  }

  static bool all_well(const std::vector<sync::ShopStatus>& statuses) {
    return std::all_of(statuses.begin(), statuses.end(), [](const sync::ShopStatus& status) {
      if (status.state == "disabled") return true;
      return status.state == "ok" &&
             std::all_of(status.jobs.begin(), status.jobs.end(),
                         [](const store::JobRecord& job) { return job.failures == 0; });
    });
  }

  const Call& call_;
  std::string only_;
  std::chrono::seconds horizon_;
  TimePoint asked_at_{};
  std::map<std::string, std::uint64_t> steps_before_, told_;
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
