#include "host/app/plugin_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "host/config/plugin_settings.hpp"
#include "host/services/config_failure.hpp"

namespace marketplug::app {
namespace {

void mark_loaded(loading::PluginFile& file, const loading::LoadedPlugin& loaded) {
  file.state = loading::PluginState::kLoaded;
  if (file.sha256 == loaded.file().sha256) return;
  file.warnings.push_back(
      {"file_changed", fmt::format("{}: the file is another one than the one that runs", file.path),
       "Restart marketplug to use the new one."});
}

/// A plugin whose settings nobody can check is of no use to any shop.
Result<const loading::LoadedPlugin*> with_usable_schema(const loading::LoadedPlugin* plugin) {
  try {
    const config::PluginSettings settings(plugin->settings_schema());
    return plugin;
  } catch (const std::invalid_argument& error) {
    return services::config_failure("bad_settings_schema",
                                    fmt::format("{}: the plugin cannot be configured: its {}",
                                                plugin->file().path, error.what()),
                                    "This is a defect of the plugin: report it to its author.");
  }
}

}  // namespace

std::vector<loading::PluginFile> PluginCatalogue::list() {
  auto files = loading::scan(options_);
  const std::lock_guard lock(mutex_);
  for (auto& file : files) {
    const auto loaded = loaded_.find(file.id());
    if (loaded != loaded_.end() && loaded->second->file().path == file.path) {
      mark_loaded(file, *loaded->second);
    } else if (const auto failed = failed_.find(file.path);
               failed != failed_.end() && failed->second.sha256 == file.sha256) {
      const auto& failure = failed->second.failure;
      file.state = loading::PluginState::kFailed;
      file.reasons.push_back({failure.code, failure.message, failure.remedy});
    }
  }
  return files;
}

Result<const loading::LoadedPlugin*> PluginCatalogue::get(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  const auto files = loading::scan(options_);
  const auto ready = std::find_if(files.begin(), files.end(), [&](const auto& file) {
    return file.id() == id && file.state == loading::PluginState::kReady;
  });
  const auto any =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.id() == id; });
  const auto found = ready != files.end() ? ready : any;
  if (found == files.end()) return no_such_plugin(id, files);
  auto loaded = loading::load(*found);
  if (loaded) loaded = with_usable_schema(loaded.value());
  if (loaded) {
    loaded_.emplace(id, loaded.value());
    failed_.erase(found->path);
  } else if (found->state == loading::PluginState::kReady) {
    failed_.insert_or_assign(found->path, Failed{found->sha256, loaded.failure()});
  }
  return loaded;
}

std::optional<std::string> settings_schema(const PluginLookup& plugins, std::string_view id) {
  const auto plugin = plugins(id);
  if (!plugin) return std::nullopt;
  return std::string(plugin.value()->settings_schema());
}

Failure PluginCatalogue::no_such_plugin(std::string_view id,
                                        const std::vector<loading::PluginFile>& files) const {
  auto failure = services::config_failure(
      "no_such_plugin", fmt::format("there is no plugin {} in {}", id, options_.folder),
      "Put the plugin's .so into that folder, or correct `plugin`; `marketplug plugins "
      "list` shows what is there.");
  for (const auto& file : files) {
    if (!file.id().empty()) continue;
    // One of these may be it.
    for (const auto& reason : file.reasons) {
      failure.message += "; " + reason.message;
      failure.remedy += " " + reason.remedy;
    }
  }
  return failure;
}

loading::ScanOptions scan_options(const config::HostConfig& config) {
  loading::ScanOptions options;
  options.folder = config.plugins.folder.empty() ? default_plugins_folder() : config.plugins.folder;
  options.pins.assign(config.plugins.pins.begin(), config.plugins.pins.end());
  return options;
}

std::string default_plugins_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "/usr/lib/marketplug/plugins";
  return (program.parent_path() / "../lib/marketplug/plugins").lexically_normal().string();
}

}  // namespace marketplug::app
