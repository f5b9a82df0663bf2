#pragma once
// The engine's inside. One mutex guards what is known of the shops and the queue; no store, plugin
// or caller's code runs under it. Store calls about ownership run under a mutex of their own, taken
// first. A ShopEntry's `work` belongs to whoever set `busy`.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "host/sync/job_queue.hpp"
#include "host/sync/lease.hpp"
#include "host/sync/step_runner.hpp"
#include "host/sync/sync.hpp"

namespace marketplug::sync {

/// Of a connector; a use of its entry like a step. One that waits for a worker is not late.
enum class Ending : std::uint8_t { kNo, kWaits, kUnderWay };

struct ShopEntry {
  store::ShopRecord record;
  std::optional<store::OwnerToken> token;
  store::JobRecord job;      ///< the import of orders
  store::JobRecord returns;  ///< their import, whenever none of orders is due
  store::JobRecord audit;    ///< of orders, the same
  bool active = true;        ///< false: the shop imports no orders
  bool busy = false;         ///< a step, a person or the connector's end uses `work`
  bool in_step = false;      ///< busy with a step of the scheduler
  Ending ending = Ending::kNo;
  bool imports_returns = true;  ///< false: there are none to import until the shop changes
  bool audits = true;           ///< false: there are none to make until the shop changes
  bool audit_asked = false;     ///< a person waits for one, also where no schedule is kept
  bool audit_again = false;     ///< asked for while a step of one was under way
  bool was_caught_up = false;   ///< in this process: what is compared must have been imported
  bool removed = false;         ///< gone from the store, waits for its step and connector to end
  bool triggered = false;       ///< asked for while busy or not owned
  bool fresh = false;           ///< see StepInput
  bool no_connector = false;
  bool caught_up = false;    ///< nothing but the next poll is to come
  TimePoint step_started{};  ///< or a person's turn, or the connector's end
  TimePoint overdue_told{};  ///< of what is under way
  bool given_up = false;     ///< the same
  bool adopted = false;      ///< this process has owned the shop before
  int persons = 0;           ///< who wait for `work`; they come before steps
  std::string plugin, trouble;
  ImportCounts counts;
  std::uint64_t steps = 0;
  ShopWork work;
};
using EntryPtr = std::shared_ptr<ShopEntry>;

/// Until its first step is over, only the shop's document says it.
std::string name_of_plugin(const ShopEntry& entry);

class EngineCore final : public Engine {
 public:
  EngineCore(EngineOptions options, EngineParts parts);
  ~EngineCore() override;
  EngineCore(const EngineCore&) = delete;
  EngineCore& operator=(const EngineCore&) = delete;

  void run() override;
  bool run_due(std::string_view shop, bool until_idle,
               const std::function<void(const ShopStatus&)>& progress) override;
  void stop() override;
  void reload() override;
  void trigger(std::string_view shop) override;
  std::vector<ShopStatus> status() const override;
  Result<std::vector<Finding>> check(std::string_view shop) override;
  Result<std::vector<std::int64_t>> audit(std::string_view shop, std::string_view who,
                                          TimePoint from, TimePoint until) override;
  Result<store::UpsertOutcome> fetch_order(std::string_view shop, std::string_view id) override;

 private:
  /// What one caller of run() or run_due() is interested in.
  struct Watch {
    std::string shop;  ///< empty: all
    bool forever = false;
    bool until_idle = false;
    std::function<void(const ShopStatus&)> progress;
    std::deque<ShopStatus> news;
  };
  struct HostJob {
    std::string name;
    std::chrono::milliseconds period{};
    std::function<void()> work;
    TimePoint due = TimePoint::min();
    bool running = false;
  };
  class PersonTurn;

