// What the store says about shops: which there are, which are ours, what a crash left behind.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "host/sync/engine.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/order_events.hpp"
#include "host/sync/return_import.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenClaims{1'000};
constexpr milliseconds kMaintenanceRetry{1'000};
constexpr milliseconds kClockDoubt{60'000};
constexpr milliseconds kFarthestDue = kLongestWish + std::chrono::hours{1};

/// Whether a change of the shop should be tried now. What backs off or was throttled keeps its
/// time: the marketplace does not know that a setting changed.
bool tries_now(const store::JobRecord& job) {
  return job.state != "queued" || job.last_code.empty();
}

store::JobRecord first_job(const std::string& shop, std::string_view kind, TimePoint now) {
  store::JobRecord job;
  job.shop = shop;
  job.kind = kind;
  job.state = "queued";
  job.due_at = now;
  return job;
}

void make_due(store::JobRecord& job, TimePoint now) {
  job.due_at = now;
  if (job.state == "dead") job.state = "queued";
}

}  // namespace

TimePoint EngineCore::maintain() {
  const std::lock_guard own(ownership_mutex_);
  const TimePoint now = parts_.clock.now();
  const bool load = reload_wanted_.exchange(false);
  // In either direction: the clock may have been set back.
  const bool rested = now < last_claim_ || now >= last_claim_ + kBetweenClaims;
  const bool claim = (claim_wanted_.load() || !claimed_.empty()) && (load || rested);
  try {
    if (claim && claim_wanted_.load()) lease_.look_now();
    const bool lease_due = lease_.due();
    if (lease_due && lease_.keep()) void_tokens();
    if (load) load_shops();
    if (load || claim || lease_due) {
      last_claim_ = now;
      claim_shops();
      claim_wanted_.store(false);
    }
    settle_disabled();
    note_maintenance("");
  } catch (const store::StoreError& error) {
    if (load) reload_wanted_.store(true);
    note_maintenance(error.what());
    return now + kMaintenanceRetry;
  }
  TimePoint next = lease_.next();
  if (claim_wanted_.load() || !claimed_.empty())
    next = std::min(next, last_claim_ + kBetweenClaims);
  return next;
}

/// One line when the trouble begins or changes, one when it is over.
void EngineCore::note_maintenance(const std::string& trouble) {
  {
    const std::lock_guard lock(mutex_);
    if (trouble == maintenance_trouble_) return;
    maintenance_trouble_ = trouble;
  }
  if (trouble.empty()) {
    parts_.log.write(Log::Level::kInfo, "store.recovered", "The store works again.", {});
  } else {
    parts_.log.write(Log::Level::kError, "store.trouble", trouble, {});
  }
}

void EngineCore::load_shops() {
  auto records = parts_.store.shops().list();
  const std::lock_guard lock(mutex_);
  const TimePoint now = parts_.clock.now();
  std::set<std::string, std::less<>> seen;
  for (auto& record : records) {
    seen.insert(record.id);
    EntryPtr& entry = shops_[record.id];
    if (!entry) {
      entry = std::make_shared<ShopEntry>();
      entry->record = std::move(record);
      entry->job = first_job(entry->record.id, kOrderJob, now);
      entry->returns = first_job(entry->record.id, kReturnJob, now);
      entry->audit = first_job(entry->record.id, kAuditJob, now);
      entry->triggered = asked_.contains(entry->record.id);
      continue;
    }
    const bool changed =
        entry->record.revision != record.revision || entry->record.enabled != record.enabled;
    if (changed) {
      // The engine is the one who writes the state: its own copy is the newer one.
      record.state = entry->record.state;
      record.state_reason = entry->record.state_reason;
      entry->record = std::move(record);
      entry->active = true;
      entry->imports_returns = true;
      entry->audits = true;
      entry->was_caught_up = false;
    }
    const bool mended = entry->no_connector || waits_for_file(entry->job.last_code);
    if ((changed && (tries_now(entry->job) || entry->no_connector)) || mended) {
      make_due(entry->job, now);
    }
    // Nor is a report that is being made ready any sooner; a right that was given is.
    if (changed && entry->returns.failures > 0) make_due(entry->returns, now);
    if (!entry->record.enabled) end_connector(entry);
    requeue(entry);
  }
  for (auto it = shops_.begin(); it != shops_.end();) {
    if (seen.contains(it->first)) {
      ++it;
      continue;
    }
    const EntryPtr gone = std::move(it->second);
    it = shops_.erase(it);
    gone->removed = true;
    queue_.erase(gone->record.id);
    restless_.erase(gone->record.id);
    leaving_.push_back(gone);
    end_removed(gone);
  }
  asked_.clear();
  loaded_ = true;
}

/// A claimed shop that is not adopted would have an owner who never polls it, and nobody could
/// claim it again: the tokens stay until each has been adopted. The one that failed goes to the
/// end, so that it does not keep the others waiting.
void EngineCore::claim_shops() {
  lease_.claim(claimed_);
  if (claimed_.empty()) return;
  const auto marks = parts_.store.progress().marks();
  while (!claimed_.empty()) {
    try {
      adopt(claimed_.front(), marks);
    } catch (const store::StoreError&) {
      std::rotate(claimed_.begin(), claimed_.begin() + 1, claimed_.end());
      throw;
    }
    claimed_.pop_front();
  }
}

void EngineCore::adopt(const store::OwnerToken& token,
                       const std::vector<store::InFlightMark>& marks) {
  for (const auto& mark : marks) {
    if (mark.shop == token.shop) settle_mark(mark);
  }
  const auto record = parts_.store.shops().find(token.shop);
  if (!record) return;
  const TimePoint now = parts_.clock.now();
  store::JobRecord job = first_job(token.shop, kOrderJob, now);
  store::JobRecord returns = first_job(token.shop, kReturnJob, now);
  store::JobRecord audit = first_job(token.shop, kAuditJob, now);
  for (auto& known : parts_.store.progress().jobs(token.shop)) {
    if (known.kind == kOrderJob) {
      job = std::move(known);
    } else if (known.kind == kReturnJob) {
      returns = std::move(known);
    } else if (known.kind == kAuditJob) {
      audit = std::move(known);
    }
  }
  // Written by a clock that was ahead: its due time means nothing. Nor does one that is further
  // away than any rule puts it.
  for (auto* each : {&job, &returns}) {
    const bool clock_was_ahead = each->last_started && *each->last_started > now + kClockDoubt;
    if (clock_was_ahead || each->due_at > now + kFarthestDue) each->due_at = now;
  }
  // What an audit has to do, and when, is in the store: to look again costs nothing.
  audit.due_at = std::min(audit.due_at, now);
  const std::lock_guard lock(mutex_);
  EntryPtr& entry = shops_[token.shop];
  if (!entry) {
    entry = std::make_shared<ShopEntry>();
    entry->record = *record;
  }
  // A start is a person's doing: secrets in the environment change no other way. A lease that was
  // lost and won again is not.
  const bool throttled = job.failures == 0 && !job.last_code.empty();
  const bool stood_still = job.state == "dead" || (record->state == "not_running" && !throttled);
  const bool asked = entry->triggered && !entry->busy;
  if ((!entry->adopted && stood_still) || asked) make_due(job, now);
  if (asked) entry->triggered = false;
  entry->adopted = true;
  entry->token = token;
  if (!entry->busy) {
    entry->job = std::move(job);
    entry->returns = std::move(returns);
    entry->audit = std::move(audit);
  }
  requeue(entry);
}

/// Of a shop that this process has owned before, it was left by a store in trouble or a lost lease,
/// not by a crash; it may even belong to a step that is still under way.
void EngineCore::settle_mark(const store::InFlightMark& mark) {
  bool own = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = shops_.find(mark.shop);
    if (found != shops_.end()) {
      if (found->second->busy) return;
      own = found->second->adopted && mark.node == options_.node;
    }
  }
  const bool blamed = !own && (!parts_.blame || parts_.blame(mark));
  parts_.store.progress().drop_mark(mark);  // may throw; a crash is told once all the same
  if (blamed) record_crash(mark);
  if (!own && !blamed) record_interruption(mark);
}

