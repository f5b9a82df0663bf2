// What people ask of a running engine: check, one order, "now", "how is it going".
#include <fmt/core.h>

#include "host/sync/engine.hpp"

namespace marketplug::sync {

/// The shop's connector for one caller, before any further step; blocks until the step under way
/// has ended.
class EngineCore::PersonTurn {
 public:
  PersonTurn(EngineCore& engine, EntryPtr entry) : engine_(engine), entry_(std::move(entry)) {
    std::unique_lock lock(engine_.mutex_);
    ++entry_->persons;
    ++engine_.in_use_;
    engine_.requeue(entry_);
    engine_.changed_.wait(lock, [this] { return !entry_->busy || engine_.stopping_.load(); });
    --entry_->persons;
    --engine_.in_use_;
    held_ = !engine_.stopping_.load();
    if (!held_) return;
    engine_.begin_use(*entry_);
  }
  ~PersonTurn() {
    {
      const std::lock_guard lock(engine_.mutex_);
      if (held_) {
        engine_.set_busy(*entry_, false);
        if (entry_->overdue_told != TimePoint{}) entry_->trouble.clear();
      }
      engine_.requeue(entry_);
      engine_.end_removed(entry_);
      engine_.changed_.notify_all();
    }
    engine_.parts_.executor.wake();
  }
  PersonTurn(const PersonTurn&) = delete;
  PersonTurn& operator=(const PersonTurn&) = delete;

  bool held() const noexcept { return held_; }
  ShopWork& work() { return entry_->work; }
  StepInput input() const {
    const std::lock_guard lock(engine_.mutex_);
    StepInput input{entry_->record, entry_->token, entry_->job, entry_->fresh, false};
    entry_->fresh = false;
    return input;
  }
  void lost_token() {
    const std::lock_guard lock(engine_.mutex_);
    entry_->token.reset();
    entry_->fresh = true;
    engine_.claim_wanted_.store(true);
  }

 private:
  EngineCore& engine_;
  EntryPtr entry_;
  bool held_ = false;
};

namespace {

constexpr std::size_t kRunsCompared = 50;
/// Of two persons who ask for all up to now.
constexpr std::chrono::minutes kSameMoment{10};

Failure unknown_shop(std::string_view shop) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = "unknown_shop";
  failure.message = fmt::format("There is no shop {}.", shop);
  failure.remedy = "marketplug shops list shows them.";
  return failure;
}

/// Who asks again while the shop stands still does not ask for more and more.
std::optional<std::int64_t> open_run_like(store::Store& store, const store::AuditRun& run) {
  for (const auto& other : store.order_audits().list(run.shop, kRunsCompared)) {
    const bool same = !other.ended_at && !other.started_at && !other.asked_by.empty() &&
                      other.window.by == run.window.by;
    const bool covers = other.window.from <= run.window.from + kSameMoment &&
                        other.window.until + kSameMoment >= run.window.until;
    if (same && covers) return other.id;
  }
  return std::nullopt;
}

Failure stopping() {
  Failure failure;
  failure.kind = Failure::Kind::kCancelled;
  failure.code = "stopping";
  failure.message = "The program is stopping.";
  return failure;
}

}  // namespace

/// A shop that is not known yet may have come into the store since the last look.
EntryPtr EngineCore::entry_for_person(std::string_view shop) {
  maintain();
  if (EntryPtr entry = find_entry(shop)) return entry;
  reload();
  maintain();
  return find_entry(shop);
}

Result<std::vector<Finding>> EngineCore::check(std::string_view shop) {
  const EntryPtr entry = entry_for_person(shop);
  if (!entry) return unknown_shop(shop);
  PersonTurn turn(*this, entry);
  if (!turn.held()) return stopping();
  return runner_.check(turn.work(), turn.input());
}

Result<store::UpsertOutcome> EngineCore::fetch_order(std::string_view shop, std::string_view id) {
  const EntryPtr entry = entry_for_person(shop);
  if (!entry) return unknown_shop(shop);
  PersonTurn turn(*this, entry);
  if (!turn.held()) return stopping();
  auto fetched = runner_.fetch_order(turn.work(), turn.input(), id);
  if (fetched || fetched.failure().code != "not_owned") return fetched;
  // The lease may have run out while nobody drove the engine: once more with a new one.
  turn.lost_token();
  reload();
  maintain();
  return runner_.fetch_order(turn.work(), turn.input(), id);
}

Result<std::vector<std::int64_t>> EngineCore::audit(std::string_view shop, std::string_view who,
                                                    TimePoint from, TimePoint until) {
  const EntryPtr entry = entry_for_person(shop);
  if (!entry) return unknown_shop(shop);
  std::vector<std::int64_t> runs;
  for (const auto by : {AuditWindow::By::kChanged, AuditWindow::By::kPlaced}) {
    store::AuditRun run;
    run.shop = shop;
    run.asked_by = who;
    run.asked_at = parts_.clock.now();
    run.window = {by, from, until};
    run.state = "waiting";
    const auto open = open_run_like(parts_.store, run);
    runs.push_back(open ? *open : parts_.store.order_audits().add(run));
  }
  {
    const std::lock_guard lock(mutex_);
    entry->audits = entry->audit_asked = entry->audit_again = true;
    entry->audit.due_at = parts_.clock.now();
    requeue(entry);
  }
  parts_.executor.wake();
  return runs;
}

void EngineCore::reload() {
  reload_wanted_.store(true);
  parts_.executor.wake();
}

void EngineCore::trigger(std::string_view shop) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = shops_.find(shop);
    if (found == shops_.end()) {
      asked_.emplace(shop);
      return;
    }
    ShopEntry& entry = *found->second;
    // Without a token the job is read again when the shop is adopted.
    if (entry.in_step || !entry.token) entry.triggered = true;
    if (!entry.in_step) {
      entry.active = true;
      entry.job.due_at = parts_.clock.now();
      entry.job.state = "queued";
      requeue(found->second);
    }
  }
  parts_.executor.wake();
}

std::vector<ShopStatus> EngineCore::status() const {
  const std::lock_guard lock(mutex_);
  std::vector<ShopStatus> all;
  all.reserve(shops_.size());
  for (const auto& [id, entry] : shops_) all.push_back(status_of(*entry));
  return all;
}

ShopStatus EngineCore::status_of(const ShopEntry& entry) const {
  ShopStatus status;
  status.shop = entry.record.id;
  status.plugin = entry.plugin;
  status.state = entry.record.state;
  status.trouble = entry.trouble.empty() ? maintenance_trouble_ : entry.trouble;
  if (status.trouble.empty() && !entry.token && loaded_) {
    status.trouble = "Not owned by this process: another one has the shop.";
  }
  status.reason = status.trouble.empty() ? entry.record.state_reason : status.trouble;
  if (entry.active) {
    status.jobs.push_back(entry.job);
    if (entry.in_step) status.jobs.back().state = "running";
  }
  status.orders_new = entry.counts.inserted;
  status.orders_updated = entry.counts.updated;
  status.orders_unchanged = entry.counts.unchanged;
  status.parked = entry.counts.parked;
  status.steps = entry.steps;
  if (entry.record.enabled && entry.active && entry.job.state != "dead") {
    status.next_due = entry.job.due_at;
  }
  return status;
}

}  // namespace marketplug::sync
