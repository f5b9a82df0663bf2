#pragma once
// The one comparison of all simulations: nothing lost, nothing stale, nothing doubled, events
// gap-free and one per applied change. Pure function of both sides; any thread.

#include <string>
#include <vector>

#include "simulation/marketplace.hpp"
#include "support/fake_store_data.hpp"

namespace marketplug::simulation {

/// Appends one line per difference.
void compare(const Marketplace& marketplace, const testing::FakeShopData& host,
             std::vector<std::string>& problems);

}  // namespace marketplug::simulation
