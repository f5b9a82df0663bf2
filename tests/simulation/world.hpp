#pragma once
// A whole run of the simulation: shops and their marketplaces, the engine over an in-memory store,
// faults and crashes at every boundary, restarts, and at the end a comparison of what the
// marketplaces and the host believe. One thread; everything follows from the seed.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulation/marketplace.hpp"
#include "support/fake_store.hpp"
#include "support/seeded_executor.hpp"

namespace marketplug::simulation {

struct Plan {
  std::uint64_t seed = 1;
  bool late = true;
  bool restarts = true;        ///< false: one process from the first to the last moment
  int crashes_per_10000 = 60;  ///< at each store operation and plugin call
  int faults_per_10000 = 60;
  bool broken_cursor_first = false;  ///< controls: the comparison must find these
  bool broken_no_guard = false;
};

struct Outcome {
  std::vector<std::string> problems;  ///< empty: the host believes what is true
  int crashes = 0, faults = 0;
  std::uint64_t steps = 0, applied = 0;
  std::string history;  ///< every event in order: equal for equal seeds
};

Outcome simulate(const Plan& plan);

}  // namespace marketplug::simulation
