// Steps and ends of connectors that do not come back. A plugin in this process cannot be ended
// alone: it is reported, and at last the whole process is given up, while the mark of the step
// stays to say whose fault it was.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "host/sync/engine.hpp"
#include "host/sync/step.hpp"

namespace marketplug::sync {
namespace {

constexpr std::chrono::seconds kTellAgain{60};

struct Overdue {
  std::string shop, plugin;
  std::chrono::seconds by;
  bool give_up;
  bool ending;
};

}  // namespace

std::string name_of_plugin(const ShopEntry& entry) {
  return entry.plugin.empty() ? plugin_in(entry.record) : entry.plugin;
}

TimePoint EngineCore::watch_steps(TimePoint now) {
  std::vector<Overdue> overdue;
  TimePoint next = TimePoint::max();
  {
    const std::lock_guard lock(mutex_);
    const auto look = [&](const EntryPtr& entry) {
      if (!entry->busy || entry->given_up || entry->ending == Ending::kWaits) return;
      const TimePoint deadline = entry->step_started + options_.step_deadline;
      const TimePoint gives_up = deadline + options_.give_up_after;
      const TimePoint tells =
          std::max(deadline + options_.overdue_after, entry->overdue_told + kTellAgain);
      next = std::min({next, tells > now ? tells : now + kTellAgain, std::max(gives_up, now)});
      const bool given_up = now >= gives_up;
      if (!given_up && now < tells) return;
      entry->given_up = given_up;
      entry->overdue_told = now;
      const auto by = std::chrono::duration_cast<std::chrono::seconds>(now - deadline);
      entry->trouble = fmt::format("The plugin has been overdue for {} s.", by.count());
      overdue.push_back({entry->record.id, name_of_plugin(*entry), by, given_up,
                         entry->ending == Ending::kUnderWay});
    };
    for (const auto& [id, entry] : shops_) look(entry);
    for (const auto& entry : leaving_) look(entry);
  }
  for (const auto& [shop, plugin, by, give_up, ending] : overdue) {
    const std::string seconds = std::to_string(by.count());
    const std::array<LogField, 3> fields{
        {{"shop", shop}, {"plugin", plugin}, {"overdue_seconds", seconds}}};
    parts_.log.write(Log::Level::kError, give_up ? "step.given_up" : "step.overdue",
                     give_up ? "The plugin does not come back; the process is given up."
                             : "The plugin does not come back from a step, or the end of its "
                               "connector, whose time is up.",
                     fields);
    const std::array<MetricLabel, 1> labels{{{"shop", shop}}};
    parts_.metrics.count("sync_overdue_total", 1, labels);
    if (give_up && parts_.give_up) parts_.give_up(shop, plugin, ending);
  }
  return next;
}

}  // namespace marketplug::sync
