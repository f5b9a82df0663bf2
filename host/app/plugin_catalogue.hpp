#pragma once
// The plugins of the installation: found in the folder, loaded when a shop first needs one. Any
// thread; loaded plugins live until the process ends.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"
#include "host/loading/plugin.hpp"

namespace marketplug::app {

/// The loaded plugin of an id; Failure kConfig with every reason.
using PluginLookup = std::function<Result<const loading::LoadedPlugin*>(std::string_view id)>;

class PluginCatalogue {
 public:
  explicit PluginCatalogue(loading::ScanOptions options) : options_(std::move(options)) {}

  /// The folder, read afresh. Loaded plugins say so, and warn when their file has changed since.
  std::vector<loading::PluginFile> list();
  /// The plugin of that id, loaded, with a settings schema that can be used. Failure kConfig with
  /// every reason; where no file has the id, with those of the files whose id cannot be read.
  Result<const loading::LoadedPlugin*> get(std::string_view id);

 private:
  struct Failed {
    std::string sha256;  ///< of the file that failed: a mended one is judged anew
    Failure failure;
  };

  Failure no_such_plugin(std::string_view id, const std::vector<loading::PluginFile>& files) const;

  const loading::ScanOptions options_;
  std::mutex mutex_;
  std::map<std::string, const loading::LoadedPlugin*, std::less<>> loaded_;  ///< by id
  std::map<std::string, Failed, std::less<>> failed_;                        ///< by path
};

/// Its settings schema; nullopt where the lookup fails.
std::optional<std::string> settings_schema(const PluginLookup& plugins, std::string_view id);

/// What the host's configuration says of plugins, with the usual folder where it names none.
loading::ScanOptions scan_options(const config::HostConfig& config);

/// "lib/marketplug/plugins" beside the folder of the running program.
std::string default_plugins_folder();

}  // namespace marketplug::app
