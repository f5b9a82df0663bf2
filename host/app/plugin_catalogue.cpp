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

using std::chrono::milliseconds;

constexpr milliseconds kFirstRepeat{60'000};
constexpr milliseconds kLongestRepeat{3'600'000};
constexpr const char* kBadSchema = "bad_settings_schema";

/// What a trial says of the machine, perhaps, and not of the file.
bool may_heal(std::string_view code) {
  return code == "probe_hung" || code == "probe_crashed" || code == "dlopen_failed" ||
         code == "no_worker";
}

void warn_of_change(loading::PluginFile& file, const loading::LoadedPlugin& used) {
  if (file.sha256 == used.file().sha256) return;
  file.warnings.push_back(
      {"file_changed", fmt::format("{}: the file is another one than the one that runs", file.path),
       "Restart marketplug to use the new one."});
}

/// A plugin whose settings nobody can check is of no use to any shop.
std::optional<Failure> wrong_with_schema(const std::string& path, std::string_view schema) {
  try {
    const config::PluginSettings settings(schema);
    return std::nullopt;
  } catch (const std::invalid_argument& error) {
    return services::config_failure(
        kBadSchema, fmt::format("{}: the plugin cannot be configured: its {}", path, error.what()),
        "This is a defect of the plugin: report it to its author.");
  }
}

loading::PluginReason reason_of(const Failure& failure) {
  return {failure.code, failure.message, failure.remedy};
}

Failure refusal_of(const loading::PluginFile& file) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  for (const auto& reason : file.reasons) {
    if (failure.code.empty()) failure.code = reason.code;
    failure.message += (failure.message.empty() ? "" : "; ") + reason.message;
    failure.remedy += (failure.remedy.empty() ? "" : " ") + reason.remedy;
  }
  return failure;
}

}  // namespace

PluginCatalogue::PluginCatalogue(CatalogueParts parts)
    : options_(std::move(parts.scan)),
      spawner_(std::move(parts.spawner)),
      isolation_{*spawner_, std::move(parts.worker), std::move(parts.crashed),
                 std::move(parts.refused)},
      used_(std::move(parts.used)),
      stopped_(std::move(parts.stopped)),
      steady_(std::move(parts.steady)) {}

std::vector<loading::PluginFile> PluginCatalogue::list() {
  auto files = loading::scan(options_);
  Lock lock(mutex_);
  for (auto& file : files) {
    add_trial(file, lock);
    add_use(file);
  }
  return files;
}

loading::PluginFile PluginCatalogue::examine(const std::string& path) {
  auto file = loading::examine(path, options_);
  Lock lock(mutex_);
  add_trial(file, lock);
  return file;
}

/// Checks 8 to 10 of a file that has passed those before: no code of it runs in this process.
void PluginCatalogue::add_trial(loading::PluginFile& file, Lock& lock) {
  if (file.state != loading::PluginState::kReady) return;
  const auto schema = try_out(file, lock);
  if (schema) return;
  file.state = loading::PluginState::kFailed;
  auto& reason = file.reasons.emplace_back(reason_of(schema.failure()));
  reason.by_trial = reason.code != kBadSchema;  // which is found here, in what a good trial gave
}

void PluginCatalogue::add_use(loading::PluginFile& file) {
  for (const auto* used : {&loaded_, &remote_}) {
    const auto found = used->find(file.id());
    if (found == used->end() || found->second->file().path != file.path) continue;
    if (file.state == loading::PluginState::kReady) file.state = loading::PluginState::kLoaded;
    warn_of_change(file, *found->second);
    break;
  }
  const auto failed = failed_.find(file.path);
  if (failed != failed_.end() && failed->second.sha256 == file.sha256 &&
      file.state == loading::PluginState::kReady) {
    file.state = loading::PluginState::kFailed;
    file.reasons.push_back(reason_of(failed->second.failure));
  }
  if (!isolation_.refused || file.id().empty()) return;
  if (const auto refused = isolation_.refused(file.id())) {
    file.state = loading::PluginState::kQuarantined;
    file.reasons.push_back(reason_of(*refused));
  }
}

/// The settings schema, or what the trial or the schema has against it. Once for each content,
/// unless it may end otherwise.
Result<std::string> PluginCatalogue::try_out(const loading::PluginFile& file, Lock& lock) {
  const std::string key = file.sha256 + " " + file.path;
  trial_over_.wait(lock, [&] { return !under_way_.contains(key); });
  if (const auto known = trials_.find(key); known != trials_.end() && !known->second.stale) {
    return known->second.schema;
  }
  if (stopped_ && stopped_()) return isolation::probe_stopped(file);
  struct UnderWay {
    PluginCatalogue& catalogue;
    Lock& lock;
    const std::string& key;
    ~UnderWay() {
      lock.lock();
      catalogue.under_way_.erase(key);
      catalogue.trial_over_.notify_all();
    }
  };
  auto schema = [&] {
    under_way_.insert(key);
    const UnderWay under_way{*this, lock, key};
    lock.unlock();
    return run_trial(file);
  }();
  keep_trial(key, schema);
  return schema;
}

