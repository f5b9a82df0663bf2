#include "host/app/program.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "host/api/socket_client.hpp"
#include "host/api/socket_path.hpp"
#include "host/api/socket_server.hpp"
#include "host/api/user_name.hpp"
#include "host/api/views.hpp"
#include "host/app/host_references.hpp"
#include "host/app/new_plugin.hpp"
#include "host/app/plugin_backend.hpp"
#include "host/app/runtime.hpp"
#include "host/app/service.hpp"
#include "host/app/signal_watch.hpp"
#include "host/app/stop_limit.hpp"
#include "host/cli/command.hpp"
#include "host/cli/execute.hpp"
#include "host/cli/format.hpp"
#include "host/cli/terminal.hpp"
#include "host/cli/text.hpp"

namespace marketplug::app {
namespace {

constexpr std::chrono::seconds kCommandPatience{5};
constexpr std::chrono::milliseconds kNextTry{200};
/// Longer than what counts as idle, so that `sync --until-idle` ends for shops that poll often.
constexpr std::chrono::seconds kLeastPollOfSync{90};

/// Secrets are in memory and files are made: no core dumps, nothing for others to read.
void harden() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::umask(S_IRWXG | S_IRWXO);
  std::signal(SIGPIPE, SIG_IGN);
}

void write_to_stderr(std::string_view text) noexcept {
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

/// The supervisor starts the program again, which then reads what the disk really holds.
void end_after_lost_writes(const char* what) noexcept {
  const std::string_view text(what);
  for (const std::string_view part : {std::string_view("error: "), text, std::string_view("\n")}) {
    write_to_stderr(part);
  }
  ::_exit(cli::kExitProblems);
}

bool is_one_of(std::string_view operation, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), operation) != names.end();
}

bool needs_shops(std::string_view operation) {
  return operation.starts_with("shops.") ||
         is_one_of(operation, {"sync.run", "check.run", "parked.replay"});
}

bool only_reads(std::string_view operation) {
  return operation.starts_with("orders.") ||
         is_one_of(operation, {"events.tail", "parked.list", "parked.show"});
}

bool talks_to_marketplaces(std::string_view operation) {
  return is_one_of(operation, {"sync.run", "check.run", "parked.replay"});
}

/// What is wrong with the host's configuration: for a person, and as the answer that `check` gives.
void tell_problems(const std::vector<config::Problem>& found, const cli::Command& command,
                   cli::Terminal& terminal) {
  boost::json::array problems;
  for (auto problem : found) {
    problems.push_back(api::view_of(problem));
    const auto remedy = std::exchange(problem.remedy, {});
    terminal.err(cli::format_error(config::to_text(problem), remedy));
  }
  if (command.format == cli::Format::kJson && command.operation == "check.run") {
    const boost::json::object answer{{"errors", problems.size()},
                                     {"warnings", 0},
                                     {"shops", boost::json::array()},
                                     {"host", problems}};
    terminal.out(cli::harmless_json(boost::json::serialize(answer)) + "\n");
    terminal.flush();
  }
}

/// With every reference resolved; nullopt: it has problems, which were told.
std::optional<config::HostConfig> load_config(const cli::Command& command,
                                              cli::Terminal& terminal) {
  const auto file = config::find_host_config(command.config);
  if (file.empty()) {
    throw api::OperationError(404, "no_config",
                              "there is no configuration: neither ./marketplug.yaml nor "
                              "/etc/marketplug/marketplug.yaml exists",
                              "Name it with --config FILE, or write one; see docs/operators.");
  }
  auto loaded = config::load_host(file);
  if (loaded.problems.empty()) resolve_references(loaded);
  if (loaded.problems.empty()) return std::move(loaded.config);
  tell_problems(loaded.problems, command, terminal);
  return std::nullopt;
}

/// A command in the process that took the store.
class LocalCommand {
 public:
  LocalCommand(const cli::Command& command, const config::HostConfig& config,
               cli::Terminal& terminal, const AroundStore& around)
      : command_(command), config_(config), terminal_(terminal), around_(around) {}

