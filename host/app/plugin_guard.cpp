#include "host/app/plugin_guard.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <chrono>

#include "marketplug/model/time.hpp"

namespace marketplug::app {
namespace {

constexpr std::size_t kMostCrashes = 3;
constexpr std::chrono::hours kWithin{1};

/// Whose connector was ended by the call ("plugin amazon: destroy"): no mark tells of it, since it
/// is no step. Empty: it was another call.
std::string destroyed_by(std::string_view where) {
  constexpr std::string_view kBegin = "plugin ", kEnd = ": destroy";
  if (!where.starts_with(kBegin) || !where.ends_with(kEnd)) return {};
  where.remove_prefix(kBegin.size());
  where.remove_suffix(kEnd.size());
  return std::string(where);
}

/// Whether a call ("amazon.fetch_orders", "plugin amazon: create") is one of this plugin's.
bool is_of(std::string_view where, const std::string& plugin) {
  return where.starts_with(plugin + ".") || where.starts_with("plugin " + plugin + ":");
}

}  // namespace

PluginGuard::PluginGuard(GuardParts parts) : parts_(std::move(parts)) {
  const auto& left = parts_.left;
  if (left.cause.empty()) return;
  const std::array<LogField, 2> fields{{{"cause", left.cause}, {"in", left.where}}};
  parts_.log.write(Log::Level::kError, "program.crashed",
                   "The program before this one was ended by itself or by a plugin. Where it "
                   "happens again and no plugin is counted for it, report it.",
                   fields);
  const auto plugin = destroyed_by(left.where);
  if (!plugin.empty()) count(crash_of(plugin, ""));
}

bool PluginGuard::blame(const store::InFlightMark& mark) {
  const auto& left = parts_.left;
  if (left.cause.empty() || mark.plugin.empty()) return false;
  // On a thread that no call was made on, it may have been any of those under way.
  if (!left.where.empty() && !is_of(left.where, mark.plugin)) return false;
  count(crash_of(mark.plugin, mark.shop));
  return true;
}

store::PluginCrash PluginGuard::crash_of(const std::string& plugin, const std::string& shop) const {
  const auto& left = parts_.left;
  return {plugin, "run " + left.run, shop, parts_.clock.now(),
          fmt::format("the program was ended by {}{}", left.cause,
                      left.where.empty() ? "" : " in " + left.where)};
}

void PluginGuard::crashed(std::string_view plugin, std::string_view how) noexcept {
  try {
    const TimePoint now = parts_.clock.now();
    const auto occasion = fmt::format("worker {}", now.time_since_epoch().count());
    count({std::string(plugin), occasion, "", now, fmt::format("its process {}", how)});
  } catch (const std::exception& error) {
    const std::array<LogField, 1> fields{{{"plugin", plugin}}};
    parts_.log.write(Log::Level::kError, "plugin.crash_not_counted", error.what(), fields);
  }
}

void PluginGuard::count(const store::PluginCrash& crash) {
  auto& history = parts_.store.plugins();
  history.add_crash(crash);
  const auto recent = history.crashes(crash.plugin, crash.at - kWithin);
  const std::string number = std::to_string(recent.size());
  const std::array<LogField, 3> fields{
      {{"plugin", crash.plugin}, {"cause", crash.cause}, {"within_an_hour", number}}};
  parts_.log.write(Log::Level::kError, "plugin.crash_counted", "A plugin took its process down.",
                   fields);
  const std::array<MetricLabel, 1> labels{{{"plugin", crash.plugin}}};
  parts_.metrics.count("plugin_crashes_total", 1, labels);
  if (recent.size() < kMostCrashes) return;
  history.quarantine({crash.plugin, crash.at,
                      fmt::format("it crashed {} times within an hour; the last time {}",
                                  recent.size(), crash.cause)});
  parts_.log.write(Log::Level::kError, "plugin.quarantined",
                   "The plugin is not started any more until a person releases it.", fields);
}

std::optional<Failure> quarantine_of(std::string_view plugin,
                                     const std::vector<store::PluginQuarantine>& quarantined) {
  for (const auto& quarantine : quarantined) {
    if (quarantine.plugin != plugin) continue;
    Failure failure;
    failure.kind = Failure::Kind::kConfig;
    failure.code = "quarantined";
    failure.message = fmt::format("plugin {} is in quarantine since {}: {}", plugin,
                                  format_time(quarantine.since), quarantine.reason);
    failure.remedy = fmt::format(
        "Report it to the plugin's author, install a mended version, then run `marketplug plugins "
        "release {}`. With `isolation: process` it can only take itself down.",
        plugin);
    return failure;
  }
  return std::nullopt;
}

std::optional<Failure> PluginGuard::refused(std::string_view plugin) {
  return quarantine_of(plugin, parts_.store.plugins().quarantined());
}

bool PluginGuard::release(std::string_view plugin) {
  return parts_.store.plugins().release(plugin);
}

void PluginGuard::used(const loading::PluginFile& file) noexcept {
  try {
    struct stat status {};
    if (::stat(file.path.c_str(), &status) != 0) return;
    auto& history = parts_.store.plugins();
    const auto before = history.file(file.id());
    const auto inode = static_cast<std::int64_t>(status.st_ino);
    if (before && before->sha256 == file.sha256 && before->path == file.path) return;
    history.put_file({file.id(), file.path, file.sha256, inode, parts_.clock.now()});
    if (!before) return;
    const std::string id = file.id();
    const std::array<LogField, 4> fields{
        {{"plugin", id}, {"file", file.path}, {"sha256", file.sha256}, {"before", before->sha256}}};
    const bool overwritten = before->path == file.path && before->inode == inode;
    parts_.log.write(
        overwritten ? Log::Level::kWarning : Log::Level::kInfo,
        overwritten ? "plugin.overwritten" : "plugin.replaced",
        overwritten ? "The plugin's file was written over instead of renamed into place, which "
                      "crashes a program that runs it. Install by renaming."
                    : "The plugin's file is another one than the last time.",
        fields);
  } catch (const std::exception& error) {
    parts_.log.write(Log::Level::kWarning, "plugin.file_not_noted", error.what(), {});
  }
}

}  // namespace marketplug::app
