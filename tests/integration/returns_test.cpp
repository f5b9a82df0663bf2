// Buyers' returns from Amazon's reports to the store, through the real plugin.
#include <gtest/gtest.h>

#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;

/// Days pass: nobody needs a poll each five minutes.
WorldOptions slow() {
  WorldOptions options;
  options.poll = hours{1};
  options.lease = hours{48};
  return options;
}

std::string shipped_order(World& world, bool hidden = false) {
  amazon_sandbox::NewOrder order;
  order.status = amazon_sandbox::Status::kShipped;
  order.created = world.clock.now() - days{9};
  order.updated = world.clock.now() - days{8};
  order.hidden = hidden;
  order.marketplace = amazon_sandbox::marketplace_by_name("NL");
  return world.simulator.add_order(order);
}

amazon_sandbox::CustomerReturn sent_back(World& world, const std::string& order) {
  amazon_sandbox::NewReturn given;
  given.order_id = order;
  given.requested = world.clock.now() - days{2};
  return world.simulator.add_return(given);
}

std::vector<std::string> types_of(World& world, std::string_view prefix) {
  std::vector<std::string> types;
  for (const auto& event : world.events()) {
    if (event.type.starts_with(prefix)) types.push_back(event.type);
  }
  return types;
}

TEST(ReturnsImport, AreImportedLinkedAndFollowed) {
  World world(slow());
  const auto order = shipped_order(world);
  const auto given = sent_back(world, order);
  world.run_until(world.clock.now() + hours{1});
  auto stored = world.store().returns().list({});
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].order_id, order);
  EXPECT_EQ(stored[0].fulfilled_by, FulfilledBy::kMerchant);
  ASSERT_EQ(stored[0].links.size(), 1u);
  EXPECT_EQ(stored[0].links[0].link, store::ReturnLink::kLinked);
  EXPECT_EQ(stored[0].links[0].order_line, given.line_id);
  EXPECT_EQ(types_of(world, "return."), (std::vector<std::string>{"return.imported"}));

  amazon_sandbox::ReturnChange change;
  change.status = "Closed";
  world.simulator.change_return(given.rma_id, change);
  world.run_until(world.clock.now() + hours{26});
  stored = world.store().returns().list({});
  EXPECT_EQ(stored.at(0).state, ReturnState::kClosed);
  EXPECT_EQ(types_of(world, "return."),
            (std::vector<std::string>{"return.imported", "return.updated"}));
}

TEST(ReturnsImport, AHiddenOrdersReturnIsLinkedOnceTheAuditHasFoundIt) {
  World world(slow());
  const auto order = shipped_order(world, true);
  sent_back(world, order);
  world.run_until(world.clock.now() + hours{20});
  EXPECT_TRUE(world.order(order));
  const auto stored = world.store().returns().list({});
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].links.at(0).link, store::ReturnLink::kLinked);
}

TEST(ReturnsImport, ARightThatLacksIsAnAlertAndOrdersGoOn) {
  World world(slow());
  const auto order = shipped_order(world);
  amazon_sandbox::Fault fault;
  fault.operation = "createReport";
  fault.kind = amazon_sandbox::FaultKind::kStatus;
  fault.status = 403;
  fault.next = 1000;
  world.simulator.inject(fault);
  world.run_until(world.clock.now() + hours{2});
  EXPECT_TRUE(world.order(order));
  EXPECT_EQ(world.store().shops().find(World::kShop)->state, "ok");
  bool told = false;
  for (const auto& alert : world.store().alerts().list(World::kShop, true, 10)) {
    told = told || alert.alert.code == "returns_failing";
  }
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace marketplug::testing
