#include "host/sync/step_runner.hpp"

#include <fmt/core.h>

#include <array>

#include "host/sync/order_events.hpp"
#include "host/sync/step.hpp"

namespace marketplug::sync {
namespace {

/// In a row.
constexpr std::int64_t kPoisonTries = 3;

std::string_view name_of(Failure::Kind kind) noexcept {
  switch (kind) {
    case Failure::Kind::kInternal:
      return "internal";
    case Failure::Kind::kConfig:
      return "config";
    case Failure::Kind::kAuth:
      return "auth";
    case Failure::Kind::kThrottled:
      return "throttled";
    case Failure::Kind::kTransient:
      return "transient";
    case Failure::Kind::kRemote:
      return "remote";
    case Failure::Kind::kCancelled:
      return "cancelled";
  }
  return "internal";
}

Failure host_failure(std::string_view shop, const std::exception& error) {
  Failure failure;
  failure.code = "host_exception";
  failure.message = fmt::format("The step of shop {} failed inside the host.", shop);
  failure.remedy = "This is a defect of Marketplug: report it with the log lines.";
  failure.detail = error.what();
  return failure;
}

}  // namespace

bool was_refused_often(const store::JobRecord& job) {
  return job.failures >= kPoisonTries &&
         (job.last_code == "store_error" || job.last_code == "store_not_found");
}

Failure no_progress(const std::string& plugin) {
  Failure failure;
  failure.kind = Failure::Kind::kRemote;
  failure.code = "no_progress";
  failure.message =
      fmt::format("The plugin {} gave the same place again instead of the next.", plugin);
  failure.remedy = "It is tried again; if it stays, report it to the plugin's author.";
  return failure;
}

StepReport StepRunner::order_step(ShopWork& work, const StepInput& input) const {
  return run_step(work, input, kOrderJob,
                  [&](Step& step, StepReport& report) { read_page(step, input, report); });
}

StepReport StepRunner::run_step(ShopWork& work, const StepInput& input, std::string_view kind,
                                const std::function<void(Step&, StepReport&)>& body) const {
  StepReport report;
  report.job = input.job;
  report.job.last_started = parts_.clock.now();
  report.state = input.shop.state;
  report.reason = input.shop.state_reason;
  Step step(*this, work, input, kind);
  try {
    try {
      body(step, report);
    } catch (const store::StoreError&) {
      throw;
    } catch (const std::exception& error) {
      step.take_staged_state();
      const Failure failure = host_failure(input.shop.id, error);
      const auto after = after_failure(failure, report.job, step.timing(), options_, parts_.random);
      store_failure(step, after, report);
      tell(input, failure, report);
    }
    tell_recovered(input, report);
  } catch (const store::StoreError& error) {
    note_trouble(step, error, report);
    tell(input, failure_of(error), report);
  } catch (const std::exception& error) {
    note_trouble(step, store::StoreError(store::StoreError::Kind::kOther, error.what()), report);
  }
  report.plugin = step.plugin();
  count(input, report);
  return report;
}

void StepRunner::read_page(Step& step, const StepInput& input, StepReport& report) const {
  const Cursor cursor = parts_.store.progress().cursor(input.shop.id, kOrderJob).value_or(Cursor{});
  step.mark();
  if (const auto connected = step.connect(); !connected) {
    const auto after = after_no_connector(connected.failure(), report.job, parts_.clock.now(),
                                          options_, parts_.random);
    report.no_connector = true;
    store_failure(step, after, report);
    tell(input, connected.failure(), report);
    return;
  }
  report.no_returns = !step.connector().rules.import_returns || !step.has_returns();
  if (!step.connector().rules.import_orders) {
    rest(step, report);
    return;
  }
  auto page = step.fetch_page(cursor);
  if (page) {
    store_page(step, input, std::move(page.value()), cursor, report);
    return;
  }
  step.take_staged_state();
  const auto after =
      after_failure(page.failure(), report.job, step.timing(), options_, parts_.random);
  tell_wish(input, after);
  store_failure(step, after, report);
  tell(input, page.failure(), report);
}

void StepRunner::store_page(Step& step, const StepInput& input, Page<Order>&& page,
                            const Cursor& cursor, StepReport& report) const {
  const StagedState staged = step.take_staged_state();
  const Cursor next = page.next;
  const bool caught_up = page.caught_up;
  const TimePoint now = parts_.clock.now();
  const ShopRules& rules = step.connector().rules;
  const bool stuck = !page.caught_up && !page.look_again_at && next == cursor;
  AfterStep after = after_page(report.job, now, page.caught_up, page.look_again_at,
                               page.complete_until, rules.poll, parts_.random);
  const Failure failure = no_progress(step.plugin());
  if (stuck) after = after_failure(failure, report.job, step.timing(), options_, parts_.random);

  PreparedPage prepared = prepare_page(std::move(page), rules, now);
  const OpenParked open = open_parked(parts_.store, input.shop.id, prepared);
  ImportOptions import_options;
  import_options.park_any_refusal = was_refused_often(input.job);
  const ImportCounts counts = import_setting_aside(prepared, [&] {
    const auto transaction = step.begin();
    const ImportCounts imported = import_page(*transaction, prepared, open, import_options);
    put_staged_state(*transaction, staged);
    transaction->set_cursor(kOrderJob, next);
    transaction->save_job(after.job);
    if (!after.shop_state.empty()) {
      step.set_state(*transaction, after.shop_state, after.shop_reason);
    }
    step.commit(*transaction);
    return imported;
  });

  tell_wish(input, after);
  report.counts = counts;
  report.job = after.job;
  if (!after.shop_state.empty()) {
    report.state = after.shop_state;
    report.reason = after.shop_reason;
  }
  report.caught_up = caught_up;
  report.failed = stuck;
  if (stuck) tell(input, failure, report);
}

/// The shop imports no orders: the mark goes, the job rests until the shop changes.
void StepRunner::rest(Step& step, StepReport& report) const {
  const auto transaction = step.begin();
  step.set_state(*transaction, "ok", "");
  step.commit(*transaction);
  report.state = "ok";
  report.reason.clear();
  report.nothing_to_do = true;
}

void StepRunner::store_failure(Step& step, const AfterStep& after, StepReport& report) const {
  report.failed = after.job.failures > report.job.failures || after.job.state == "dead";
  report.job = after.job;
  report.unsaved = true;
  const auto transaction = step.begin();
  transaction->save_job(after.job);
  if (!after.shop_state.empty()) step.set_state(*transaction, after.shop_state, after.shop_reason);
  step.commit(*transaction);
  report.unsaved = false;
  if (after.shop_state.empty()) return;
  report.state = after.shop_state;
  report.reason = after.shop_reason;
}

/// Nothing of this step was stored. The job waits in memory and comes again by itself; a failure of
/// the plugin that could not be written down keeps its own due time and reason. A dead job has to
/// be in the store, or the shop would stand still and look well: until then it backs off.
void StepRunner::note_trouble(Step& step, const store::StoreError& error,
                              StepReport& report) const {
  report.fenced = error.kind() == store::StoreError::Kind::kFenced;
  report.trouble = error.what();
  step.abandon_mark(report.fenced);
  if (report.fenced) return;
  const bool dead = report.job.state == "dead";
  if (report.unsaved && !dead) return;
  auto again = after_failure(failure_of(error), report.job, step.timing(), options_, parts_.random);
  if (report.unsaved) {
    report.job.state = "queued";
    report.job.due_at = again.job.due_at;
  } else {
    report.job = std::move(again.job);
  }
  report.failed = true;
}

void StepRunner::tell(const StepInput& input, const Failure& failure,
                      const StepReport& report) const {
  const auto kind = name_of(failure.kind);
  const std::string due = format_time(report.job.due_at);
  const std::array<LogField, 6> fields{{{"shop", input.shop.id},
                                        {"kind", kind},
                                        {"code", failure.code},
                                        {"detail", failure.detail},
                                        {"job", report.job.state},
                                        {"next", due}}};
  // A step that ran out of time was cancelled too, but by nobody who wanted it.
  const bool stopped =
      failure.kind == Failure::Kind::kCancelled && report.job.failures == input.job.failures;
  const bool routine = stopped || failure.kind == Failure::Kind::kThrottled;
  const Log::Level level = routine                      ? Log::Level::kInfo
                           : report.job.state == "dead" ? Log::Level::kError
                                                        : Log::Level::kWarning;
  parts_.log.write(level, "step.failed", failure.message, fields);

  const std::array<MetricLabel, 2> labels{{{"shop", input.shop.id}, {"kind", kind}}};
  parts_.metrics.count("sync_failures_total", 1, labels);
  if (failure.code == "plugin_exception") {
    const std::array<MetricLabel, 1> bug{{{"shop", input.shop.id}}};
    parts_.metrics.count("sync_plugin_bugs_total", 1, bug);
  }
}

/// The log shows when trouble is over, not only that it began.
void StepRunner::tell_recovered(const StepInput& input, const StepReport& report) const {
  const bool was_bad = input.job.failures > 0 || !input.job.last_code.empty() || input.in_trouble;
  if (!was_bad || !report.job.last_code.empty() || report.failed) return;
  const std::string failures = std::to_string(input.job.failures);
  const std::array<LogField, 3> fields{
      {{"shop", input.shop.id}, {"after_code", input.job.last_code}, {"failures", failures}}};
  parts_.log.write(Log::Level::kInfo, "step.recovered", "The shop goes on.", fields);
}

void StepRunner::tell_wish(const StepInput& input, const AfterStep& after) const {
  if (!after.refused_wish) return;
  const std::string wish = format_time(*after.refused_wish);
  const std::string due = format_time(after.job.due_at);
  const std::array<LogField, 3> fields{{{"shop", input.shop.id}, {"asked", wish}, {"next", due}}};
  parts_.log.write(Log::Level::kWarning, "step.wish_refused",
                   "The plugin asked to wait for more than a day; the shop is looked at earlier. "
                   "If it stays so, report it to the plugin's author.",
                   fields);
}

void StepRunner::count(const StepInput& input, const StepReport& report) const {
  const auto told = [&](std::string_view name, const ImportCounts& counts) {
    const std::array<std::pair<std::string_view, std::uint64_t>, 5> outcomes{
        {{"inserted", counts.inserted},
         {"updated", counts.updated},
         {"unchanged", counts.unchanged},
         {"stale", counts.stale},
         {"parked", counts.parked}}};
    for (const auto& [outcome, amount] : outcomes) {
      if (amount == 0) continue;
      const std::array<MetricLabel, 2> labels{{{"shop", input.shop.id}, {"outcome", outcome}}};
      parts_.metrics.count(name, static_cast<double>(amount), labels);
    }
  };
  told("sync_orders_total", report.counts);
  told("sync_returns_total", report.returns);
  const std::array<MetricLabel, 2> labels{
      {{"shop", input.shop.id}, {"result", report.failed ? "failed" : "succeeded"}}};
  parts_.metrics.count("sync_steps_total", 1, labels);
}

void StepRunner::clear_left_mark(ShopWork& work) const noexcept {
  if (!work.left_mark) return;
  try {
    parts_.store.progress().drop_mark(*work.left_mark);
    work.left_mark.reset();
  } catch (...) {
    // Still there: tried again at the next step, and harmless until a restart.
  }
}

}  // namespace marketplug::sync