Result<std::string> PluginCatalogue::run_trial(const loading::PluginFile& file) {
  auto schema = isolation::probe(isolation_.spawner, isolation_.options, file, stopped_);
  if (!schema) return schema;
  if (auto wrong = wrong_with_schema(file.path, schema.value())) return *std::move(wrong);
  return schema;
}

void PluginCatalogue::keep_trial(const std::string& key, const Result<std::string>& schema) {
  auto& trial = trials_.try_emplace(key, Trial{schema}).first->second;
  trial.schema = schema;
  const std::string_view code = schema ? "" : std::string_view(schema.failure().code);
  trial.stale = code == "no_worker" || code == "probe_stopped";  // says nothing of the file
  if (!may_heal(code)) {
    trial.again.reset();
    return;
  }
  if (trial.again) return;
  milliseconds wait = kFirstRepeat;
  for (int i = 0; i < trial.repeats && wait < kLongestRepeat; ++i) wait *= 2;
  trial.again = steady_() + std::min(wait, kLongestRepeat);
  ++trial.repeats;
}

bool PluginCatalogue::trial_due() {
  const Lock lock(mutex_);
  const milliseconds now = steady_();
  bool any = false;
  for (auto& [key, trial] : trials_) {
    if (!trial.again || *trial.again > now) continue;
    trial.again.reset();
    trial.stale = true;
    any = true;
  }
  return any;
}

Result<const isolation::RemotePlugin*> PluginCatalogue::tried(std::string_view id, Lock& lock) {
  auto files = loading::scan(options_);
  const auto ready = std::find_if(files.begin(), files.end(), [&](const auto& file) {
    return file.id() == id && file.state == loading::PluginState::kReady;
  });
  const auto any =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.id() == id; });
  const auto found = ready != files.end() ? ready : any;
  if (found == files.end()) return no_such_plugin(id, files);
  if (found->state != loading::PluginState::kReady) return refusal_of(*found);
  auto schema = try_out(*found, lock);
  if (!schema) return schema.failure();
  for (const auto& known : described_) {
    if (known->file().path == found->path && known->file().sha256 == found->sha256) {
      return known.get();
    }
  }
  return described_
      .emplace_back(std::make_unique<isolation::RemotePlugin>(
          std::move(*found), std::move(schema).value(), isolation_))
      .get();
}

Result<const loading::LoadedPlugin*> PluginCatalogue::describe(std::string_view id) {
  Lock lock(mutex_);
  if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  const auto plugin = tried(id, lock);
  if (!plugin) return plugin.failure();
  return plugin.value();
}

Result<const loading::LoadedPlugin*> PluginCatalogue::get(std::string_view id, Isolation how) {
  Lock lock(mutex_);
  if (how == Isolation::kNone) {
    if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  }
  const auto plugin = tried(id, lock);
  if (!plugin) return plugin.failure();
  // Others may have come first while a trial ran.
  if (how == Isolation::kNone) {
    if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  }
  if (how == Isolation::kProcess) {
    const auto [place, fresh] = remote_.insert_or_assign(std::string(id), plugin.value());
    if (fresh) note_use(*place->second);
    return plugin.value();
  }
  auto file = plugin.value()->file();
  file.state = loading::PluginState::kReady;
  auto loaded = loading::load(file);
  if (!loaded) {
    failed_.insert_or_assign(file.path, Failed{file.sha256, loaded.failure()});
    return loaded;
  }
  loaded_.emplace(id, loaded.value());
  failed_.erase(file.path);
  note_use(*loaded.value());
  return loaded;
}

void PluginCatalogue::note_use(const loading::LoadedPlugin& plugin) {
  if (used_) used_(plugin.file());
}

std::optional<std::string> settings_schema(const PluginLookup& plugins, std::string_view id) {
  const auto plugin = plugins(id);
  if (!plugin) return std::nullopt;
  return std::string(plugin.value()->settings_schema());
}

Failure PluginCatalogue::no_such_plugin(std::string_view id,
                                        const std::vector<loading::PluginFile>& files) const {
  // The folder itself is refused: nobody has looked what is in it.
  if (files.size() == 1 && files[0].path == options_.folder) return refusal_of(files[0]);
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

CatalogueParts catalogue_parts(const config::HostConfig& config) {
  CatalogueParts parts;
  parts.scan = scan_options(config);
  parts.worker.program = isolation::default_worker_program();
  return parts;
}

std::string default_plugins_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "/usr/lib/marketplug/plugins";
  return (program.parent_path() / "../lib/marketplug/plugins").lexically_normal().string();
}

}  // namespace marketplug::app
