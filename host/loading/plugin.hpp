#pragma once
// A plugin as the host sees it: facts read from its file, a state with reasons, and, once loaded,
// the door to its code. Descriptions are values; a LoadedPlugin lives until the process ends.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/loading/call_guard.hpp"
#include "marketplug/abi.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/result.hpp"

namespace marketplug::loading {

/// listed -> refused | ready -> loaded -> failed | quarantined.
enum class PluginState : std::uint8_t {
  kListed = 0,
  kRefused,
  kReady,
  kLoaded,
  kFailed,
  kQuarantined
};

std::string_view to_string(PluginState state) noexcept;

struct PluginReason {
  std::string code;     ///< stable: "no_abi_block", "abi_layout", "duplicate_id" …
  std::string message;  ///< place and cause
  std::string remedy;
  bool by_trial = false;  ///< found in a process of its own, whatever its code is (check 8)
};

struct PluginFile {
  std::string path;    ///< absolute
  std::string sha256;  ///< hex
  PluginState state = PluginState::kListed;
  std::vector<PluginReason> reasons;  ///< all of them, not the first
  std::vector<PluginReason> warnings;
  AbiInfo abi;                      ///< zeros where it could not be read
  std::vector<std::string> needed;  ///< DT_NEEDED

  std::string id() const;
  std::string name() const;
  std::string version() const;
  std::vector<std::string> capabilities() const;
};

/// Destroys through the plugin's own door. `where` ("plugin ID: destroy") is whom to blame for a
/// crash of it; empty: nobody.
struct ConnectorDeleter {
  void (*destroy)(Connector*) noexcept = nullptr;
  std::string where{};
  void operator()(Connector* connector) const noexcept {
    if (connector == nullptr) return;
    const CallNote note(where);
    destroy(connector);
  }
};
using ConnectorPtr = std::unique_ptr<Connector, ConnectorDeleter>;

class LoadedPlugin {
 public:
  virtual ~LoadedPlugin() = default;
  virtual const PluginFile& file() const noexcept = 0;
  /// JSON Schema of the settings, as text.
  virtual std::string_view settings_schema() const noexcept = 0;
  /// Calls the plugin inside the guard: a stray exception becomes Failure kInternal.
  virtual Result<ConnectorPtr> create(Host& host, std::string_view settings_json) const = 0;
};

/// Options of a scan, from the host's configuration.
struct ScanOptions {
  std::string folder;                                     ///< absolute
  std::vector<std::pair<std::string, std::string>> pins;  ///< plugin id -> "sha256:<hex>"
};

/// Checks 1 to 4, 6 and 7 of docs/design/plugin-abi.md: reads every *.so of the folder; runs no
/// code of it. Sorted by path. A folder that is missing or writable by others gives one entry for
/// the folder itself, refused.
std::vector<PluginFile> scan(const ScanOptions& options);

/// The same for one file, wherever it is; its folder and its neighbours are not judged.
PluginFile examine(const std::string& path, const ScanOptions& options);

/// Loads a kReady file, once per path and process (a second call gives the same). Failure kConfig
/// with every reason. The library is never unloaded.
Result<const LoadedPlugin*> load(PluginFile file);

}  // namespace marketplug::loading
