// load(): the one place that runs a plugin's code for the first time, and the registry of what was
// loaded. Boost.DLL by the rules of docs/design/plugin-abi.md: absolute path, rtld_now and
// rtld_local, never copied, never unloaded.
#include <fmt/format.h>

#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "host/loading/call_guard.hpp"
#include "host/loading/dependency_check.hpp"
#include "host/loading/inspection.hpp"
#include "host/loading/plugin.hpp"
#include "host/loading/text.hpp"
#include "marketplug/plugin.hpp"

namespace marketplug::loading {
namespace {

using Library = boost::dll::shared_library;

/// Bytes of a text from a plugin or the dynamic loader.
constexpr std::size_t kLongestCause = 1000;

/// The size of EntryPoints in its first version.
constexpr std::uint32_t kEntryPointsV1Size = 32;
static_assert(sizeof(EntryPoints) >= kEntryPointsV1Size, "the table only ever grows");

class LoadedLibrary final : public LoadedPlugin {
 public:
  LoadedLibrary(PluginFile file, const EntryPoints& entry, std::string schema)
      : file_(std::move(file)), entry_(entry), schema_(std::move(schema)) {
    file_.state = PluginState::kLoaded;
  }

  const PluginFile& file() const noexcept override { return file_; }
  std::string_view settings_schema() const noexcept override { return schema_; }

  Result<ConnectorPtr> create(Host& host, std::string_view settings_json) const override {
    const std::string where = fmt::format("plugin {}: create", file_.id());
    return call_plugin(where, [&]() -> Result<ConnectorPtr> {
      Failure failure;
      try {
        ConnectorPtr connector(entry_.create(host, settings_json),
                               {entry_.destroy, fmt::format("plugin {}: destroy", file_.id())});
        if (connector) return connector;
      } catch (const std::invalid_argument& error) {
        failure.kind = Failure::Kind::kConfig;
        failure.code = "bad_settings";
        failure.message =
            fmt::format("plugin {}: {}", file_.id(), printable(error.what(), kLongestCause));
        failure.remedy = "Correct the shop's settings.";
        return failure;
      }
      failure.code = "no_connector";
      failure.message = where + " gave no connector";
      failure.remedy = "This is a defect of the plugin: report it to its author.";
      return failure;
    });
  }

 private:
  PluginFile file_;
  const EntryPoints& entry_;  // in the library, which stays
  std::string schema_;
};

/// Lives, with every library in it, until the process ends: a plugin's code may still be needed by
/// exceptions, deleters and statics when main() returns. Also keeps libraries that were mapped and
/// then refused: their initialisers ran, so they must stay.
struct Registry {
  /// Mapped, then refused. The dynamic loader would give this mapping for whatever file has the
  /// path later.
  struct Refused {
    std::string sha256;
    Failure failure;
  };

  std::mutex mutex;
  std::map<std::string, std::unique_ptr<LoadedLibrary>, std::less<>> plugins;
  std::map<std::string, Refused, std::less<>> refused;
  std::vector<std::unique_ptr<Library>> libraries;
};

Registry& registry() {
  static Registry* const leaked = new Registry;
  return *leaked;
}

Failure load_failure(std::string_view path, std::string code, std::string message,
                     std::string remedy) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = std::move(code);
  failure.message = fmt::format("{}: {}", path, message);
  failure.remedy = std::move(remedy);
  return failure;
}

/// Every reason in one Failure; messages carry the path already.
Failure refusal(const PluginFile& file) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = file.reasons.empty() ? "not_ready" : file.reasons.front().code;
  if (file.reasons.empty()) {
    failure.message = fmt::format("{} ({}) is not a plugin that was found ready by a scan",
                                  file.path, to_string(file.state));
  }
  for (const PluginReason& reason : file.reasons) {
    failure.message += (failure.message.empty() ? "" : "; ") + reason.message;
    if (failure.remedy.find(reason.remedy) == std::string::npos) {
      failure.remedy += (failure.remedy.empty() ? "" : " ") + reason.remedy;
    }
  }
  return failure;
}

constexpr const char* kRebuildRemedy =
    "Rebuild the plugin with marketplug_add_plugin() and the SDK of this host.";

/// Whom a crash is put down to: the crash note knows plugins by their id.
std::string who_loads(const std::string& id) { return fmt::format("plugin {}: loading", id); }

