#pragma once
// Memory that runs out on demand: while a watch lives, the allocations of its thread are counted,
// and one of them fails. The program's operator new does it, which plugins use too; where a plugin
// brings its own, nothing is counted. Each thread has its own.

#include <cstddef>

namespace marketplug::testkit {

struct AllocationPlan {
  std::size_t fails_at = 0;  ///< from 1; 0: none fails
  std::size_t seen = 0;
};

/// Follows the plan until it ends. Watches do not nest.
class AllocationWatch {
 public:
  explicit AllocationWatch(AllocationPlan& plan) noexcept;
  ~AllocationWatch();
  AllocationWatch(const AllocationWatch&) = delete;
  AllocationWatch& operator=(const AllocationWatch&) = delete;
};

/// What the kit itself allocates meanwhile neither counts nor fails.
class AllocationPause {
 public:
  AllocationPause() noexcept;
  ~AllocationPause();
  AllocationPause(const AllocationPause&) = delete;
  AllocationPause& operator=(const AllocationPause&) = delete;

 private:
  AllocationPlan* const paused_;
};

}  // namespace marketplug::testkit