  /// Throws StoreError kLocked where another process holds the store.
  void open() {
    if (talks_to_marketplaces(command_.operation) && !signals_) {
      signals_.emplace([this](int signal) { handle(signal); });
    }
    RuntimeOptions options;
    options.log_level = Log::Level::kError;
    options.create_store = !only_reads(command_.operation);
    options.network = talks_to_marketplaces(command_.operation);
    options.around_store = around_;
    options.runs_plugins = talks_to_marketplaces(command_.operation);
    options.notice = [this](std::string_view text) { terminal_.err(cli::harmless(text) + "\n"); };
    const auto* until_idle = command_.parameters.if_contains("until_idle");
    if (until_idle != nullptr) options.least_poll = kLeastPollOfSync;
    auto runtime = std::make_unique<Runtime>(config_, std::move(options), stop_);
    opened_ = runtime.get();
    runtime_ = std::move(runtime);
  }

  void give_up_signals() { signals_.reset(); }
  int code_of_signal() const { return code_of_stop(signal_); }

  int run() {
    if (stop_.requested()) return code_of_signal();
    if (needs_shops(command_.operation)) runtime_->shops().load();
    if (command_.operation == "sync.run") {
      tell_problems();
      server_ = runtime_->serve();  // other commands work during a long sync
    }
    const auto backend = runtime_->backend("cli:" + api::user_name(::geteuid()), false);
    const int code = cli::execute(command_, *backend, terminal_, *clock_);
    const int signal = signal_;
    stop_.request();  // whoever still listens to this process is told that it ends
    if (server_) server_->stop();
    return signal == 0 ? code : code_of_stop(signal);
  }

 private:
  void handle(int signal) {
    if (signal_.exchange(signal) != 0) ::_exit(128 + signal);
    limit_.emplace(kStopTime, code_of_stop(signal), [] {
      write_to_stderr("not everything ended in time; the process ends all the same\n");
    });
    stop_.request();
    if (auto* runtime = opened_.load()) runtime->stop();
  }

  /// As `run`, a sync that was told to end has done what it should: the next one goes on.
  int code_of_stop(int signal) const {
    return command_.operation == "sync.run" ? cli::kExitOk : 128 + signal;
  }

  void tell_problems() {
    for (auto [shop, problem] : runtime_->shops().problems()) {
      const auto remedy = std::exchange(problem.remedy, {});
      terminal_.err(cli::format_error(config::to_text(problem), remedy));
    }
  }

  const cli::Command& command_;
  const config::HostConfig& config_;
  cli::Terminal& terminal_;
  const AroundStore& around_;
  std::unique_ptr<Clock> clock_ = services::make_system_clock();
  StopFlag stop_;
  std::atomic<int> signal_{0};
  std::optional<StopLimit> limit_;  ///< made by the first signal; the end of the runtime is in it
  std::unique_ptr<Runtime> runtime_;
  std::atomic<Runtime*> opened_{nullptr};
  std::unique_ptr<api::SocketServer> server_;
  std::optional<SignalWatch> signals_;  ///< the first to go: it uses all of the above
};

/// Files that root leaves in another user's state folder would keep the service from starting.
std::optional<api::OperationError> foreign_store(const config::HostConfig& config) {
  constexpr std::string_view kScheme = "sqlite:";
  if (::geteuid() != 0 || !config.store.url.starts_with(kScheme)) return std::nullopt;
  const auto file = config.store.url.substr(kScheme.size());
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 && ::stat(state_folder_of(config).c_str(), &status) != 0) {
    return std::nullopt;
  }
  if (status.st_uid == 0) return std::nullopt;
  const auto owner = api::user_name(status.st_uid);
  return api::OperationError(409, "foreign_store",
                             fmt::format("{} belongs to {}, and no service runs", file, owner),
                             fmt::format("Run it as that user: sudo -u {} marketplug …", owner));
}

/// Which plugins are in quarantine. The store is neither made for that nor kept: a service may want
/// it while plugins are tried.
std::vector<store::PluginQuarantine> quarantined(const config::HostConfig& config,
                                                 const Clock& clock) {
  if (foreign_store(config)) return {};
  store::StoreOptions options;
  options.url = config.store.url;
  options.encryption_key = config.store.encryption_key;
  options.create = false;
  try {
    const auto random = services::make_system_random();
    return store::open_store(options, clock, *random)->plugins().quarantined();
  } catch (const store::StoreError&) {
    return {};  // no store yet, or one in trouble: no reason to hide the plugins
  }
}

