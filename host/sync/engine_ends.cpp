// The end of a shop's connector: its plugin's destructor and whatever that waits for. It runs on a
// worker and is watched like a step, so that a plugin that hangs there keeps nobody else waiting.
#include <algorithm>
#include <array>
#include <string>

#include "host/sync/engine.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{100};
constexpr milliseconds kTellAfter{3'000};  ///< before the program itself ends after a signal

}  // namespace

/// Under the lock. Nothing for who is busy: whoever is comes here again.
void EngineCore::end_connector(const EntryPtr& entry) {
  if (entry->busy || entry->persons > 0 || !entry->work.connector) return;
  begin_use(*entry);
  entry->ending = Ending::kWaits;
  entry->plugin = entry->work.connector->plugin;
  ++running_;
  ++ends_;
  parts_.executor.post([this, entry] {
    {
      const std::lock_guard lock(mutex_);
      entry->ending = Ending::kUnderWay;
      entry->step_started = parts_.clock.now();
    }
    entry->work.connector.reset();
    const std::lock_guard lock(mutex_);
    --running_;
    --ends_;
    set_busy(*entry, false);
    entry->ending = Ending::kNo;
    if (entry->overdue_told != TimePoint{}) entry->trouble.clear();
    requeue(entry);
    end_removed(entry);
    changed_.notify_all();
  });
}

/// Under the lock, after each use of an entry: a shop that is gone keeps its connector no longer.
void EngineCore::end_removed(const EntryPtr& entry) {
  if (!entry->removed || entry->busy || entry->persons > 0) return;
  end_connector(entry);
  if (!entry->busy) std::erase(leaving_, entry);
}

/// The last thing that the engine does. A connector that does not end would keep the program from
/// ending; steps are not looked after any more by now.
void EngineCore::end_all() {
  std::unique_lock lock(mutex_);
  for (const auto& [id, entry] : shops_) end_connector(entry);
  const TimePoint begun = parts_.clock.now();
  bool told = false, given_up = false;
  while (running_ > 0) {
    lock.unlock();
    parts_.executor.wait_until(parts_.clock.now() + kLook);
    lock.lock();
    const TimePoint now = parts_.clock.now();
    if (!told && now >= begun + std::min<milliseconds>(kTellAfter, options_.end_within)) {
      told = true;
      for (const auto& entry : under_way()) {
        const std::array<LogField, 2> fields{
            {{"shop", entry->record.id}, {"plugin", entry->plugin}}};
        parts_.log.write(Log::Level::kError, "connector.will_not_end",
                         "The plugin does not come back from the end of its connector.", fields);
      }
    }
    const auto left = under_way();
    if (given_up || now < begun + options_.end_within || left.empty()) continue;
    given_up = true;
    const std::string shop = left.front()->record.id, plugin = left.front()->plugin;
    lock.unlock();
    if (parts_.give_up) parts_.give_up(shop, plugin, true);
    lock.lock();
  }
}

std::vector<EntryPtr> EngineCore::under_way() const {
  std::vector<EntryPtr> all = leaving_;
  for (const auto& [id, entry] : shops_) all.push_back(entry);
  std::erase_if(all, [](const EntryPtr& entry) { return entry->ending != Ending::kUnderWay; });
  return all;
}

}  // namespace marketplug::sync
