#include "host/sync/order_audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "host/json/fit_text.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr days kLookedBack{3};  ///< after the first comparison of a shop that ended well
constexpr days kDeepEvery{1};   ///< meanwhile
constexpr std::size_t kLongestWord = 100;

/// Which of two states an order reaches later. Who cancelled it never ships it again.
int stage(OrderState state) noexcept {
  switch (state) {
    case OrderState::kPending:
      return 1;
    case OrderState::kOpen:
      return 2;
    case OrderState::kPartiallyShipped:
      return 3;
    case OrderState::kShipped:
      return 4;
    case OrderState::kCancelled:
      return 5;
    case OrderState::kNeedsCorrection:
      return 6;
  }
  return 6;
}

bool is_stale(const OrderSighting& sighting, const store::OrderHead& head) {
  const bool newer =
      sighting.changed_at && floor<seconds>(*sighting.changed_at) > floor<seconds>(head.changed_at);
  const bool further = sighting.state && stage(*sighting.state) > stage(head.state);
  const bool known_newer = sighting.changed_at && head.changed_at > *sighting.changed_at;
  return newer || (further && !known_newer);
}

std::string word(std::string_view text) { return json::fit_text(text, kLongestWord); }

store::AuditRun scheduled(const ShopRules& rules, AuditWindow::By by, TimePoint from,
                          TimePoint until, TimePoint now) {
  store::AuditRun run;
  run.shop = rules.id;
  run.asked_at = now;
  run.window = {by, from, until};
  run.state = "waiting";
  return run;
}

/// When it was last asked for by the schedule, back to `from` at least.
std::optional<TimePoint> last_scheduled(const AuditHistory& history,
                                        std::optional<TimePoint> from) {
  for (const auto& run : history.latest) {
    const bool far = !from || run.window.from <= *from;
    if (run.asked_by.empty() && far) return run.asked_at;
  }
  return std::nullopt;
}

/// Up to where both of the schedule's comparisons have ended well.
std::optional<TimePoint> last_done(const AuditHistory& history) {
  std::optional<TimePoint> reached;
  for (const auto by : {AuditWindow::By::kChanged, AuditWindow::By::kPlaced}) {
    const auto found = std::find_if(
        history.latest.begin(), history.latest.end(), [by](const store::AuditRun& run) {
          return run.asked_by.empty() && run.state == "done" && run.window.by == by;
        });
    if (found == history.latest.end()) return std::nullopt;
    if (!reached || found->window.until < *reached) reached = found->window.until;
  }
  return reached;
}

}  // namespace

bool stops(const Failure& failure) noexcept {
  return failure.kind == Failure::Kind::kConfig || failure.kind == Failure::Kind::kAuth;
}

std::string_view by_text(AuditWindow::By by) noexcept {
  return by == AuditWindow::By::kChanged ? "changed" : "placed";
}

std::optional<store::AuditFinding> compare(const OrderSighting& sighting, const Held& held,
                                           TimePoint reached) {
  const auto latest = sighting.changed_at ? sighting.changed_at : sighting.placed_at;
  const bool comes_by_itself = latest && *latest >= reached;
  store::AuditFinding finding;
  finding.order = sighting.id;
  finding.marketplace = word(sighting.marketplace);
  finding.marketplace_status = word(sighting.marketplace_status);
  finding.placed_at = sighting.placed_at;
  finding.changed_at = sighting.changed_at;
  if (!held.head && !held.parked) {
    if (comes_by_itself) return std::nullopt;
    finding.problem = "missing";
  } else if (held.head && !comes_by_itself && is_stale(sighting, *held.head)) {
    finding.problem = "stale";
  }
  if (!finding.problem.empty()) finding.outcome = "open";
  return finding;
}

AuditPlan plan_audits(const ShopRules& rules, const AuditHistory& history, TimePoint now,
                      TimePoint reached) {
  AuditPlan plan;
  const auto last = last_scheduled(history, std::nullopt);
  // A clock that was set back must not put it off for longer than it ever waits.
  const bool due = !last || now >= *last + rules.audit_every || now < *last;
  if (!due) {
    plan.next = *last + rules.audit_every;
    return plan;
  }
  TimePoint from = reached - rules.audit_window;
  if (const auto done = last_done(history)) from = std::min(from, *done);
  if (rules.start_date && from < *rules.start_date) from = *rules.start_date;
  const bool is_new = !history.first_done || now < *history.first_done + kLookedBack;
  if (is_new && rules.start_date && *rules.start_date < from) {
    const auto deep = last_scheduled(history, rules.start_date);
    if (!deep || now >= *deep + kDeepEvery) from = *rules.start_date;
  }
  plan.next = now + rules.audit_every;
  if (from >= reached) return plan;
  for (const auto by : {AuditWindow::By::kChanged, AuditWindow::By::kPlaced}) {
    plan.runs.push_back(scheduled(rules, by, from, reached, now));
  }
  return plan;
}

std::string summary_of(const store::AuditRun& run) {
  return fmt::format(
      "The marketplace knows {} orders {} from {} to {}; {} of them were held, {} missing, {} "
      "stale; {} could not be settled.",
      run.known, by_text(run.window.by), format_time(run.window.from),
      format_time(run.window.until), run.held, run.missing, run.stale, run.unsettled);
}

std::vector<store::Alert> audit_alerts(const store::AuditRun& run) {
  std::vector<store::Alert> alerts;
  if (run.state == "failed") {
    if (!run.asked_by.empty()) return alerts;  // whoever asked reads it
    store::Alert& failed = alerts.emplace_back();
    failed.code = kAuditFailed;
    failed.message =
        fmt::format("Whether orders are missing could not be found out: {}", run.message);
    failed.remedy = run.remedy;
  } else if (run.unsettled > 0) {
    store::Alert& missing = alerts.emplace_back();
    missing.code = kOrdersMissing;
    missing.message = fmt::format(
        "{} orders that the marketplace's reports name could not be fetched.", run.unsettled);
    missing.remedy = fmt::format(
        "`marketplug audit show {}` names them; look at them at the marketplace, and fetch them "
        "with `marketplug orders resync ID`.",
        run.id);
  }
  return alerts;
}

}  // namespace marketplug::sync
