// Steps of the import of returns: one page into one transaction. Their failures leave the shop's
// state alone, because its orders go on; one that lasts is an alert.
#include <algorithm>

#include "host/json/fit_text.hpp"
#include "host/sync/order_audit.hpp"
#include "host/sync/return_import.hpp"
#include "host/sync/step.hpp"
#include "host/sync/step_runner.hpp"

namespace marketplug::sync {
namespace {

constexpr std::string_view kReturnsAlerts = "returns", kReturnsItem = "import";
constexpr std::string_view kReturnsFailing = "returns_failing";
/// Where the plugin names no time itself, and at the least.
constexpr std::chrono::hours kReturnsPoll{1};
/// What only a person can mend is looked at again now and then, though no setting has changed.
constexpr std::chrono::hours kDeniedAgain{6};
/// In a row: some hours, with the longest back-off.
constexpr std::int64_t kFailuresTold = 20;

store::Alert returns_failing(const Failure& failure) {
  store::Alert alert;
  alert.code = kReturnsFailing;
  alert.message = "Returns are not imported: " + json::fit_text(failure.message, kLongestReason);
  alert.remedy = json::fit_text(failure.remedy, kLongestReason);
  return alert;
}

}  // namespace

StepReport StepRunner::return_step(ShopWork& work, const StepInput& input) const {
  return run_step(work, input, kReturnJob,
                  [&](Step& step, StepReport& report) { read_returns(step, input, report); });
}

void StepRunner::read_returns(Step& step, const StepInput& input, StepReport& report) const {
  const Cursor cursor =
      parts_.store.progress().cursor(input.shop.id, kReturnJob).value_or(Cursor{});
  step.mark();
  if (const auto connected = step.connect(); !connected) {
    put_off(step,
            after_no_connector(connected.failure(), report.job, parts_.clock.now(), options_,
                               parts_.random),
            report);
    return tell(input, connected.failure(), report);
  }
  if (!step.connector().rules.import_returns || !step.has_returns()) {
    report.nothing_to_do = true;
    return step.commit(*step.begin());
  }
  auto page = step.fetch_returns(cursor);
  const StagedState staged = step.take_staged_state();
  if (!page) return returns_failed(step, input, page.failure(), report);
  const auto& read = page.value();
  if (!read.caught_up && !read.look_again_at && read.next == cursor) {
    return returns_failed(step, input, no_progress(step.plugin()), report);
  }
  store_returns(step, input, std::move(page.value()), staged, report);
}

void StepRunner::store_returns(Step& step, const StepInput& input, Page<BuyerReturn>&& page,
                               const StagedState& staged, StepReport& report) const {
  const TimePoint now = parts_.clock.now();
  const Cursor next = page.next;
  const AfterStep after = after_page(report.job, now, page.caught_up, page.look_again_at,
                                     page.complete_until, kReturnsPoll, parts_.random);
  report.caught_up = page.caught_up;
  PreparedReturns prepared = prepare_returns(std::move(page), step.connector().rules, now);
  const auto open = parts_.store.parked().open(input.shop.id, kReturnKind, ids_of(prepared));
  ImportOptions import_options;
  import_options.park_any_refusal = was_refused_often(input.job);
  report.returns = import_setting_aside(prepared, [&] {
    const auto transaction = step.begin();
    const ImportCounts imported = import_returns(*transaction, prepared, open, import_options);
    link_waiting(*transaction, now);
    put_staged_state(*transaction, staged);
    transaction->clear_alerts(kReturnsAlerts, kReturnsItem, {});
    transaction->set_cursor(kReturnJob, next);
    transaction->save_job(after.job);
    step.commit(*transaction);
    return imported;
  });
  tell_wish(input, after);
  report.job = after.job;
}

void StepRunner::returns_failed(Step& step, const StepInput& input, const Failure& failure,
                                StepReport& report) const {
  AfterStep after = after_failure(failure, report.job, step.timing(), options_, parts_.random);
  tell_wish(input, after);
  if (after.job.state == "dead") {
    after.job.state = "queued";
    after.job.due_at = parts_.clock.now() + kDeniedAgain;
  }
  const bool lasts = stops(failure) || after.job.failures >= kFailuresTold;
  report.failed = after.job.failures > report.job.failures;
  report.job = after.job;
  report.unsaved = true;
  const auto transaction = step.begin();
  if (lasts) transaction->raise_alert(kReturnsAlerts, kReturnsItem, returns_failing(failure));
  transaction->save_job(after.job);
  step.commit(*transaction);
  report.unsaved = false;
  tell(input, failure, report);
}

}  // namespace marketplug::sync
