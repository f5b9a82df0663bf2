#include "host/sync/failure_policy.hpp"

#include <algorithm>

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kThrottleDefault{60'000};  ///< a plugin that forgot retry_at
constexpr milliseconds kThrottleJitter{5'000};    ///< at most, and a tenth of the wait
constexpr std::chrono::seconds kShortestPoll{1};  ///< and wait of a page that has to wait

milliseconds between(milliseconds low, milliseconds high, Random& random) {
  if (high <= low) return low;
  const auto range = static_cast<std::uint64_t>((high - low).count()) + 1;
  return low + milliseconds(static_cast<std::int64_t>(random.next() % range));
}

milliseconds slowly(const EngineOptions& options, Random& random) {
  const milliseconds slow = options.back_off_max;
  return between(slow / 2, slow, random);
}

void note_failure(store::JobRecord& job, const Failure& failure) {
  job.state = "queued";
  job.last_code = failure.code;
  job.last_message = failure.message;
  job.last_remedy = failure.remedy;
}

/// The plugin's wish, no later than it may be.
std::optional<TimePoint> within_reason(std::optional<TimePoint> wish, TimePoint now,
                                       AfterStep& after) {
  if (!wish || *wish <= now + kLongestWish) return wish;
  after.refused_wish = wish;
  return now + kLongestWish;
}

TimePoint throttled_until(std::optional<TimePoint> retry_at, TimePoint now,
                          const EngineOptions& options, Random& random) {
  const TimePoint wish = retry_at.value_or(now + kThrottleDefault);
  const TimePoint earliest = std::max(wish, now + options.back_off_first);
  const milliseconds tenth = (earliest - now) / 10;
  return earliest + between(milliseconds{0}, std::min(tenth, kThrottleJitter), random);
}

/// What was wrong, then what to do, as two sentences.
std::string reason_of(const Failure& failure) {
  std::string reason = failure.message;
  if (failure.remedy.empty()) return reason;
  if (!reason.ends_with('.')) reason += '.';
  return reason + " " + failure.remedy;
}

/// Trouble on the way to the marketplace that a person should see, but that may also end by itself:
/// another network, a clock that was set, a certificate that was renewed, a secret's file that is
/// put into place.
bool may_heal(const Failure& failure) {
  return failure.code == "tls_untrusted" || failure.code == "tls_name" ||
         failure.code == "address_refused" || waits_for_file(failure.code);
}

void stop_job(AfterStep& after, const Failure& failure, std::string_view state, TimePoint now) {
  after.job.state = "dead";
  after.job.failures += 1;
  after.job.due_at = now;
  after.shop_state = state;
  after.shop_reason = reason_of(failure);
}

std::string_view code_of(store::StoreError::Kind kind) noexcept {
  using Kind = store::StoreError::Kind;
  switch (kind) {
    case Kind::kOther:
      return "store_error";
    case Kind::kFenced:
      return "store_fenced";
    case Kind::kLocked:
      return "store_locked";
    case Kind::kBusy:
      return "store_busy";
    case Kind::kDiskFull:
      return "store_disk_full";
    case Kind::kReadOnly:
      return "store_read_only";
    case Kind::kCorrupt:
      return "store_corrupt";
    case Kind::kNewerSchema:
      return "store_newer_schema";
    case Kind::kWrongKey:
      return "store_wrong_key";
    case Kind::kConstraint:
      return "store_constraint";
    case Kind::kNotFound:
      return "store_not_found";
    case Kind::kIo:
      return "store_io";
    case Kind::kStopped:
      return "store_stopped";
  }
  return "store_error";
}

}  // namespace

bool waits_for_file(std::string_view code) noexcept { return code.starts_with("secret_file_"); }

milliseconds back_off(std::int64_t failures, const EngineOptions& options, Random& random) {
  const milliseconds most = std::max<milliseconds>(options.back_off_max, options.back_off_first);
  milliseconds cap = options.back_off_first;
  for (std::int64_t i = 0; i < failures && cap < most; ++i) cap *= 2;
  return between(options.back_off_first, std::min(cap, most), random);
}

AfterStep after_failure(const Failure& failure, store::JobRecord job, const StepTiming& timing,
                        const EngineOptions& options, Random& random) {
  const TimePoint now = timing.ended;
  AfterStep after{std::move(job), {}, {}, {}};
  note_failure(after.job, failure);
  const auto retry_at = within_reason(failure.retry_at, now, after);
  switch (failure.kind) {
    case Failure::Kind::kConfig:
      stop_job(after, failure, "needs_attention", now);
      if (may_heal(failure)) {
        after.job.state = "queued";
        after.job.due_at = now + slowly(options, random);
      }
      break;
    case Failure::Kind::kAuth:
      stop_job(after, failure, "needs_reauthorization", now);
      break;
    case Failure::Kind::kThrottled:
      after.job.due_at = throttled_until(retry_at, now, options, random);
      break;
    case Failure::Kind::kCancelled:
      if (timing.stopping) {
        after.job.due_at = now;
        break;
      }
      // Nobody stopped it: its time was up. At once it would run into the same end.
      after.job.failures += 1;
      after.job.due_at = now + back_off(after.job.failures, options, random);
      break;
    case Failure::Kind::kInternal:
    case Failure::Kind::kTransient:
    case Failure::Kind::kRemote:
      after.job.failures += 1;
      after.job.due_at = std::max(now + back_off(after.job.failures, options, random),
                                  retry_at.value_or(TimePoint::min()));
      break;
  }
  return after;
}

AfterStep after_no_connector(const Failure& failure, store::JobRecord job, TimePoint now,
                             const EngineOptions& options, Random& random) {
  AfterStep after{std::move(job), "not_running", reason_of(failure), {}};
  note_failure(after.job, failure);
  after.job.failures += 1;
  after.job.due_at = now + slowly(options, random);
  return after;
}

AfterStep after_page(store::JobRecord job, TimePoint now, bool caught_up,
                     std::optional<TimePoint> look_again_at,
                     std::optional<TimePoint> complete_until, std::chrono::seconds poll,
                     Random& random) {
  AfterStep after{std::move(job), "ok", {}, {}};
  after.job.state = "succeeded";
  after.job.failures = 0;
  after.job.last_code.clear();
  after.job.last_message.clear();
  after.job.last_remedy.clear();
  after.job.last_succeeded = now;
  if (complete_until) after.job.complete_until = complete_until;
  TimePoint earliest = now;
  if (caught_up) {
    const milliseconds longest = std::max(poll, kShortestPoll);
    earliest +=
        between(std::max<milliseconds>(longest - longest / 10, kShortestPoll), longest, random);
  }
  // Who says that it must wait is not asked again at once, or it would be asked without end.
  if (!caught_up && look_again_at) earliest += kShortestPoll;
  const auto wish = within_reason(look_again_at, now, after);
  after.job.due_at = std::max(earliest, wish.value_or(earliest));
  return after;
}

Failure failure_of(const store::StoreError& error) {
  Failure failure;
  failure.kind = Failure::Kind::kTransient;
  failure.code = code_of(error.kind());
  failure.message = error.what();
  return failure;
}

}  // namespace marketplug::sync
