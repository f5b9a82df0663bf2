#pragma once
// What the store must hold, by the simulator that nobody asked over HTTP.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/integration/world.hpp"

namespace marketplug::testing {

inline OrderState expected_state(amazon_sandbox::Status status) {
  switch (status) {
    case amazon_sandbox::Status::kPendingAvailability:
    case amazon_sandbox::Status::kPending:
      return OrderState::kPending;
    case amazon_sandbox::Status::kUnshipped:
      return OrderState::kOpen;
    case amazon_sandbox::Status::kPartiallyShipped:
      return OrderState::kPartiallyShipped;
    case amazon_sandbox::Status::kShipped:
      return OrderState::kShipped;
    case amazon_sandbox::Status::kCancelled:
      return OrderState::kCancelled;
    case amazon_sandbox::Status::kUnfulfillable:
      return OrderState::kNeedsCorrection;
  }
  return OrderState::kNeedsCorrection;
}

/// Ids, marketplaces, states and change times of the store against the simulator's.
inline void expect_equals_truth(World& world) {
  std::map<std::string, store::StoredOrder> stored;
  for (auto& order : world.orders()) {
    EXPECT_TRUE(stored.emplace(order.id, order).second) << "twice: " << order.id;
  }
  const auto truth = world.simulator.orders();
  EXPECT_EQ(stored.size(), truth.size());
  for (const auto& order : truth) {
    const auto found = stored.find(order.id);
    if (found == stored.end()) {
      ADD_FAILURE() << "lost: " << order.id;
      continue;
    }
    EXPECT_EQ(found->second.marketplace, order.marketplace->code) << order.id;
    EXPECT_EQ(found->second.state, expected_state(order.status)) << order.id;
    EXPECT_EQ(found->second.changed_at, order.updated) << order.id;
  }
}

}  // namespace marketplug::testing
