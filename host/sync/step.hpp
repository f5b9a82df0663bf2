#pragma once
// The parts of one step that every kind of step needs: connector, mark, context, transaction. Lives
// on the stack of the worker for the length of the step; borrows everything.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/sync/step_runner.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"

namespace marketplug::sync {

void put_staged_state(store::ShopTransaction& transaction, const StagedState& staged);

/// What the shop's document names: known before the connector is, so that a crash or a hang while
/// it is made has a name too.
std::string plugin_in(const store::ShopRecord& shop);

/// The first id of the page that was not asked for; an unreadable order may lack its own.
std::optional<std::string> other_id(std::string_view asked, const Page<Order>& page);
/// The same place again and nothing to wait for: left alone, it would spin for ever.
Failure no_progress(const std::string& plugin);
/// The page failed several times for reasons of the store: its refused items are parked then, even
/// where the store's error does not say that it is about one of them.
bool was_refused_often(const store::JobRecord& job);
Failure other_order(const std::string& plugin, std::string_view asked, std::string_view given);

class StepRunner::Step {
 public:
  Step(const StepRunner& runner, ShopWork& work, const StepInput& input,
       std::string_view capability);

  /// In a transaction of its own, before any plugin code. Throws StoreError.
  void mark();
  /// The connector of this revision, made when needed.
  Result<Done> connect();
  ShopConnector& connector() { return *work_.connector; }
  const std::string& plugin() const noexcept { return plugin_; }

  Result<Page<Order>> fetch_page(const Cursor& cursor);
  Result<Page<Order>> fetch_one(std::string_view id);
  bool has_order_audit();
  Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window, const Cursor& place);
  bool has_returns();
  Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor);
  Result<std::vector<Finding>> check();
  StepTiming timing() const;

  /// Throws StoreError, kFenced where there is no token.
  std::unique_ptr<store::ShopTransaction> begin();
  /// What the call staged, whether it went well or not: nothing is left for the next step.
  StagedState take_staged_state();
  void set_state(store::ShopTransaction& transaction, std::string_view state,
                 std::string_view reason);
  /// Clears the mark and commits.
  void commit(store::ShopTransaction& transaction);
  /// The mark stays until the store works again; not after a lost fence, the shop is another's.
  void abandon_mark(bool fenced) noexcept;

 private:
  bool keeps_raw() const noexcept;
  template <class Call>
  auto call(std::string_view method, Call&& body);

  const StepRunner& runner_;
  ShopWork& work_;
  const StepInput& input_;
  std::string capability_;
  std::string plugin_;
  std::optional<store::InFlightMark> mark_;
  TimePoint started_, deadline_;
};

}  // namespace marketplug::sync
