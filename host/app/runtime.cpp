#include "host/app/runtime.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "host/api/socket_path.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::app {
namespace {

constexpr std::size_t kWorkers = 4;

std::string node_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// The password of "http://user:password@host:port".
std::string password_of(const std::string& proxy) {
  const auto at = proxy.rfind('@');
  const auto scheme = proxy.find("://");
  if (at == std::string::npos || scheme == std::string::npos) return {};
  const auto colon = proxy.find(':', scheme + 3);
  return colon < at ? proxy.substr(colon + 1, at - colon - 1) : std::string();
}

}  // namespace

std::string state_folder_of(const config::HostConfig& config) {
  return config.store.url.starts_with("sqlite:") ? store::state_folder(config.store.url)
                                                 : config.state_folder;
}

Runtime::Runtime(config::HostConfig config, const RuntimeOptions& options, StopFlag& stop)
    : config_(std::move(config)),
      stop_(stop),
      clock_(services::make_system_clock()),
      random_(services::make_system_random()),
      redactor_(services::make_redactor()),
      log_(services::make_log({options.log_level, config_.log.format == "json", {}}, *redactor_,
                              *clock_)),
      metrics_(services::make_metrics()) {
  redactor_->learn(config_.store.encryption_key);
  redactor_->learn(password_of(config_.http.proxy));
  if (config_.plugins.folder.empty()) config_.plugins.folder = default_plugins_folder();
  store::StoreOptions store_options;
  store_options.url = config_.store.url;
  store_options.encryption_key = config_.store.encryption_key;
  store_options.create = options.create_store;
  store_options.notice = [&](std::string_view text) {
    if (options.notice) return options.notice(text);
    log_->write(Log::Level::kWarning, "store.opening", text, {});
  };
  store_options.stopped = [this] { return stop_.requested(); };
  store_ = store::open_store(store_options, *clock_, *random_);
  if (options.around_store) store_ = options.around_store(std::move(store_));
  services::QuotaOptions quota_options;
  quota_options.steady = options.steady;
  quota_ = services::make_quota(quota_options, *clock_, *random_, store_->quota());
  http_ = make_transport(options.network);
  guard_plugins(options);
  const PluginLookup lookup = [this](std::string_view id) { return plugins_->describe(id); };
  shops_ = std::make_unique<DeclaredShops>(config_, lookup, *store_, *clock_,
                                           [this] { return plugins_->trial_due(); });
  connectors_ = std::make_unique<Connectors>(ConnectorParts{
      config_, [this](std::string_view id, Isolation how) { return plugins_->get(id, how); },
      [this](std::string_view shop) { return shops_->first_problem(shop); },
      [this](std::string_view shop, config::Problem& problem) { shops_->place(shop, problem); },
      *clock_, *random_, *http_, *log_, *metrics_, *quota_, *redactor_, *store_, options.least_poll,
      [this](std::string_view plugin) { return guard_->refused(plugin); }});
  executor_ = sync::make_thread_executor(kWorkers, *clock_);
  auto engine_options = options.engine;
  engine_options.node = node_name();
  engine_ = sync::make_engine(std::move(engine_options), engine_parts());
  own_parts_ = std::make_unique<const api::LocalParts>(make_parts(false));
  served_parts_ = std::make_unique<const api::LocalParts>(make_parts(true));
}

Runtime::~Runtime() {
  try {
    quota_->persist();
  } catch (const std::exception& error) {
    log_->write(Log::Level::kWarning, "quota.not_saved", error.what(), {});
  }
}

void Runtime::guard_plugins(const RuntimeOptions& options) {
  GuardParts guard{*store_, *clock_, *log_, *metrics_, {}};
  if (options.runs_plugins) {
    const auto run = fmt::format("{}-{:016x}", format_time(clock_->now()), random_->next());
    crash_note_ = std::make_unique<CrashNote>(state_folder_of(config_), run);
    guard.left = crash_note_->left();
  }
  guard_ = std::make_unique<PluginGuard>(std::move(guard));
  auto parts = catalogue_parts(config_);
  const auto program = parts.worker.program;
  parts.worker = options.worker;
  if (parts.worker.program.empty()) parts.worker.program = program;
  parts.steady = options.steady;
  parts.stopped = [this] { return stop_.requested(); };
  parts.crashed = [this](std::string_view plugin, std::string_view how) {
    guard_->crashed(plugin, how);
  };
  parts.refused = [this](std::string_view plugin) { return guard_->refused(plugin); };
  parts.used = [this](const loading::PluginFile& file) { guard_->used(file); };
  plugins_ = std::make_unique<PluginCatalogue>(std::move(parts));
}

