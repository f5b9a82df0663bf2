#pragma once
// What follows from how a step went: when the job runs again, whether it counts as a failure, and
// the state the shop shows. Pure functions of their arguments, any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "host/store/types.hpp"
#include "host/sync/sync.hpp"

namespace marketplug::sync {

/// Job and shop as they are to be saved after a step.
struct AfterStep {
  store::JobRecord job;
  std::string shop_state;  ///< empty: stays as it is
  std::string shop_reason;
  std::optional<TimePoint> refused_wish;  ///< the plugin's time, where it was too far away
};

/// A plugin may ask for no later time than this: a wrong answer must not put a shop to sleep for
/// ever.
inline constexpr std::chrono::hours kLongestWish{24};

/// Exponential with full jitter: between back_off_first and the smaller of back_off_max and
/// back_off_first * 2^failures. `failures` counts this one, from 1.
std::chrono::milliseconds back_off(std::int64_t failures, const EngineOptions& options,
                                   Random& random);

/// How long a step took its time, for kCancelled: one that gave up long before its deadline without
/// being told to must not come back at once for ever.
struct StepTiming {
  TimePoint started, ended, deadline;
  bool stopping = false;
};

/// By the kinds of Failure: kConfig and kAuth stop the job, kThrottled waits uncounted, kCancelled
/// comes again, everything else backs off and counts.
AfterStep after_failure(const Failure& failure, store::JobRecord job, const StepTiming& timing,
                        const EngineOptions& options, Random& random);

/// The connector could not be made: tried again slowly, and at every reload.
AfterStep after_no_connector(const Failure& failure, store::JobRecord job, TimePoint now,
                             const EngineOptions& options, Random& random);

/// Counters start again; the shop is well. `look_again_at`: the plugin's wish, never undercut, but
/// kept within kLongestWish, and at least a second away where the page has to wait. Caught up, the
/// next poll comes up to a tenth of its time early, so that shops that started together drift
/// apart.
AfterStep after_page(store::JobRecord job, TimePoint now, bool caught_up,
                     std::optional<TimePoint> look_again_at,
                     std::optional<TimePoint> complete_until, std::chrono::seconds poll,
                     Random& random);

/// Whether a failure of that code ends when a person puts a secret's file right: no restart needed.
bool waits_for_file(std::string_view code) noexcept;

/// A store failure as the reason of a job that waits: kTransient, code "store_disk_full" and alike.
Failure failure_of(const store::StoreError& error);

}  // namespace marketplug::sync
