#pragma once
// What a second source's word about an order means for the stored one, and which comparisons are
// due. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/types.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/capabilities/order_audit.hpp"

namespace marketplug::sync {

inline constexpr std::string_view kAuditJob = "order-audit";
inline constexpr std::string_view kOrdersMissing = "orders_missing";
inline constexpr std::string_view kAuditFailed = "order_audit_failed";
inline constexpr std::size_t kLongestReason = 1000;  ///< bytes of a run's or a finding's message

/// What the store has of an order.
struct Held {
  std::optional<store::OrderHead> head;
  bool parked = false;
};

/// `problem` empty: all is well. nullopt: the import has not got as far as `reached` says that it
/// must have, the order comes by itself. Change times are compared by the second, as reports have
/// them; a state counts where it is further than the stored one.
std::optional<store::AuditFinding> compare(const OrderSighting& sighting, const Held& held,
                                           TimePoint reached);

/// Of a shop's scheduled comparisons.
struct AuditHistory {
  std::optional<TimePoint> first_done;
  std::vector<store::AuditRun> latest;  ///< newest first, a person's among them
};
struct AuditPlan {
  std::vector<store::AuditRun> runs;  ///< empty: nothing is due
  TimePoint next{};                   ///< when to look again, where nothing is
};
/// By change and by placing, over the rolling window, or since the last one that ended well where
/// that is longer ago; within the first three days once a day back to the shop's start date.
AuditPlan plan_audits(const ShopRules& rules, const AuditHistory& history, TimePoint now,
                      TimePoint reached);

/// Whether it takes a person to mend it.
bool stops(const Failure& failure) noexcept;
/// "changed", "placed".
std::string_view by_text(AuditWindow::By by) noexcept;
/// "The marketplace knows 812 orders of …, 811 are held; 1 missing, 0 stale, 0 unsettled."
std::string summary_of(const store::AuditRun& run);
/// The shop's alerts after a comparison has ended.
std::vector<store::Alert> audit_alerts(const store::AuditRun& run);

}  // namespace marketplug::sync
