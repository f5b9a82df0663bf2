#include "host/services/http/budget.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <string>

namespace marketplug::services::http {
namespace {

using std::chrono::milliseconds;

/// So long a stop may stay unnoticed.
constexpr milliseconds kSlice{100};
constexpr milliseconds kDay{24 * 3600 * 1000};

}  // namespace

Budget::Budget(const Place& place, StepContext& ctx, const Clock& clock, Patience patience,
               bool may_stop, const std::atomic<bool>& aborted)
    : place_(place), ctx_(ctx), may_stop_(may_stop), aborted_(aborted), patience_(patience) {
  auto length = std::min(patience.whole, kDay);
  if (const auto deadline = ctx.deadline(); deadline != TimePoint::max()) {
    const auto now = clock.now();
    const auto left =
        deadline > now ? std::min<milliseconds>(deadline - now, kDay) : milliseconds{};
    if (left <= length) {
      length = left;
      ends_with_step_ = true;
    }
  }
  end_ = Steady::now() + length;
}

void Budget::check() const {
  if (may_stop_ && (aborted_.load() || ctx_.stop_requested())) {
    throw cancelled(place_, "stop", "given up because the program or the step is stopping");
  }
  if (Steady::now() < end_) return;
  if (ends_with_step_) {
    throw cancelled(place_, "deadline", "no complete answer before the step's deadline");
  }
  throw transient(place_, "timeout",
                  "no complete answer within " + std::to_string(patience_.whole.count()) + " ms");
}

short Budget::wait(int descriptor, short events, Steady::time_point until) const {
  for (;;) {
    check();
    const auto now = Steady::now();
    if (now >= until) return 0;
    const auto left =
        std::chrono::ceil<milliseconds>(std::min(until, end_) - now) + milliseconds{1};
    pollfd waiting{descriptor, events, 0};
    const int ready =
        ::poll(&waiting, 1, static_cast<int>(std::clamp(left, milliseconds{0}, kSlice).count()));
    if (ready > 0) return waiting.revents;
    if (ready < 0 && errno != EINTR)
      throw transient(place_, "reset", "the socket cannot be polled");
  }
}

short Budget::wait(int descriptor, short events) const {
  const auto ready = wait(descriptor, events, stage(patience_.silence));
  if (ready != 0) return ready;
  check();
  throw transient(place_, "timeout",
                  "nothing came for " + std::to_string(patience_.silence.count()) + " ms");
}

Budget::Steady::time_point Budget::stage(milliseconds length) const {
  return std::min(end_, Steady::now() + length);
}

}  // namespace marketplug::services::http
