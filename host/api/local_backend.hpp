#pragma once
// The Backend of the process that holds the store: runs each operation here, over store, engine,
// loading and config. Any thread, several at once; the parts belong to host/app and outlive it.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/api/backend.hpp"
#include "host/config/config.hpp"
#include "host/loading/plugin.hpp"
#include "host/services/services.hpp"
#include "host/store/store.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::api {

/// A problem of a declared shop's file, as last read.
struct ShopProblem {
  std::string shop;  ///< empty: the file does not even give an id
  config::Problem problem;
};

/// What the operations work on. Functions may be called from any thread.
struct LocalParts {
  store::Store& store;
  sync::Engine& engine;
  const Clock& clock;
  const config::HostConfig& config;
  std::string version;
  /// The plugins' folder, read afresh, with the state of those that are loaded.
  std::function<std::vector<loading::PluginFile>()> plugins;
  config::SettingsSchema settings_schema;
  std::function<std::vector<ShopProblem>()> shop_problems;
  std::function<std::string()> metrics;
  /// True once the process is told to end: long operations give up.
  std::function<bool()> stopping;
  /// Waits that long, or until the process is told to end.
  std::function<void(std::chrono::milliseconds)> pause;
  /// True: another thread runs the engine (Engine::run), so a sync only triggers and watches.
  bool engine_runs = false;
  /// Why the process as a whole cannot do its work; empty: it can.
  std::function<std::vector<std::string>()> not_ready{};
  /// Ends a plugin's quarantine; false: there was none.
  std::function<bool(std::string_view plugin)> release_plugin{};
  /// Of the marketplaces' quotas, as far as the program has asked for them since its start.
  std::function<std::vector<services::QuotaGovernor::View>()> quota{};
};

class LocalBackend : public Backend {
 public:
  /// `who` is written to the audit trail: "cli:<user>".
  LocalBackend(const LocalParts& parts, std::string who) : parts_(parts), who_(std::move(who)) {}
  boost::json::value call(std::string_view operation, const boost::json::object& parameters,
                          const std::function<void(const boost::json::value&)>& emit) override;

 private:
  const LocalParts& parts_;
  std::string who_;
};

/// As an operation's caller sees it. A StoreError's text has its remedy in it.
OperationError to_operation_error(const store::StoreError& error);
OperationError to_operation_error(const Failure& failure);

/// The shop's record. Throws OperationError 404, naming the shops there are.
store::ShopRecord require_shop(store::Store& store, std::string_view id);

}  // namespace marketplug::api
