#include "host/app/service.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "host/api/socket_server.hpp"
#include "host/app/reminder.hpp"
#include "host/app/runtime.hpp"
#include "host/app/signal_watch.hpp"
#include "host/app/stop_limit.hpp"
#include "host/app/supervisor.hpp"
#include "host/cli/command.hpp"
#include "host/cli/format.hpp"

namespace marketplug::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{2000};                 ///< between looks at the shops' files
constexpr std::chrono::seconds kStartPatience{10};  ///< for a predecessor or a command that ends
constexpr milliseconds kLockRetry{200};
constexpr milliseconds kSpaceRetry{1000};

Log::Level level_of(const std::string& name) {
  if (name == "debug") return Log::Level::kDebug;
  if (name == "warning") return Log::Level::kWarning;
  return name == "error" ? Log::Level::kError : Log::Level::kInfo;
}

class Service {
 public:
  Service(const config::HostConfig& config, cli::Terminal& terminal)
      : signals_([this](int signal) { handle(signal); }), terminal_(terminal) {
    open(config);
    std::error_code error;
    config_time_ = std::filesystem::last_write_time(config.file, error);
  }

  int run() {
    if (!runtime_) return cli::kExitOk;  // told to end while it waited for the lock
    try {
      load_shops();
    } catch (const store::StoreError& error) {
      note_not_loaded(error);
    }
    server_ = runtime_->serve();
    std::thread engine([this] { drive(); });
    notify_supervisor("READY=1");
    say("service.started", "The service runs.");
    while (!stop_.wait_for(kLook)) look();
    notify_supervisor("STOPPING=1");
    say("service.stopping", "The service stops.");
    {
      const StopLimit limit(kStopTime, cli::kExitOk, [&log = runtime_->log()] {
        log.write(Log::Level::kWarning, "service.stop_forced",
                  "Not everything ended in time; the process ends all the same.", {});
      });
      runtime_->stop();
      server_->stop();
      engine.join();
      server_.reset();
      runtime_.reset();
    }
    return failed_ ? cli::kExitProblems : cli::kExitOk;
  }

 private:
  void handle(int signal) {
    if (signal == SIGHUP) {
      reload_ = true;
      stop_.wake();
      return;
    }
    if (stop_.requested()) ::_exit(128 + signal);
    stop_.request();
  }

  void open(const config::HostConfig& config) {
    RuntimeOptions options;
    options.log_level = level_of(config.log.level);
    options.runs_plugins = true;
    if (terminal_.err_is_terminal()) {
      options.notice = [this](std::string_view text) { terminal_.err(std::string(text) + "\n"); };
    }
    const auto give_up = std::chrono::steady_clock::now() + kStartPatience;
    std::optional<store::StoreError::Kind> told;
    while (!stop_.requested()) {
      try {
        runtime_ = std::make_unique<Runtime>(config, options, stop_);
        return;
      } catch (const store::StoreError& error) {
        using Kind = store::StoreError::Kind;
        if (error.kind() == Kind::kStopped) return;
        const bool full = error.kind() == Kind::kDiskFull;
        const bool locked =
            error.kind() == Kind::kLocked && std::chrono::steady_clock::now() < give_up;
        if (!full && !locked) throw;
        if (std::exchange(told, error.kind()) != error.kind()) {
          terminal_.err(std::string("waiting: ") + error.what() + "\n");
        }
        stop_.wait_for(full ? kSpaceRetry : kLockRetry);
      }
    }
  }

  /// The engine's thread. Its end is the service's end.
  void drive() {
    try {
      runtime_->engine().run();
    } catch (const std::exception& error) {
      failed_ = true;
      const LogField fields[] = {{"cause", error.what()}};
      runtime_->log().write(Log::Level::kError, "service.failed",
                            "The engine ended unexpectedly; the service ends.", fields);
    }
    stop_.request();
  }

  void load_shops() {
    runtime_->shops().load();
    for (const auto& [shop, problem] : runtime_->shops().problems()) {
      const LogField fields[] = {{"shop", shop}};
      runtime_->log().write(Log::Level::kError, "shop.file_problem", config::to_text(problem),
                            fields);
    }
  }

  void look() {
    try {
      hasten_polls();
      const bool asked = reload_.exchange(false);
      if (asked || runtime_->shops().changed()) {
        load_shops();
        not_loaded_.over();
        runtime_->engine().reload();
        say("shops.reloaded", "The shops' files were read again.");
      }
      warn_of_new_config();
    } catch (const std::exception& error) {
      note_not_loaded(error);
    }
  }

  void note_not_loaded(const std::exception& error) {
    reload_ = true;
    if (!not_loaded_.tell(error.what(), std::chrono::steady_clock::now())) return;
    const LogField fields[] = {{"cause", error.what()}};
    runtime_->log().write(Log::Level::kWarning, "shops.not_reloaded",
                          "The shops' files could not be read into the store; tried again.",
                          fields);
  }

  /// A due time that was saved under a longer poll interval would hold a shop back after a start.
  void hasten_polls() {
    if (hastened_) return;
    const auto statuses = runtime_->engine().status();
    if (statuses.empty()) return;
    hastened_ = true;
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (const auto& status : statuses) {
      const bool waits = !status.jobs.empty() && !status.jobs.front().last_code.empty();
      if (waits || !status.next_due) continue;
      if (*status.next_due > now + poll_of(status.shop)) runtime_->engine().trigger(status.shop);
    }
  }

  std::chrono::seconds poll_of(const std::string& shop) {
    constexpr std::chrono::seconds kUsual{300};
    const auto record = runtime_->store().shops().find(shop);
    if (!record) return kUsual;
    boost::system::error_code error;
    const auto document = boost::json::parse(record->document, error);
    if (error || !document.is_object()) return kUsual;
    const auto* poll = document.get_object().if_contains("poll_seconds");
    return poll != nullptr && poll->is_int64() ? std::chrono::seconds(poll->get_int64()) : kUsual;
  }

  void warn_of_new_config() {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(runtime_->config().file, error);
    if (error || time == config_time_) return;
    config_time_ = time;
    say("config.changed",
        "The host's configuration has changed on disk; it takes effect at the next start.");
  }

  void say(std::string_view event, std::string_view message) {
    runtime_->log().write(Log::Level::kInfo, event, message, {});
  }

  StopFlag stop_;
  std::atomic<bool> reload_{false}, failed_{false};
  bool hastened_ = false;
  Reminder not_loaded_;
  SignalWatch signals_;
  cli::Terminal& terminal_;
  std::filesystem::file_time_type config_time_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<api::SocketServer> server_;
};

}  // namespace

int run_service(const config::HostConfig& config, cli::Terminal& terminal) {
  return Service(config, terminal).run();
}

}  // namespace marketplug::app
