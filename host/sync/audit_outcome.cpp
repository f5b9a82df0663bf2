// How the steps of an order audit end: the run as it is now, its alerts, and what is told of it.
#include <array>
#include <string>
#include <utility>

#include "host/json/fit_text.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/step.hpp"
#include "host/sync/step_runner.hpp"

namespace marketplug::sync {
namespace {

constexpr std::string_view kAuditAlerts = "audit";
/// A second source may take hours to answer, and a day to be asked again; no person waits so long.
constexpr std::chrono::hours kGivenUpAfter{30}, kPersonWaits{1};

void fail(store::AuditRun& run, std::string_view message, std::string_view remedy, TimePoint now) {
  run.state = "failed";
  run.ended_at = now;
  run.message = json::fit_text(message, kLongestReason);
  run.remedy = json::fit_text(remedy, kLongestReason);
}

}  // namespace

/// The shop's state stays: its import goes on. What cannot be mended by waiting ends the run.
void StepRunner::audit_failed(Step& step, const StepInput& input, store::AuditRun run,
                              const Failure& failure, StepReport& report) const {
  AfterStep after = after_failure(failure, report.job, step.timing(), options_, parts_.random);
  tell_wish(input, after);
  const TimePoint now = parts_.clock.now();
  if (!run.failing_since) run.failing_since = now;
  const auto patience = run.asked_by.empty() ? kGivenUpAfter : kPersonWaits;
  if (!stops(failure) && now < *run.failing_since + patience) {
    run.message = json::fit_text(failure.message, kLongestReason);
    run.remedy = json::fit_text(failure.remedy, kLongestReason);
    report.job = after.job;
    report.failed = true;
    commit_audit(step, *step.begin(), run, after.job);
    return tell(input, failure, report);
  }
  fail(run, failure.message, failure.remedy, now);
  save_audit(step, run, report);
  tell(input, failure, report);
}

/// What could not even begin. A person who asked reads it; the schedule asks for no such thing.
void StepRunner::refuse_audit(Step& step, store::AuditRun run, std::string_view message,
                              std::string_view remedy, StepReport& report) const {
  fail(run, message, remedy, parts_.clock.now());
  save_audit(step, run, report);
}

void StepRunner::put_off(Step& step, AfterStep after, StepReport& report) const {
  after.shop_state.clear();
  store_failure(step, after, report);
}

/// The run as it is now; the next step follows at once.
void StepRunner::save_audit(Step& step, const store::AuditRun& run, StepReport& report) const {
  const AfterStep after = after_page(report.job, parts_.clock.now(), false, std::nullopt,
                                     std::nullopt, std::chrono::seconds{1}, parts_.random);
  const auto transaction = step.begin();
  commit_audit(step, *transaction, run, after.job);
  report.job = after.job;
  tell_audit(run);
}

void StepRunner::commit_audit(Step& step, store::ShopTransaction& transaction,
                              const store::AuditRun& run, const store::JobRecord& job) const {
  transaction.save_audit(run);
  if (run.ended_at) {
    // Each comparison has alerts of its own, and a smaller window ends none of them.
    const auto item = by_text(run.window.by);
    const auto alerts = audit_alerts(run);
    for (const auto& alert : alerts) transaction.raise_alert(kAuditAlerts, item, alert);
    const bool whole = run.window.from <= *run.ended_at - step.connector().rules.audit_window;
    if (run.state == "done" && (run.asked_by.empty() || whole)) {
      transaction.clear_alerts(kAuditAlerts, item, alerts);
    }
  }
  transaction.save_job(job);
  step.commit(transaction);
}

void StepRunner::end(store::AuditRun& run, TimePoint now) {
  run.state = "done";
  run.ended_at = now;
}

void StepRunner::tell_audit(const store::AuditRun& run) const {
  if (!run.ended_at) return;
  const std::string number = std::to_string(run.id), missing = std::to_string(run.missing);
  const std::string stale = std::to_string(run.stale), unsettled = std::to_string(run.unsettled);
  const std::array<LogField, 5> fields{{{"shop", run.shop},
                                        {"audit", number},
                                        {"missing", missing},
                                        {"stale", stale},
                                        {"unsettled", unsettled}}};
  const bool failed = run.state == "failed";
  parts_.log.write(failed || run.unsettled > 0 ? Log::Level::kWarning : Log::Level::kInfo,
                   failed ? "audit.failed" : "audit.done", failed ? run.message : summary_of(run),
                   fields);
  const std::array<MetricLabel, 1> labels{{{"shop", run.shop}}};
  parts_.metrics.count("sync_audits_total", 1, labels);
  parts_.metrics.count("sync_audit_missing_total", static_cast<double>(run.missing), labels);
  parts_.metrics.count("sync_audit_stale_total", static_cast<double>(run.stale), labels);
}

}  // namespace marketplug::sync
