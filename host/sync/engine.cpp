#include "host/sync/engine.hpp"

#include <algorithm>
#include <array>

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdleSpan{60'000};  ///< "nothing is due within a minute"
constexpr milliseconds kStopGrace{
    3'000};  ///< for plugins to stop; the program itself ends 1.5 s later
constexpr milliseconds kLongestSleep{3'600'000};
constexpr milliseconds kObserverNap{200};

}  // namespace

EngineCore::EngineCore(EngineOptions options, EngineParts parts)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      made_at_(parts_.clock.now()),
      runner_(options_, parts_, stopping_),
      lease_(parts_.store.ownership(), parts_.clock, options_.node, options_.lease) {
  make_host_jobs();
}

EngineCore::~EngineCore() {
  stop();
  std::unique_lock lock(mutex_);
  while (running_ > ends_) {
    lock.unlock();
    parts_.executor.wait_until(parts_.clock.now() + milliseconds{100});
    lock.lock();
  }
  lock.unlock();
  release_shops();
  end_all();
}

void EngineCore::run() {
  Watch watch;
  watch.forever = true;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !driving_ || stopping_.load(); });
    if (driving_ || stopping_.load()) return;
    driving_ = true;
    scheduling_ = true;
  }
  drive(watch);
  release_shops();
}

bool EngineCore::run_due(std::string_view shop, bool until_idle,
                         const std::function<void(const ShopStatus&)>& progress) {
  Watch watch;
  watch.shop = shop;
  watch.until_idle = until_idle;
  watch.progress = progress;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = !driving_;
    if (first) driving_ = true;
  }
  if (first) {
    drive(watch);
  } else {
    observe(watch);
  }
  const std::lock_guard lock(mutex_);
  return ended_well(watch);
}

