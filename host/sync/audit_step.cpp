// Steps of an order audit: what a second source knows of a window is compared with the store, and
// what is missing or old is fetched through the order source, one order a step.
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "host/json/fit_text.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/step.hpp"
#include "host/sync/step_runner.hpp"

namespace marketplug::sync {
namespace {

constexpr std::string_view kReading = "reading";
constexpr std::string_view kFetching = "fetching";
/// In a row, of one order: about half an hour, with the longest back-off.
constexpr std::int64_t kMostOrderFailures = 12;
/// Three orders refused one after the other: it is the account, not the orders.
constexpr std::int64_t kMostRefusals = 3;
/// Nothing was imported yet: a look costs nothing.
constexpr std::chrono::minutes kUntilImported{5};
/// However long the import stands still: what is older than that must have been imported.
constexpr std::chrono::hours kLongestBehind{2};
constexpr std::size_t kRunsLookedAt = 100;

/// Up to when everything must have been imported. An import that stands still is no excuse once it
/// has reached the present.
std::optional<TimePoint> reached_by(store::Store& store, const StepInput& input,
                                    std::chrono::seconds poll, TimePoint now) {
  for (const auto& job : store.progress().jobs(input.shop.id)) {
    if (job.kind != kOrderJob || !job.complete_until) continue;
    if (!input.was_caught_up) return job.complete_until;
    return std::max(*job.complete_until,
                    now - std::max<std::chrono::seconds>(4 * poll, kLongestBehind));
  }
  return std::nullopt;
}

/// It will be the same tomorrow, and must not keep the others waiting.
bool is_about_the_order(const Failure& failure, std::int64_t failures) {
  if (stops(failure)) return failures + 1 < kMostRefusals;
  return failure.kind == Failure::Kind::kRemote || failures >= kMostOrderFailures;
}

void goes_well(store::AuditRun& run) {
  run.failing_since.reset();
  run.message.clear();
  run.remedy.clear();
}

std::string_view outcome_of(const ImportCounts& counts) {
  if (counts.parked > 0 && !counts.last) return "parked";
  if (!counts.last) return "unknown";
  switch (*counts.last) {
    case store::UpsertOutcome::kInserted:
      return "imported";
    case store::UpsertOutcome::kUpdated:
      return "updated";
    case store::UpsertOutcome::kUnchanged:
    case store::UpsertOutcome::kStale:
      break;
  }
  return "unchanged";
}

store::AuditFinding settled(store::AuditFinding finding, std::string_view outcome,
                            std::string_view message, TimePoint now) {
  finding.outcome = outcome;
  finding.settled_at = now;
  finding.message = json::fit_text(message, kLongestReason);
  return finding;
}

}  // namespace

StepReport StepRunner::audit_step(ShopWork& work, const StepInput& input) const {
  return run_step(work, input, kAuditJob,
                  [&](Step& step, StepReport& report) { audit(step, input, report); });
}

void StepRunner::audit(Step& step, const StepInput& input, StepReport& report) const {
  step.mark();
  const TimePoint now = parts_.clock.now();
  if (const auto connected = step.connect(); !connected) {
    put_off(step, after_no_connector(connected.failure(), report.job, now, options_, parts_.random),
            report);
    return tell(input, connected.failure(), report);
  }
  auto run = parts_.store.order_audits().next(input.shop.id);
  const ShopRules& rules = step.connector().rules;
  const auto reached = reached_by(parts_.store, input, rules.poll, now);
  if (!run) return plan(step, input, reached, report);
  if (!step.has_order_audit()) {
    return refuse_audit(
        step, std::move(*run),
        fmt::format("The plugin {} knows no second source of orders.", step.plugin()),
        "Orders of this shop cannot be audited.", report);
  }
  if (!rules.import_orders) {
    return refuse_audit(step, std::move(*run), "The shop imports no orders.",
                        "Switch their import on in the shop's settings, then ask again.", report);
  }
  if (!reached) {
    return refuse_audit(step, std::move(*run), "The shop's orders have not been imported yet.",
                        "Import them with `marketplug sync`, then ask again.", report);
  }
  if (run->state == kFetching) {
    fetch_finding(step, input, std::move(*run), report);
  } else {
    read_sightings(step, input, std::move(*run), *reached, report);
  }
}

/// Nothing is under way: what the schedule wants, or a rest until it wants something.
void StepRunner::plan(Step& step, const StepInput& input, std::optional<TimePoint> reached,
                      StepReport& report) const {
  const TimePoint now = parts_.clock.now();
  const ShopRules& rules = step.connector().rules;
  if (!rules.import_orders || !rules.audit_orders || !step.has_order_audit()) {
    report.nothing_to_do = true;
    step.commit(*step.begin());
    return;
  }
  if (!input.keeps_schedule || !reached) {
    report.caught_up = true;
    report.job.due_at = now + kUntilImported;
    step.commit(*step.begin());
    return;
  }
  auto& audits = parts_.store.order_audits();
  const AuditPlan plan = plan_audits(
      rules, {audits.first_done(input.shop.id), audits.list(input.shop.id, kRunsLookedAt)}, now,
      *reached);
  AfterStep after =
      after_page(report.job, now, false, std::nullopt, std::nullopt, rules.poll, parts_.random);
  if (plan.runs.empty()) after.job.due_at = std::max(plan.next, now);
  const auto transaction = step.begin();
  for (const auto& run : plan.runs) transaction->add_audit(run);
  transaction->save_job(after.job);
  step.commit(*transaction);
  report.job = after.job;
  report.caught_up = plan.runs.empty();
}

void StepRunner::read_sightings(Step& step, const StepInput& input, store::AuditRun run,
                                TimePoint reached, StepReport& report) const {
  auto page = step.fetch_sightings(run.window, run.place);
  const StagedState staged = step.take_staged_state();
  const TimePoint now = parts_.clock.now();
  if (!page) return audit_failed(step, input, std::move(run), page.failure(), report);
  const auto& read = page.value();
  if (!read.caught_up && !read.look_again_at && read.next == run.place) {
    return audit_failed(step, input, std::move(run), no_progress(step.plugin()), report);
  }
  std::vector<std::string_view> ids;
  for (const auto& sighting : read.items) ids.push_back(sighting.id);
  const auto parked = parts_.store.parked().open(input.shop.id, kOrderKind, ids);
  if (!run.started_at) run.started_at = now;
  goes_well(run);
  run.state = kReading;
  run.place = read.next;

  const auto transaction = step.begin();
  for (const auto& sighting : read.items) {
    const Held held{transaction->order_head(sighting.id), parked.contains(sighting.id)};
    auto finding = compare(sighting, held, reached);
    if (!finding) {
      ++run.later;
      continue;
    }
    // Fetched for this very word before, and nothing was new: not again every few hours.
    if (finding->problem == "stale" && transaction->was_unchanged(*finding)) {
      finding->problem.clear();
      finding->outcome.clear();
    }
    if (!transaction->note_finding(run.id, *finding)) continue;
    ++run.known;
    if (finding->problem != "missing") ++run.held;
    if (finding->problem == "missing") ++run.missing;
    if (finding->problem == "stale") ++run.stale;
  }
  if (read.caught_up) {
    run.state = kFetching;
    run.place = {};
    if (run.missing + run.stale == 0) end(run, now);
  }
  AfterStep after =
      after_page(report.job, now, false, read.caught_up ? std::nullopt : read.look_again_at,
                 std::nullopt, step.connector().rules.poll, parts_.random);
  put_staged_state(*transaction, staged);
  commit_audit(step, *transaction, run, after.job);
  report.job = after.job;
  tell_audit(run);
}

void StepRunner::fetch_finding(Step& step, const StepInput& input, store::AuditRun run,
                               StepReport& report) const {
  const TimePoint now = parts_.clock.now();
  auto open = parts_.store.order_audits().findings(run.id, true, 1);
  if (open.empty()) {
    end(run, now);
    return save_audit(step, run, report);
  }
  store::AuditFinding finding = std::move(open.front());
  auto page = step.fetch_one(finding.order);
  const StagedState staged = step.take_staged_state();
  const auto other = page ? other_id(finding.order, page.value()) : std::nullopt;
  if (other) page = other_order(step.plugin(), finding.order, *other);
  AfterStep after = after_page(report.job, now, false, std::nullopt, std::nullopt,
                               step.connector().rules.poll, parts_.random);
  if (!page) {
    if (!is_about_the_order(page.failure(), report.job.failures)) {
      return audit_failed(step, input, std::move(run), page.failure(), report);
    }
    ++run.unsettled;
    if (stops(page.failure())) after.job.failures = report.job.failures + 1;
    const auto transaction = step.begin();
    transaction->settle_finding(run.id,
                                settled(std::move(finding), "failed", page.failure().message, now));
    commit_audit(step, *transaction, run, after.job);
    report.job = after.job;
    return;
  }
  PreparedPage prepared = prepare_page(std::move(page.value()), step.connector().rules, now);
  goes_well(run);
  const std::int64_t unsettled_before = run.unsettled;
  report.counts = import_one(
      step, input, prepared, staged,
      [&](store::ShopTransaction& transaction, const ImportCounts& counts) {
        const auto outcome = outcome_of(counts);
        const bool unknown = outcome == "unknown";
        run.unsettled = unsettled_before + (unknown ? 1 : 0);
        transaction.settle_finding(
            run.id, settled(finding, outcome,
                            unknown ? "The marketplace does not give this order." : "", now));
        commit_audit(step, transaction, run, after.job);
      });
  report.job = after.job;
}

}  // namespace marketplug::sync