/// Killed, or without power: nothing says that it was the plugin.
void EngineCore::record_interruption(const store::InFlightMark& mark) {
  const std::string started = format_time(mark.started_at);
  const std::array<LogField, 4> fields{{{"shop", mark.shop},
                                        {"plugin", mark.plugin},
                                        {"capability", mark.capability},
                                        {"started", started}}};
  parts_.log.write(Log::Level::kInfo, "step.interrupted",
                   "The program was ended while this step ran. Nothing is lost, it is repeated.",
                   fields);
}

void EngineCore::record_crash(const store::InFlightMark& mark) {
  const std::string started = format_time(mark.started_at);
  const std::array<LogField, 4> fields{{{"shop", mark.shop},
                                        {"plugin", mark.plugin},
                                        {"capability", mark.capability},
                                        {"started", started}}};
  parts_.log.write(
      Log::Level::kError, "plugin.crashed",
      "The program ended while a step of this plugin ran: the plugin, the program, memory or "
      "power may be why. Nothing is lost, the step is repeated; where it happens again, "
      "look at the system's log and report it to the plugin's author.",
      fields);
  const std::array<MetricLabel, 1> labels{{{"plugin", mark.plugin}}};
  parts_.metrics.count("sync_plugin_crashes_total", 1, labels);
}

