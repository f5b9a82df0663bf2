#pragma once
// Everything that a process which holds the store runs on: the one place where the concrete classes
// meet. Made and destroyed by one thread; what it hands out lives as long as it.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/api/local_backend.hpp"
#include "host/api/socket_server.hpp"
#include "host/app/connectors.hpp"
#include "host/app/crash_note.hpp"
#include "host/app/declared_shops.hpp"
#include "host/app/plugin_catalogue.hpp"
#include "host/app/plugin_guard.hpp"
#include "host/app/program.hpp"
#include "host/app/stop_flag.hpp"
#include "host/config/config.hpp"
#include "host/services/services.hpp"
#include "host/store/store.hpp"
#include "host/sync/sync.hpp"

namespace marketplug::app {

struct RuntimeOptions {
  Log::Level log_level = Log::Level::kInfo;
  bool create_store = true;
  bool network = true;  ///< refuse at once where `http` cannot be used
  std::chrono::seconds least_poll{0};
  /// What opening the store has to say to a person; none: it goes to the log.
  std::function<void(std::string_view)> notice;
  AroundStore around_store;  ///< see program.hpp
  /// The engine will run: crashes of the process before are settled, those of this one noted.
  bool runs_plugins = false;
  sync::EngineOptions engine{};       ///< node and give-up are filled in
  isolation::WorkerOptions worker{};  ///< without a program: the one beside this program
  std::function<std::chrono::milliseconds()> steady = &services::steady_time;
};

class Runtime {
 public:
  /// `config` has no references any more. Takes the lock of the state folder and opens the store.
  /// Throws StoreError (kLocked where another process has it) and OperationError.
  Runtime(config::HostConfig config, const RuntimeOptions& options, StopFlag& stop);
  /// Saves what is known of the quotas: a command may have spent without a step of the engine.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  const config::HostConfig& config() const noexcept { return config_; }
  store::Store& store() noexcept { return *store_; }
  sync::Engine& engine() noexcept { return *engine_; }
  DeclaredShops& shops() noexcept { return *shops_; }
  services::QuotaGovernor& quota() noexcept { return *quota_; }
  Log& log() noexcept { return *log_; }
  const Clock& clock() const noexcept { return *clock_; }
  /// The operations for one caller. `engine_runs`: another thread than the caller's drives the
  /// engine.
  std::unique_ptr<api::Backend> backend(std::string who, bool engine_runs) const;
  /// Lets other processes of this user call the operations through the state folder's socket. The
  /// engine is driven by another thread than theirs. Throws OperationError.
  std::unique_ptr<api::SocketServer> serve();
  /// Ends what is under way as soon as it safely can be. Any thread.
  void stop();

 private:
  std::vector<std::string> not_ready() const;
  api::LocalParts make_parts(bool engine_runs);
  void guard_plugins(const RuntimeOptions& options);
  sync::EngineParts engine_parts();
  void give_up(std::string_view shop, std::string_view plugin, bool ending) noexcept;
  std::unique_ptr<services::HttpTransport> make_transport(bool prepared);

  config::HostConfig config_;
  StopFlag& stop_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<services::Redactor> redactor_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<services::MetricsRegistry> metrics_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<services::QuotaGovernor> quota_;
  std::unique_ptr<services::HttpTransport> http_;
  std::unique_ptr<CrashNote> crash_note_;
  std::unique_ptr<PluginGuard> guard_;
  std::unique_ptr<PluginCatalogue> plugins_;
  std::unique_ptr<DeclaredShops> shops_;
  std::unique_ptr<Connectors> connectors_;
  std::unique_ptr<sync::Executor> executor_;
  std::unique_ptr<sync::Engine> engine_;
  std::unique_ptr<const api::LocalParts> own_parts_, served_parts_;
};

/// Where store, key, lock and socket lie. Throws StoreError.
std::string state_folder_of(const config::HostConfig& config);

}  // namespace marketplug::app
