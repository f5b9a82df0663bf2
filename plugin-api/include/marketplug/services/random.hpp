#pragma once
// Random numbers, injected: from the system in the program, seeded in tests and simulation.

#include <cstdint>
#include <string_view>

namespace marketplug {

class Random {
 public:
  static constexpr std::string_view kId = "host.random/1";
  virtual ~Random() = default;
  /// 64 uniform bits; unpredictable in the program. Any thread.
  virtual std::uint64_t next() noexcept = 0;
};

}  // namespace marketplug