/// Maps the library and runs its initialisers. What they throw ends here.
Result<Library*> open_library(const std::string& path, const std::string& id) {
  auto library = std::make_unique<Library>();
  const std::string blamed = who_loads(id);
  auto opened = call_plugin(path + ": loading", [&]() -> Status {
    const CallNote note(blamed);
    try {
      library->load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
      return Done{};
    } catch (const std::system_error& error) {
      // Only the text says why: Boost's code is "Bad file descriptor" whatever happened.
      std::string text = error.what();
      if (const auto suffix = text.rfind(": Bad file descriptor"); suffix != std::string::npos) {
        text.erase(suffix);
      }
      return load_failure(path, "dlopen_failed", printable(text, kLongestCause),
                          "Install what the text names, or rebuild the plugin on this system.");
    }
  });
  if (!opened) {
    Failure failure = std::move(opened).failure();
    failure.kind = Failure::Kind::kConfig;
    if (!failure.detail.empty()) {
      failure.message += ": " + printable(failure.detail, kLongestCause);
    }
    return failure;
  }
  return registry().libraries.emplace_back(std::move(library)).get();
}

Result<const EntryPoints*> find_entry(Library& library, const Inspection& inspection) {
  const std::string& path = inspection.file.path;
  const std::vector<unsigned char>& block = inspection.abi_block;
  if (!library.has(kAbiSymbol) ||
      std::memcmp(&library.get<const AbiInfo>(kAbiSymbol), block.data(), block.size()) != 0) {
    return load_failure(path, "abi_block_differs",
                        "its ABI block in memory is not the one in its file", kRebuildRemedy);
  }
  if (!library.has(kEntrySymbol)) {
    return load_failure(path, "no_entry", fmt::format("it does not export {}", kEntrySymbol),
                        kRebuildRemedy);
  }
  const auto& entry_function = library.get<const EntryPoints*()>(kEntrySymbol);
  const EntryPoints* entry = entry_function();
  if (entry == nullptr || entry->size < kEntryPointsV1Size) {
    return load_failure(path, "small_entry",
                        fmt::format("its table of entry points has {} bytes instead of {} or more",
                                    entry == nullptr ? 0 : entry->size, kEntryPointsV1Size),
                        kRebuildRemedy);
  }
  if (entry->create == nullptr || entry->destroy == nullptr || entry->settings_schema == nullptr) {
    return load_failure(path, "empty_entry", "its table of entry points has gaps", kRebuildRemedy);
  }
  return entry;
}

Result<std::unique_ptr<LoadedLibrary>> open_plugin(Inspection inspection) {
  const std::string path = inspection.file.path;
  const std::string sha256 = inspection.file.sha256;
  const std::string blamed = who_loads(inspection.file.id());
  Result<Library*> library = open_library(path, inspection.file.id());
  if (!library) return library.failure();
  auto loaded = call_plugin(path + ": entry", [&]() -> Result<std::unique_ptr<LoadedLibrary>> {
    const CallNote note(blamed);
    const Result<const EntryPoints*> entry = find_entry(*library.value(), inspection);
    if (!entry) return entry.failure();
    std::string schema(entry.value()->settings_schema());
    if (schema.empty()) {
      return load_failure(path, "no_schema", "it gives no settings schema",
                          "Give the plugin a settings.schema.json; {} is the smallest.");
    }
    return std::make_unique<LoadedLibrary>(std::move(inspection.file), *entry.value(),
                                           std::move(schema));
  });
  if (!loaded) {
    loaded.failure().kind = Failure::Kind::kConfig;
    registry().refused.insert_or_assign(path, Registry::Refused{sha256, loaded.failure()});
  }
  return loaded;
}

}  // namespace

Result<const LoadedPlugin*> load(PluginFile file) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  const bool usable = file.state == PluginState::kReady || file.state == PluginState::kLoaded;
  if (!usable || !file.path.starts_with('/')) return refusal(file);
  if (const auto found = known.plugins.find(file.path); found != known.plugins.end()) {
    return found->second.get();
  }

  Inspection now = inspect(file.path, loaded_libraries());
  if (now.file.state != PluginState::kReady) return refusal(now.file);
  if (now.file.sha256 != file.sha256) {
    return load_failure(file.path, "changed",
                        fmt::format("it has changed since it was checked (SHA-256 {}, then {})",
                                    file.sha256, now.file.sha256),
                        "Start again; install plugins by renaming, never by overwriting.");
  }
  if (const auto refused = known.refused.find(file.path); refused != known.refused.end()) {
    if (refused->second.sha256 == now.file.sha256) return refused->second.failure;
    return load_failure(file.path, "loaded_before", "another build of this file was loaded before",
                        "Restart marketplug to use this one.");
  }
  now.file.warnings = std::move(file.warnings);
  auto plugin = open_plugin(std::move(now));
  if (!plugin) return plugin.failure();
  return known.plugins.emplace(file.path, std::move(plugin).value()).first->second.get();
}

}  // namespace marketplug::loading