sync::EngineParts Runtime::engine_parts() {
  sync::EngineParts parts{*store_, *clock_, *random_, *executor_, *connectors_, *log_, *metrics_};
  parts.each_minute = [this] {
    http_->close_idle();
    quota_->persist();
  };
  parts.redact = [this](std::string_view text) { return redactor_->redact(text); };
  parts.blame = [this](const store::InFlightMark& mark) { return guard_->blame(mark); };
  parts.give_up = [this](std::string_view shop, std::string_view plugin, bool ending) {
    give_up(shop, plugin, ending);
  };
  return parts;
}

/// A plugin in this process cannot be ended alone. Nothing is lost: the store is made for being
/// left in the middle, and the supervisor starts the program again.
void Runtime::give_up(std::string_view shop, std::string_view plugin, bool ending) noexcept {
  try {
    std::string marked;
    for (const auto& mark : store_->progress().marks()) {
      if (mark.shop == shop) marked = mark.plugin;
    }
    if (!crash_note_) {
      // A program that only asks leaves no note.
    } else if (ending) {
      crash_note_->write("a connector that does not end",
                         fmt::format("plugin {}: destroy", plugin));
    } else {
      crash_note_->write("an overdue step", marked.empty() ? "" : marked + ".step");
    }
  } catch (const std::exception& error) {
    log_->write(Log::Level::kError, "plugin.crash_not_counted", error.what(), {});
  }
  ::_exit(1);
}

std::unique_ptr<services::HttpTransport> Runtime::make_transport(bool prepared) {
  services::HttpOptions options;
  if (!config_.http.ca_file.empty()) options.ca_files.push_back(config_.http.ca_file);
  options.proxy = config_.http.proxy;
  options.timeout = std::chrono::seconds(config_.http.timeout_seconds);
  options.user_agent = "Marketplug/" MARKETPLUG_VERSION;
  auto made = services::make_http(options, *clock_, *log_, *metrics_);
  if (!prepared) return made;
  try {
    made->prepare();
    return made;
  } catch (const std::runtime_error& error) {
    throw api::OperationError(500, "http", error.what(),
                              "Correct `http` in the host's configuration.");
  }
}

api::LocalParts Runtime::make_parts(bool engine_runs) {
  return {*store_,
          *engine_,
          *clock_,
          config_,
          MARKETPLUG_VERSION,
          [this] { return plugins_->list(); },
          [this](std::string_view plugin) {
            return settings_schema([this](std::string_view id) { return plugins_->describe(id); },
                                   plugin);
          },
          [this] { return shops_->problems(); },
          [this] { return metrics_->exposition(); },
          [this] { return stop_.requested(); },
          [this](std::chrono::milliseconds time) { stop_.wait_for(time); },
          engine_runs,
          [this] { return not_ready(); },
          [this](std::string_view plugin) { return guard_->release(plugin); },
          [this] { return quota_->view(); }};
}

std::unique_ptr<api::Backend> Runtime::backend(std::string who, bool engine_runs) const {
  return std::make_unique<api::LocalBackend>(engine_runs ? *served_parts_ : *own_parts_,
                                             std::move(who));
}

std::unique_ptr<api::SocketServer> Runtime::serve() {
  api::ServerOptions options;
  options.path = api::socket_path(state_folder_of(config_));
  api::ServerParts parts{[this](std::string who) { return backend(std::move(who), true); },
                         [this] { return not_ready(); }, *log_};
  return std::make_unique<api::SocketServer>(std::move(options), std::move(parts));
}

void Runtime::stop() {
  stop_.request();
  engine_->stop();
  http_->abort_reads();
}

std::vector<std::string> Runtime::not_ready() const {
  std::vector<std::string> reasons;
  if (stop_.requested()) reasons.emplace_back("the service is stopping");
  try {
    store_->shops().find("");
  } catch (const store::StoreError& error) {
    reasons.emplace_back(error.what());
  }
  return reasons;
}

}  // namespace marketplug::app
