// A wall clock that is set while the engine runs.
#include <fmt/core.h>

#include "host/sync/engine.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kClockSlack{1'000};    ///< set back by less is nobody's business
constexpr std::chrono::hours kClockLeap{24};  ///< far longer than the scheduler ever sleeps

}  // namespace

/// Due times were computed by a clock that has been set back: they move along. After a leap forward
/// everything is due once, which queue and quotas take; but what retention erases never comes back,
/// so a person gets the time to set a wrong clock right.
void EngineCore::follow_clock(TimePoint now) {
  if (last_now_ != TimePoint::min() && now > last_now_ + kClockLeap) {
    hold_retention(now);
    parts_.log.write(
        Log::Level::kWarning, "clock.set_forward",
        fmt::format("The clock went forward by {} s. Personal data whose time has come by it is "
                    "erased in an hour at the soonest (by more than 30 days: in a day): if the "
                    "clock is wrong, set it right before.",
                    (now - last_now_).count() / 1000),
        {});
  }
  if (last_now_ != TimePoint::min() && now + kClockSlack < last_now_) {
    const milliseconds by = now - last_now_;
    queue_.shift(by);
    restless_.shift(by);
    for (auto& [id, entry] : shops_) {
      entry->job.due_at += by;
      entry->returns.due_at += by;
      entry->audit.due_at += by;
    }
    for (auto& job : host_jobs_) {
      if (job.due != TimePoint::min()) job.due += by;
    }
    claim_wanted_.store(true);
    parts_.log.write(
        Log::Level::kWarning, "clock.set_back",
        fmt::format("The clock went back by {} s; due times moved along.", -by.count() / 1000), {});
  }
  last_now_ = now;
}

}  // namespace marketplug::sync