/// The plugins' folder as it is; a service that runs also knows which of them it has loaded.
int look_at_plugins(const cli::Command& command, const config::HostConfig& config,
                    cli::Terminal& terminal) {
  const auto clock = services::make_system_clock();
  std::vector<store::PluginQuarantine> away;
  // A file is named from where the person stands, and may be one that the service must not see.
  if (command.operation != "plugins.verify") {
    api::RemoteBackend remote(api::socket_path(state_folder_of(config)));
    if (remote.answers()) return cli::execute(command, remote, terminal, *clock);
    away = quarantined(config, *clock);
  }
  PluginBackend local(config, std::move(away));
  return cli::execute(command, local, terminal, *clock);
}

/// Here, or in the process that holds the store.
int run_operation(const cli::Command& command, const config::HostConfig& config,
                  cli::Terminal& terminal, const AroundStore& around) {
  const auto give_up = std::chrono::steady_clock::now() + kCommandPatience;
  LocalCommand local(command, config, terminal, around);
  const auto foreign = foreign_store(config);
  while (true) {
    std::string holder = fmt::format("another process holds {}", state_folder_of(config));
    try {
      if (!foreign) {
        local.open();
        return local.run();
      }
    } catch (const store::StoreError& error) {
      if (error.kind() == store::StoreError::Kind::kStopped) return local.code_of_signal();
      if (error.kind() != store::StoreError::Kind::kLocked) throw;
      holder = error.what();
    }
    const auto path = api::socket_path(state_folder_of(config));
    api::RemoteBackend remote(path);
    if (remote.answers()) {
      local.give_up_signals();
      return cli::execute(command, remote, terminal, *services::make_system_clock());
    }
    if (foreign) throw api::OperationError(*foreign);
    if (std::chrono::steady_clock::now() >= give_up) {
      throw api::OperationError(503, "locked",
                                fmt::format("{} It does not answer at {}.", holder, path),
                                "Wait until it has ended; if it hangs, end it.");
    }
    std::this_thread::sleep_for(kNextTry);
  }
}

/// For a developer's machine, where there may be no configuration.
int make_plugin(const cli::Command& command, cli::Terminal& terminal) {
  const auto text = [&](const char* name) {
    const auto* given = command.parameters.if_contains(name);
    return given == nullptr ? std::string() : std::string(given->as_string());
  };
  const auto prefix = program_prefix();
  cli::print(command,
             write_new_plugin(
                 {text("name"), text("folder"), prefix + "/share/marketplug/template", prefix}),
             terminal);
  return cli::kExitOk;
}

int run_command(const cli::Command& command, cli::Terminal& terminal, const AroundStore& around) {
  if (command.operation == "plugins.new") return make_plugin(command, terminal);
  // Nor need there be one to verify a plugin: it is held to no pin then.
  if (command.operation == "plugins.verify" && config::find_host_config(command.config).empty()) {
    return look_at_plugins(command, config::HostConfig{}, terminal);
  }
  const auto config = load_config(command, terminal);
  if (!config) return cli::kExitProblems;
  if (command.operation == "run") return run_service(*config, terminal);
  if (command.operation.starts_with("plugins.") && command.operation != "plugins.release") {
    return look_at_plugins(command, *config, terminal);
  }
  return run_operation(command, *config, terminal, around);
}

int guarded(const cli::Command& command, cli::Terminal& terminal, const AroundStore& around) {
  try {
    return run_command(command, terminal, around);
  } catch (const api::OperationError& error) {
    return cli::report(error, terminal);
  } catch (const store::StoreError& error) {
    return cli::report(api::to_operation_error(error), terminal);
  } catch (const cli::OutputGone&) {
    return cli::kExitOk;
  } catch (const std::exception& error) {
    terminal.err(cli::format_error(error.what(), ""));
    return cli::kExitProblems;
  }
}

}  // namespace

int run_program(int argc, const char* const* argv, const AroundStore& around) noexcept {
  try {
    harden();
    store::set_lost_writes_handler(end_after_lost_writes);
    const auto terminal = cli::make_standard_terminal();
    const auto parsed = cli::parse(argc, argv, MARKETPLUG_VERSION);
    if (parsed.command) return guarded(*parsed.command, *terminal, around);
    terminal->err(parsed.err);
    terminal->out(parsed.out);
    terminal->flush();
    return parsed.exit_code;
  } catch (...) {
    // Help for a reader who went away, or no memory left: there is nobody to tell.
    return cli::kExitProblems;
  }
}

}  // namespace marketplug::app