/// A disabled shop says so in its state.
void EngineCore::settle_disabled() {
  std::vector<std::pair<store::OwnerToken, std::string>> wrong;
  {
    const std::lock_guard lock(mutex_);
    // Who is busy or not owned comes again by itself, through requeue().
    for (auto it = wrongly_on_.begin(); it != wrongly_on_.end();) {
      const auto found = shops_.find(*it);
      const ShopEntry* entry = found == shops_.end() ? nullptr : found->second.get();
      const bool wanted = entry != nullptr && !entry->record.enabled &&
                          entry->record.state != "disabled" && entry->token && !entry->busy;
      if (wanted) wrong.emplace_back(*entry->token, entry->record.state);
      it = wanted ? std::next(it) : wrongly_on_.erase(it);
    }
  }
  for (const auto& [token, before] : wrong) {
    const auto transaction = parts_.store.begin(token);
    transaction->set_shop_state("disabled", "");
    transaction->append_event(kShopStateChanged, token.shop,
                              shop_state_event_data(before, "disabled", ""));
    transaction->commit();
    const std::lock_guard lock(mutex_);
    wrongly_on_.erase(token.shop);
    const auto found = shops_.find(token.shop);
    if (found == shops_.end()) continue;
    found->second->record.state = "disabled";
    found->second->record.state_reason.clear();
  }
}

void EngineCore::void_tokens() {
  claimed_.clear();
  const std::lock_guard lock(mutex_);
  for (auto& [id, entry] : shops_) {
    if (entry->token) entry->fresh = true;
    entry->token.reset();
    requeue(entry);
  }
}

/// A successor need not wait for the lease to run out.
void EngineCore::release_shops() {
  std::vector<EntryPtr> idle;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : shops_) {
      if (!entry->busy && entry->token) idle.push_back(entry);
    }
  }
  const std::lock_guard own(ownership_mutex_);
  for (const auto& entry : idle) {
    std::optional<store::OwnerToken> token;
    {
      const std::lock_guard lock(mutex_);
      if (entry->busy) continue;
      token = std::exchange(entry->token, std::nullopt);
      requeue(entry);
    }
    if (!token) continue;
    runner_.clear_left_mark(entry->work);
    release(*token);
  }
  for (const auto& token : std::exchange(claimed_, {})) release(token);
  claim_wanted_.store(true);
}

void EngineCore::release(const store::OwnerToken& token) {
  try {
    parts_.store.ownership().release(token);
  } catch (const store::StoreError& error) {
    const std::array<LogField, 1> fields{{{"shop", token.shop}}};
    parts_.log.write(Log::Level::kWarning, "shop.not_released", error.what(), fields);
  }
}

EntryPtr EngineCore::find_entry(std::string_view shop) {
  const std::lock_guard lock(mutex_);
  const auto found = shops_.find(shop);
  return found == shops_.end() ? nullptr : found->second;
}

}  // namespace marketplug::sync
