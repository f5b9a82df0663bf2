#pragma once
// Time, injected. Real in the program, virtual in tests and simulation.

#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

class Clock {
 public:
  static constexpr std::string_view kId = "host.clock/1";
  virtual ~Clock() = default;
  /// UTC. May jump: durations that matter are bounded by StepContext::deadline. Any thread.
  virtual TimePoint now() const noexcept = 0;
};

}  // namespace marketplug
