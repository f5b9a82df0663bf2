#include "host/isolation/remote_plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "host/isolation/remote_sinks.hpp"
#include "host/isolation/wire.hpp"
#include "host/loading/call_guard.hpp"
#include "host/loading/text.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/log.hpp"

namespace marketplug::isolation {
namespace {

using boost::json::object;
using std::chrono::milliseconds;

constexpr milliseconds kWithoutClock{60'000};
constexpr std::size_t kLongestLine = 1000;
/// Of what a plugin prints in one call: it must not fill the log of all shops.
constexpr std::size_t kLinesOfACall = 500;

/// Bounds loading and create(), where no step gives a context.
class StartContext final : public StepContext {
 public:
  TimePoint deadline() const noexcept override { return TimePoint::max(); }
  bool stop_requested() const noexcept override { return false; }
  bool keep_raw() const noexcept override { return false; }
};

Failure stopped(std::string_view plugin) {
  Failure failure;
  failure.kind = Failure::Kind::kCancelled;
  failure.code = "worker_stopped";
  failure.message = fmt::format("The program stops; the process of plugin {} was ended.", plugin);
  return failure;
}

Failure no_sense(std::string_view plugin, std::string_view method, const std::exception& error) {
  Failure failure;
  failure.code = "worker_frame";
  failure.message = fmt::format(
      "The process of plugin {} gave an answer without sense in {} and was ended.", plugin, method);
  failure.remedy = "Use marketplug and marketplug-worker of one release; if they are, report it.";
  failure.detail = error.what();
  return failure;
}

class RemoteConnector final : public Connector,
                              public OrderSource,
                              public OrderAudit,
                              public ReturnSource,
                              public OptionsSource,
                              public RemoteSinks {
 public:
  RemoteConnector(const loading::PluginFile& file, Host& host, std::string_view settings,
                  const IsolationParts& parts)
      : file_(file), id_(file.id()), host_(host), desk_(host), settings_(settings), parts_(parts) {}

  /// Spawn, load, create. The worker lives on to the first call.
  Status start() {
    if (parts_.refused) {
      if (auto refused = parts_.refused(id_)) return *std::move(refused);
    }
    auto worker = WorkerProcess::start(parts_.spawner, parts_.options);
    if (!worker) return worker.failure();
    worker_ = std::move(worker).value();
    StartContext ctx;
    if (auto loaded = load(ctx); !loaded) {
      worker_.reset();
      return loaded;
    }
    object create{
        {"call", "create"}, {"settings", wire::text(settings_)}, {"services", desk_.services()}};
    auto created = run("create", std::move(create), ctx, parts_.options.start_time);
    if (!created) {
      worker_.reset();
      return created.failure();
    }
    try {
      capabilities_.clear();
      for (const auto& each : created.value().as_object().at("capabilities").as_array()) {
        capabilities_.emplace_back(each.as_string());
      }
    } catch (const std::exception& error) {
      return senseless("create", error);
    }
    return Done{};
  }

  std::vector<Finding> check(StepContext& ctx) override {
    auto found = step<std::vector<Finding>>("check", {}, ctx, wire::findings_of);
    if (found) return std::move(found).value();
    const Failure& failure = found.failure();
    Finding finding;
    finding.severity = Finding::Severity::kError;
    finding.message = failure.message;
    if (!failure.detail.empty()) finding.message += " (" + failure.detail + ")";
    finding.remedy = failure.remedy;
    return {finding};
  }

  void* query(std::string_view id) noexcept override {
    if (std::find(capabilities_.begin(), capabilities_.end(), id) == capabilities_.end()) {
      return nullptr;
    }
    if (id == OrderSource::kId) return static_cast<OrderSource*>(this);
    if (id == OrderAudit::kId) return static_cast<OrderAudit*>(this);
    if (id == ReturnSource::kId) return static_cast<ReturnSource*>(this);
    if (id == OptionsSource::kId) return static_cast<OptionsSource*>(this);
    return sink(id);
  }

  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) override {
    return step<Page<Order>>("fetch_orders", {{"cursor", wire::text(cursor.value)}}, ctx,
                             wire::page_of);
  }
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) override {
    return step<Page<Order>>("fetch_order", {{"id", wire::text(id)}}, ctx, wire::page_of);
  }
  Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window, const Cursor& cursor,
                                              StepContext& ctx) override {
    return step<Page<OrderSighting>>(
        "fetch_sightings", {{"window", wire::window(window)}, {"cursor", wire::text(cursor.value)}},
        ctx, wire::sightings_of);
  }
  Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor, StepContext& ctx) override {
    return step<Page<BuyerReturn>>("fetch_returns", {{"cursor", wire::text(cursor.value)}}, ctx,
                                   wire::returns_of);
  }
  Result<std::vector<Option>> options(std::string_view catalogue, StepContext& ctx) override {
    return step<std::vector<Option>>("options", {{"catalogue", wire::text(catalogue)}}, ctx,
                                     wire::options_of);
  }

 private:
  Status load(StepContext& ctx) {
    const auto loaded = run("load", load_call(file_), ctx, parts_.options.start_time);
    if (!loaded) return loaded.failure();
    try {
      if (tells_block_of(file_, loaded.value())) return Done{};
    } catch (const std::exception& error) {
      return senseless("load", error);
    }
    return block_differs(file_);
  }

  Result<boost::json::value> call(std::string_view method, object frame,
                                  StepContext& ctx) override {
    if (!worker_ || !worker_->alive()) {
      if (auto started = start(); !started) return not_started(started.failure());
    }
    frame["call"] = method;
    frame["deadline"] = wire::time(ctx.deadline());
    frame["keep_raw"] = ctx.keep_raw();
    return run(method, std::move(frame), ctx, time_left(ctx));
  }

  /// Not counted as a crash: in the host's own process it would be a failed step too.
  Failure senseless(std::string_view method, const std::exception& error) override {
    worker_->end([this](std::string_view line) { log_line(line); });
    return no_sense(id_, method, error);
  }

  /// A worker that was not the first: what has changed since (an upgrade, quarantine) is for
  /// whoever makes connectors to judge.
  Failure not_started(Failure failure) const {
    const bool replaced = failure.code == "changed";
    if (!replaced && failure.code != "quarantined") return failure;
    failure.kind = Failure::Kind::kTransient;
    failure.code = loading::kConnectorGone;
    if (replaced) {
      failure.message =
          fmt::format("{} was replaced; the next step uses the new file.", file_.path);
      failure.remedy.clear();
    }
    return failure;
  }

  milliseconds time_left(const StepContext& ctx) const {
    const auto* clock = part<Clock>(host_);
    if (clock == nullptr || ctx.deadline() == TimePoint::max()) return kWithoutClock;
    return std::max(ctx.deadline() - clock->now(), milliseconds{0});
  }

  /// One call; a worker that did not survive it is counted and forgotten.
  Result<boost::json::value> run(std::string_view method, object call, StepContext& ctx,
                                 milliseconds time) {
    std::size_t lines = 0;
    auto got = worker_->call(std::move(call), &desk_, ctx, time, [&](std::string_view line) {
      if (++lines <= kLinesOfACall) log_line(line);
    });
    if (lines > kLinesOfACall) {
      log_line(fmt::format("{} more lines of this call were left out", lines - kLinesOfACall));
    }
    if (got.kind == WorkerAnswer::Kind::kStopped) return stopped(id_);
    if (got.kind == WorkerAnswer::Kind::kBroken) return crashed(method, got);
    if (const auto* failure = got.answer.if_contains("failure")) {
      try {
        return wire::failure_of(*failure);
      } catch (const std::exception& error) {
        return senseless(method, error);
      }
    }
    return std::move(got.answer.at("value"));
  }

  Failure crashed(std::string_view method, const WorkerAnswer& got) {
    const std::string how = fmt::format("{} in {}", got.what, method);
    if (parts_.crashed) parts_.crashed(id_, how);
    Failure failure;
    failure.code = got.code;
    failure.message = fmt::format("The process of plugin {} {}.", id_, how);
    failure.remedy =
        "Nothing else was touched; it is started again with the next step. Report it to the "
        "plugin's author with the log lines.";
    return failure;
  }

  void log_line(std::string_view line) {
    auto* log = part<Log>(host_);
    if (log == nullptr) return;
    log->write(Log::Level::kInfo, "worker.said", loading::printable(line, kLongestLine), {});
  }

  const loading::PluginFile& file_;
  std::string id_;
  Host& host_;
  ServiceDesk desk_;
  std::string settings_;
  const IsolationParts& parts_;
  std::unique_ptr<WorkerProcess> worker_;
  std::vector<std::string> capabilities_;
};

}  // namespace

RemotePlugin::RemotePlugin(loading::PluginFile file, std::string schema,
                           const IsolationParts& parts)
    : file_(std::move(file)), schema_(std::move(schema)), parts_(parts) {
  file_.state = loading::PluginState::kLoaded;
}

Result<loading::ConnectorPtr> RemotePlugin::create(Host& host,
                                                   std::string_view settings_json) const {
  auto connector = std::make_unique<RemoteConnector>(file_, host, settings_json, parts_);
  if (auto started = connector->start(); !started) return started.failure();
  return loading::ConnectorPtr(connector.release(),
                               {[](Connector* each) noexcept { delete each; }});
}

}  // namespace marketplug::isolation
