#include "host/testkit/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/isolation/remote_plugin.hpp"
#include "host/loading/dependency_check.hpp"
#include "host/loading/inspection.hpp"
#include "host/testkit/sinks.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"

namespace marketplug::testkit {
namespace {

constexpr std::size_t kMostFaults = 20;

struct Skipped {
  std::string reason;
};

isolation::IsolationParts& isolation_parts() {
  static isolation::Spawner spawner;
  static isolation::IsolationParts parts{spawner, {}};
  parts.options.program = isolation::default_worker_program();
  return parts;
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  return level == Level::kRequired ? "required" : "recommended";
}

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kFailed:
      return "failed";
    case Verdict::kPassed:
      return "passed";
    case Verdict::kSkipped:
      return "skipped";
  }
  return "failed";
}

void Trial::fail(std::string fault) {
  if (faults.size() < kMostFaults &&
      std::find(faults.begin(), faults.end(), fault) == faults.end()) {
    faults.push_back(std::move(fault));
  }
}

void Trial::skip(std::string reason) { throw Skipped{std::move(reason)}; }

const loading::PluginFile& Trial::file() {
  if (!file_) file_ = loading::inspect(subject.plugin, loading::loaded_libraries()).file;
  return *file_;
}

const loading::LoadedPlugin& Trial::plugin() {
  if (loaded_ == nullptr) {
    const auto loaded = loading::load(file());
    if (!loaded) throw CannotGoOn("the plugin cannot be loaded: " + loaded.failure().message);
    loaded_ = loaded.value();
  }
  if (!isolated) return *loaded_;
  if (!remote_) {
    remote_ = std::make_unique<isolation::RemotePlugin>(
        file(), std::string(loaded_->settings_schema()), isolation_parts());
  }
  return *remote_;
}

bool Trial::offers(std::string_view capability) {
  const auto list = file().capabilities();
  return std::find(list.begin(), list.end(), capability) != list.end();
}

std::string unmet(const Check& check, Trial& trial) {
  const auto lacks = [](std::string_view id) { return fmt::format("the plugin offers no {}", id); };
  const auto& sinks = all_sinks();
  const bool has_sink = std::any_of(sinks.begin(), sinks.end(),
                                    [&](const Sink* sink) { return trial.offers(sink->id()); });
  const auto offers_any = [&](std::initializer_list<std::string_view> ids) {
    return std::any_of(ids.begin(), ids.end(), [&](auto id) { return trial.offers(id); });
  };
  const bool is_polled = offers_any({OrderSource::kId, ReturnSource::kId});
  const bool has_pages = is_polled || trial.offers(OrderAudit::kId);
  const bool has_source = has_pages || trial.offers(OptionsSource::kId);
  if (check.need == Need::kFile) return "";
  if (trial.file().state != loading::PluginState::kReady) {
    return "the loader refuses the file: see group A";
  }
  switch (check.need) {
    case Need::kOrders:
      return trial.offers(OrderSource::kId) ? "" : lacks(OrderSource::kId);
    case Need::kAudit:
      return trial.offers(OrderAudit::kId) ? "" : lacks(OrderAudit::kId);
    case Need::kReturns:
      return trial.offers(ReturnSource::kId) ? "" : lacks(ReturnSource::kId);
    case Need::kPages:
      return has_pages ? "" : "the plugin offers no orders, no audit and no returns";
    case Need::kPolled:
      return is_polled ? "" : "the plugin offers no orders and no returns";
    case Need::kOptions:
      return trial.offers(OptionsSource::kId) ? "" : lacks(OptionsSource::kId);
    case Need::kSinks:
      return has_sink ? "" : "the plugin offers no sink";
    case Need::kAny:
      return has_sink || has_source ? "" : "the plugin offers no capability";
    case Need::kPrevious:
      return trial.subject.previous.empty() ? "no previous release was given (--previous FILE)"
                                            : "";
    case Need::kFile:
    case Need::kPlugin:
      break;
  }
  return "";
}

CheckResult run_here(const Check& check, Trial& trial) {
  CheckResult result;
  const auto begin = std::chrono::steady_clock::now();
  try {
    check.run(trial);
  } catch (const Skipped& skipped) {
    if (trial.faults.empty()) {
      result.verdict = Verdict::kSkipped;
      result.reason = skipped.reason;
      return result;
    }
  } catch (const std::exception& error) {
    trial.fail(error.what());
  }
  result.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  result.faults = std::exchange(trial.faults, {});
  result.verdict = result.faults.empty() ? Verdict::kPassed : Verdict::kFailed;
  return result;
}

}  // namespace marketplug::testkit
