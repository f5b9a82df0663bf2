#pragma once
// One step of one shop: mark, call the plugin, store what came of it in one transaction. Every
// failure ends in the report; nothing is thrown. The engine sees to it that a ShopWork has one
// user at a time; different ones run side by side.

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/store/store.hpp"
#include "host/sync/failure_policy.hpp"
#include "host/sync/importer.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/model/return.hpp"

namespace marketplug::sync {

inline constexpr std::string_view kOrderJob = "order-source";

using StagedState = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// What belongs to the shop's steps alone.
struct ShopWork {
  std::optional<ShopConnector> connector;
  std::int64_t revision = 0;  ///< of the shop that the connector was made for
  bool stale = false;         ///< ownership was lost since: the next step makes a new connector
  std::optional<store::InFlightMark> left_mark;  ///< could not be cleared yet
};

/// The shop as it was when the step began.
struct StepInput {
  store::ShopRecord shop;
  std::optional<store::OwnerToken> token;
  store::JobRecord job;
  bool fresh = false;  ///< the connector's knowledge is void (ownership was lost): make a new one
  bool in_trouble = false;      ///< the last step could not be stored
  bool was_caught_up = false;   ///< the import has reached the present before
  bool keeps_schedule = false;  ///< audits begin by their schedule, not only when asked for
};

struct StepReport {
  store::JobRecord job;
  std::string state, reason;  ///< of the shop, as stored
  std::string plugin;
  std::string trouble;         ///< why the store could not be written; empty: it could
  bool nothing_to_do = false;  ///< the shop imports no orders: no job until it changes
  bool no_connector = false;   ///< it could not be made
  bool no_returns = false;     ///< the plugin has none to read, or the shop wants none
  bool fenced = false;
  bool caught_up = false;
  bool failed = false;   ///< counted or stopped
  bool unsaved = false;  ///< `job` tells how the plugin failed, but is not in the store
  ImportCounts counts;   ///< of orders
  ImportCounts returns;
};

class StepRunner {
 public:
  /// All must outlive the runner. `stopping`: reads give up when it becomes true.
  StepRunner(const EngineOptions& options, const EngineParts& parts,
             const std::atomic<bool>& stopping)
      : options_(options), parts_(parts), stopping_(stopping) {}

  /// The next page of orders.
  StepReport order_step(ShopWork& work, const StepInput& input) const;
  /// What is next of the shop's order audits. Its failures do not touch the shop's state.
  StepReport audit_step(ShopWork& work, const StepInput& input) const;
  /// The next page of returns. Its failures do not touch the shop's state either.
  StepReport return_step(ShopWork& work, const StepInput& input) const;
  /// One order by id, for a person; job and cursor stay. Failure kTransient, code "not_owned" where
  /// the token is missing or lost; kRemote, code "parked" or "unknown_order".
  Result<store::UpsertOutcome> fetch_order(ShopWork& work, const StepInput& input,
                                           std::string_view id) const;
  Result<std::vector<Finding>> check(ShopWork& work, const StepInput& input) const;
  /// Tries again to clear a mark that a failing store left.
  void clear_left_mark(ShopWork& work) const noexcept;

 private:
  class Step;

  /// Calls `body`; whatever it throws ends in the report.
  StepReport run_step(ShopWork& work, const StepInput& input, std::string_view kind,
                      const std::function<void(Step&, StepReport&)>& body) const;
  void read_page(Step& step, const StepInput& input, StepReport& report) const;
  void store_page(Step& step, const StepInput& input, Page<Order>&& page, const Cursor& cursor,
                  StepReport& report) const;
  void store_failure(Step& step, const AfterStep& after, StepReport& report) const;
  void rest(Step& step, StepReport& report) const;
  /// One order that was asked for by its id, as the marketplace has it now. `finish` commits.
  ImportCounts import_one(
      Step& step, const StepInput& input, PreparedPage& prepared, const StagedState& staged,
      const std::function<void(store::ShopTransaction&, const ImportCounts&)>& finish) const;

  // return_step.cpp
  void read_returns(Step& step, const StepInput& input, StepReport& report) const;
  void store_returns(Step& step, const StepInput& input, Page<BuyerReturn>&& page,
                     const StagedState& staged, StepReport& report) const;
  void returns_failed(Step& step, const StepInput& input, const Failure& failure,
                      StepReport& report) const;

  // audit_step.cpp, audit_outcome.cpp
  void audit(Step& step, const StepInput& input, StepReport& report) const;
  void plan(Step& step, const StepInput& input, std::optional<TimePoint> reached,
            StepReport& report) const;
  void read_sightings(Step& step, const StepInput& input, store::AuditRun run, TimePoint reached,
                      StepReport& report) const;
  void fetch_finding(Step& step, const StepInput& input, store::AuditRun run,
                     StepReport& report) const;
  void audit_failed(Step& step, const StepInput& input, store::AuditRun run, const Failure& failure,
                    StepReport& report) const;
  void refuse_audit(Step& step, store::AuditRun run, std::string_view message,
                    std::string_view remedy, StepReport& report) const;
  void put_off(Step& step, AfterStep after, StepReport& report) const;
  void save_audit(Step& step, const store::AuditRun& run, StepReport& report) const;
  void commit_audit(Step& step, store::ShopTransaction& transaction, const store::AuditRun& run,
                    const store::JobRecord& job) const;
  static void end(store::AuditRun& run, TimePoint now);
  void tell_audit(const store::AuditRun& run) const;

  void note_trouble(Step& step, const store::StoreError& error, StepReport& report) const;
  void tell(const StepInput& input, const Failure& failure, const StepReport& report) const;
  void tell_recovered(const StepInput& input, const StepReport& report) const;
  void tell_wish(const StepInput& input, const AfterStep& after) const;
  void count(const StepInput& input, const StepReport& report) const;

  const EngineOptions& options_;
  const EngineParts& parts_;
  const std::atomic<bool>& stopping_;
};

}  // namespace marketplug::sync
