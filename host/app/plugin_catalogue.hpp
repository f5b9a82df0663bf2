#pragma once
// The plugins of the installation: found in the folder, tried in a child process, loaded when a
// shop first needs one. Any thread; what it gives lives as long as it, loaded plugins until the
// process ends.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"
#include "host/isolation/remote_plugin.hpp"
#include "host/loading/plugin.hpp"
#include "host/services/services.hpp"

namespace marketplug::app {

/// The plugin of an id, for its settings schema; Failure kConfig with every reason.
using PluginLookup = std::function<Result<const loading::LoadedPlugin*>(std::string_view id)>;

enum class Isolation : std::uint8_t { kNone = 0, kProcess };
/// The plugin of an id, for connectors in this process or in processes of their own.
using PluginSource =
    std::function<Result<const loading::LoadedPlugin*>(std::string_view id, Isolation how)>;

struct CatalogueParts {
  loading::ScanOptions scan;
  /// For trials (check 8) and workers.
  std::unique_ptr<isolation::Spawner> spawner = std::make_unique<isolation::Spawner>();
  isolation::WorkerOptions worker{};
  /// See IsolationParts.
  std::function<void(std::string_view plugin, std::string_view how)> crashed{};
  std::function<std::optional<Failure>(std::string_view plugin)> refused{};
  /// Told when a plugin is first used: its file as it is now.
  std::function<void(const loading::PluginFile& file)> used{};
  /// Whether the program stops: no trial holds that up.
  std::function<bool()> stopped{};
  /// For the times of trials that are repeated.
  std::function<std::chrono::milliseconds()> steady = &services::steady_time;
};

class PluginCatalogue {
 public:
  explicit PluginCatalogue(CatalogueParts parts);

  /// The folder, read afresh, each ready file tried once. Plugins in use say so, and warn when
  /// their file has changed since.
  std::vector<loading::PluginFile> list();
  /// One file, wherever it is, tried as well.
  loading::PluginFile examine(const std::string& path);
  /// The plugin of that id for use, with a settings schema that can be used. Failure kConfig with
  /// every reason; where no file has the id, with those of the files whose id cannot be read.
  Result<const loading::LoadedPlugin*> get(std::string_view id, Isolation how);
  /// The same without using it: it is not loaded into this process.
  Result<const loading::LoadedPlugin*> describe(std::string_view id);
  /// Whether the time has come to repeat a trial that failed for what may have been the machine's
  /// fault (it was overloaded, a library was missing). The next look at that plugin then does so.
  /// Later each time; each is told once.
  bool trial_due();

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Trial {
    Result<std::string> schema;
    bool stale = false;  ///< to be repeated at the next look
    int repeats = 0;
    std::optional<std::chrono::milliseconds> again{};
  };
  struct Failed {
    std::string sha256;  ///< of the file that failed: a mended one is judged anew
    Failure failure;
  };

  Failure no_such_plugin(std::string_view id, const std::vector<loading::PluginFile>& files) const;
  Result<const isolation::RemotePlugin*> tried(std::string_view id, Lock& lock);
  Result<std::string> try_out(const loading::PluginFile& file, Lock& lock);
  Result<std::string> run_trial(const loading::PluginFile& file);
  void keep_trial(const std::string& key, const Result<std::string>& schema);
  void add_trial(loading::PluginFile& file, Lock& lock);
  void add_use(loading::PluginFile& file);
  void note_use(const loading::LoadedPlugin& plugin);

  const loading::ScanOptions options_;
  std::unique_ptr<isolation::Spawner> spawner_;
  const isolation::IsolationParts isolation_;
  const std::function<void(const loading::PluginFile& file)> used_;
  const std::function<bool()> stopped_;
  const std::function<std::chrono::milliseconds()> steady_;
  std::mutex mutex_;  ///< not held while a trial runs: others need not wait for one that hangs
  std::condition_variable trial_over_;
  std::set<std::string, std::less<>> under_way_;      ///< trials, as below
  std::map<std::string, Trial, std::less<>> trials_;  ///< by SHA-256 and path
  std::map<std::string, const loading::LoadedPlugin*, std::less<>> loaded_;  ///< by id
  std::map<std::string, Failed, std::less<>> failed_;                        ///< by path
  std::map<std::string, const loading::LoadedPlugin*, std::less<>> remote_;  ///< in use, by id
  std::vector<std::unique_ptr<isolation::RemotePlugin>> described_;
};

/// Its settings schema; nullopt where the lookup fails.
std::optional<std::string> settings_schema(const PluginLookup& plugins, std::string_view id);

/// What the host's configuration says of plugins, with the usual folder where it names none.
loading::ScanOptions scan_options(const config::HostConfig& config);

/// Parts for the configured folder, with the worker beside this program.
CatalogueParts catalogue_parts(const config::HostConfig& config);

/// "lib/marketplug/plugins" beside the folder of the running program.
std::string default_plugins_folder();

}  // namespace marketplug::app
