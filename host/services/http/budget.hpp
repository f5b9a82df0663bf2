#pragma once
// How long one request may still take, and whether it should end early. Every wait of the transport
// goes through here, in slices: no peer, however slow, outlasts it. The step's thread only.

#include <atomic>
#include <chrono>

#include "host/services/http/failures.hpp"
#include "marketplug/host.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::services::http {

class Budget {
 public:
  using Steady = std::chrono::steady_clock;
  struct Patience {
    std::chrono::milliseconds whole, silence;
  };

  /// The sooner of the step's deadline (by `clock`, read once) and `patience.whole`. A request that
  /// may not be repeated ignores stops: its outcome would be unknown.
  Budget(const Place& place, StepContext& ctx, const Clock& clock, Patience patience, bool may_stop,
         const std::atomic<bool>& aborted);

  /// Throws HttpError: kCancelled ("stop", "deadline") or kTransient "timeout".
  void check() const;
  /// Waits for `events` (poll(2)) on the descriptor; returns what is ready, 0 once `until` has
  /// passed. Throws as check() does.
  short wait(int descriptor, short events, Steady::time_point until) const;
  /// Throws kTransient "timeout" where the peer is silent for longer than `patience.silence`.
  short wait(int descriptor, short events) const;

  /// A stage of the request: at most `length`, never beyond the whole.
  Steady::time_point stage(std::chrono::milliseconds length) const;

 private:
  const Place& place_;
  StepContext& ctx_;
  bool may_stop_;
  const std::atomic<bool>& aborted_;
  Steady::time_point end_;
  bool ends_with_step_ = false;
  Patience patience_;
};

}  // namespace marketplug::services::http