void EngineCore::stop() {
  stopping_.store(true);
  {
    // Whoever has just looked at the flag is either waiting by now or looks again.
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  parts_.executor.wake();
}

void EngineCore::drive(Watch& watch) {
  struct Leave {
    EngineCore& engine;
    Watch& watch;
    ~Leave() {
      const std::lock_guard lock(engine.mutex_);
      engine.watches_.erase(&watch);
      engine.driving_ = false;
      engine.changed_.notify_all();
    }
  } const leave{*this, watch};
  {
    const std::lock_guard lock(mutex_);
    watches_.insert(&watch);
  }
  while (!stopping_.load()) {
    const TimePoint maintenance = maintain();
    deliver(watch);
    std::unique_lock lock(mutex_);
    if (!loaded_ && !watch.forever) break;
    const TimePoint now = parts_.clock.now();
    follow_clock(now);
    start_host_jobs(now);
    start_due(watch, now);
    if (finished(watch, now)) break;
    TimePoint until = next_wake(watch, now, maintenance);
    lock.unlock();
    until = std::min(until, watch_steps(now));
    parts_.executor.wait_until(until);
  }
  drain();
  deliver(watch);
  end_minute();
}

void EngineCore::end_minute() noexcept {
  if (!parts_.each_minute) return;
  try {
    parts_.each_minute();
  } catch (const std::exception& error) {
    parts_.log.write(Log::Level::kError, "host_job.failed", error.what(), {});
  }
}

void EngineCore::observe(Watch& watch) {
  std::unique_lock lock(mutex_);
  watches_.insert(&watch);
  while (!stopping_.load() && driving_ && !finished(watch, parts_.clock.now())) {
    changed_.wait_for(lock, kObserverNap);
    lock.unlock();
    try {
      deliver(watch);
    } catch (...) {
      lock.lock();
      watches_.erase(&watch);
      throw;
    }
    lock.lock();
  }
  watches_.erase(&watch);
  lock.unlock();
  deliver(watch);
}

void EngineCore::deliver(Watch& watch) {
  std::deque<ShopStatus> news;
  {
    const std::lock_guard lock(mutex_);
    news.swap(watch.news);
  }
  if (!watch.progress) return;
  for (const auto& status : news) watch.progress(status);
}

void EngineCore::start_due(const Watch& watch, TimePoint now) {
  while (running_ < parts_.executor.workers() && !stopping_.load()) {
    const auto shop = queue_.take_due(now, watch.shop);
    if (!shop) return;
    restless_.erase(*shop);
    start_step(shops_.find(*shop)->second, now);
  }
}

void EngineCore::start_step(const EntryPtr& entry, TimePoint now) {
  const auto turn = next_turn(*entry, now);
  if (turn && turn->kind != JobKind::kOrders) return start_background(entry, turn->kind);
  begin_use(*entry);
  entry->in_step = true;
  ++running_;
  StepInput input{entry->record, entry->token, entry->job, entry->fresh, !entry->trouble.empty()};
  entry->fresh = false;
  parts_.executor.post([this, entry, input = std::move(input)] {
    const StepReport report = runner_.order_step(entry->work, input);
    finish_step(entry, input.shop.revision, report);
  });
}

void EngineCore::finish_step(const EntryPtr& entry, std::int64_t revision,
                             const StepReport& report) {
  const std::lock_guard lock(mutex_);
  entry->in_step = false;
  entry->job = report.job;
  entry->record.state = report.state;
  entry->record.state_reason = report.reason;
  entry->plugin = report.plugin;
  entry->trouble = report.trouble;
  entry->no_connector = report.no_connector;
  entry->caught_up = report.caught_up;
  // What a step has learned of another revision says nothing about this one.
  if (entry->record.revision == revision) {
    if (report.caught_up) entry->was_caught_up = true;
    if (report.no_returns) entry->imports_returns = false;
  }
  const bool again = entry->triggered || entry->record.revision != revision;
  entry->active = !report.nothing_to_do || again;
  if (again) {
    entry->triggered = false;
    entry->job.due_at = parts_.clock.now();
    entry->job.state = "queued";
  }
  finish_use(entry, report);
}

/// What every step of the scheduler ends with, under the lock.
void EngineCore::finish_use(const EntryPtr& entry, const StepReport& report) {
  --running_;
  set_busy(*entry, false);
  entry->counts.inserted += report.counts.inserted;
  entry->counts.updated += report.counts.updated;
  entry->counts.unchanged += report.counts.unchanged + report.counts.stale;
  entry->counts.parked += report.counts.parked;
  ++entry->steps;
  if (report.fenced) {
    entry->token.reset();
    entry->fresh = true;
    claim_wanted_.store(true);
  }
  requeue(entry);
  if (!entry->record.enabled) end_connector(entry);
  end_removed(entry);
  for (Watch* watch : watches_) {
    const bool wanted = watch->progress && (watch->shop.empty() || watch->shop == entry->record.id);
    if (wanted) watch->news.push_back(status_of(*entry));
  }
  changed_.notify_all();
}

void EngineCore::set_busy(ShopEntry& entry, bool busy) {
  if (entry.busy == busy) return;
  entry.busy = busy;
  in_use_ = busy ? in_use_ + 1 : in_use_ - 1;
}

void EngineCore::begin_use(ShopEntry& entry) {
  set_busy(entry, true);
  entry.step_started = parts_.clock.now();
  entry.overdue_told = {};
  entry.given_up = false;
}

/// To be called after every change of an entry that decides about its next step: each wake-up of
/// the scheduler costs the same, however many shops there are, because all that it looks at is kept
/// here.
void EngineCore::requeue(const EntryPtr& entry) {
  if (entry->removed) return;  // its place may be that of a new shop of the same id
  if (!entry->record.enabled && entry->record.state != "disabled") {
    wrongly_on_.insert(entry->record.id);
  }
  const bool able = entry->record.enabled && entry->token && !entry->busy && entry->persons == 0;
  queue_.erase(entry->record.id);
  restless_.erase(entry->record.id);
  if (!able) return;
  if (const auto turn = next_turn(*entry, TimePoint::min())) {
    queue_.put(entry->record.id, turn->due, turn->priority);
  }
  const bool restless = imports_next(*entry) && !entry->caught_up;
  const bool audits = entry->audits && entry->audit_asked;
  if (audits && (!restless || entry->audit.due_at < entry->job.due_at)) {
    restless_.put(entry->record.id, entry->audit.due_at, JobPriority::kBackground);
  } else if (restless) {
    restless_.put(entry->record.id, entry->job.due_at, JobPriority::kPresent);
  }
}

/// A shop that has caught up waits for its next poll, however soon that is: nobody waits with it.
bool EngineCore::finished(const Watch& watch, TimePoint now) const {
  if (watch.forever || claim_wanted_.load()) return false;
  if (watch.shop.empty()) {
    if (in_use_ > 0) return false;
  } else {
    const auto found = shops_.find(watch.shop);
    if (found == shops_.end()) return true;
    if (found->second->busy || found->second->persons > 0) return false;
  }
  const auto due = queue_.next_due(watch.shop);
  if (due && *due <= now) return false;
  if (!watch.until_idle) return true;
  const auto soon = restless_.next_due(watch.shop);
  return !soon || *soon > now + kIdleSpan;
}

bool EngineCore::ended_well(const Watch& watch) const {
  if (!loaded_ || (!watch.shop.empty() && !shops_.contains(watch.shop))) return false;
  for (const auto& [id, entry] : shops_) {
    if (!watch.shop.empty() && watch.shop != id) continue;
    if (!entry->record.enabled) {
      if (!watch.shop.empty()) return false;
      continue;
    }
    const bool well = entry->token && entry->trouble.empty() && entry->job.failures == 0 &&
                      entry->job.state != "dead";
    if (!well) return false;
  }
  return true;
}

TimePoint EngineCore::next_wake(const Watch& watch, TimePoint now, TimePoint maintenance) const {
  TimePoint until = std::min(now + kLongestSleep, maintenance);
  if (running_ >= parts_.executor.workers()) return until;
  for (const auto& job : host_jobs_) {
    if (!job.running) until = std::min(until, job.due);
  }
  return std::min(until, queue_.next_due(watch.shop).value_or(until));
}

void EngineCore::drain() {
  const TimePoint give_up = parts_.clock.now() + kStopGrace;
  std::unique_lock lock(mutex_);
  while (running_ > 0 && parts_.clock.now() < give_up) {
    lock.unlock();
    parts_.executor.wait_until(give_up);
    lock.lock();
  }
  for (const auto& [id, entry] : shops_) {
    if (!entry->busy) continue;
    const auto plugin = name_of_plugin(*entry);
    const std::array<LogField, 2> fields{{{"shop", id}, {"plugin", plugin}}};
    parts_.log.write(Log::Level::kError, "step.will_not_stop",
                     "The plugin does not come back although the program stops.", fields);
  }
}

std::unique_ptr<Engine> make_engine(EngineOptions options, EngineParts parts) {
  return std::make_unique<EngineCore>(std::move(options), std::move(parts));
}

}  // namespace marketplug::sync