  // engine.cpp: the scheduler
  void drive(Watch& watch);
  void observe(Watch& watch);
  void start_due(const Watch& watch, TimePoint now);
  void start_step(const EntryPtr& entry, TimePoint now);
  void finish_step(const EntryPtr& entry, std::int64_t revision, const StepReport& report);
  void finish_use(const EntryPtr& entry, const StepReport& report);
  bool finished(const Watch& watch, TimePoint now) const;
  bool ended_well(const Watch& watch) const;
  TimePoint next_wake(const Watch& watch, TimePoint now, TimePoint maintenance) const;
  void deliver(Watch& watch);
  void drain();
  void end_minute() noexcept;
  void requeue(const EntryPtr& entry);
  void set_busy(ShopEntry& entry, bool busy);
  void begin_use(ShopEntry& entry);
  ShopStatus status_of(const ShopEntry& entry) const;

  // engine_clock.cpp
  void follow_clock(TimePoint now);

  // engine_overdue.cpp: steps that do not come back. Returns when to look again.
  TimePoint watch_steps(TimePoint now);

  // engine_background.cpp
  enum class JobKind : std::uint8_t { kOrders, kReturns, kAudit };
  struct Turn {
    JobKind kind = JobKind::kOrders;
    TimePoint due{};
    JobPriority priority = JobPriority::kPresent;
  };
  bool imports_next(const ShopEntry& entry) const;
  bool returns_next(const ShopEntry& entry) const;
  bool audits_next(const ShopEntry& entry) const;
  std::optional<Turn> next_turn(const ShopEntry& entry, TimePoint now) const;
  void start_background(const EntryPtr& entry, JobKind kind);
  void finish_audit(ShopEntry& entry, std::int64_t revision, const StepReport& report);

  // engine_ends.cpp: connectors that are not needed any more
  void end_connector(const EntryPtr& entry);
  void end_removed(const EntryPtr& entry);
  void end_all();
  std::vector<EntryPtr> under_way() const;

  // engine_host_jobs.cpp
  void make_host_jobs();
  void start_host_jobs(TimePoint now);
  void run_host_job(std::size_t index);
  void hold_retention(TimePoint now);
  void purge();

  // engine_shops.cpp: what the store says about shops and their owner. Returns when to come again.
  TimePoint maintain();
  void load_shops();
  void claim_shops();
  void adopt(const store::OwnerToken& token, const std::vector<store::InFlightMark>& marks);
  void settle_mark(const store::InFlightMark& mark);
  void record_crash(const store::InFlightMark& mark);
  void record_interruption(const store::InFlightMark& mark);
  void settle_disabled();
  void void_tokens();
  void release_shops();
  void release(const store::OwnerToken& token);
  void note_maintenance(const std::string& trouble);
  EntryPtr find_entry(std::string_view shop);
  EntryPtr entry_for_person(std::string_view shop);

  const EngineOptions options_;
  EngineParts parts_;
  const TimePoint made_at_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> reload_wanted_{true};
  std::atomic<bool> claim_wanted_{false};
  StepRunner runner_;

  std::mutex ownership_mutex_;
  Lease lease_;
  std::deque<store::OwnerToken> claimed_;  ///< ours, but not adopted yet
  TimePoint last_claim_{};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, EntryPtr, std::less<>> shops_;
  std::vector<EntryPtr> leaving_;  ///< removed, and their connectors have not ended
  JobQueue queue_;
  JobQueue restless_;       ///< of these, the ones that a run until idle waits for
  std::size_t in_use_ = 0;  ///< entries that are busy, and persons who wait for one
  std::set<std::string, std::less<>> wrongly_on_;  ///< disabled, and their state may not say so
  std::set<std::string, std::less<>> asked_;       ///< triggered before the load that brings them
  std::string maintenance_trouble_;
  std::vector<HostJob> host_jobs_;
  std::set<Watch*> watches_;
  std::size_t running_ = 0;
  std::size_t ends_ = 0;  ///< of those, the ends of connectors
  bool driving_ = false;
  bool scheduling_ = false;  ///< audits follow their schedule: in run() alone
  bool loaded_ = false;
  TimePoint last_now_ = TimePoint::min();
};

}  // namespace marketplug::sync
