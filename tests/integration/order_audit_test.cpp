// Nothing is missing, with proof: Amazon's reports against the store, through the real plugin.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdio>

#include "tests/integration/truth.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

void place(World& world, TimePoint created, TimePoint updated, bool hidden = false) {
  amazon_sandbox::NewOrder order;
  order.status = amazon_sandbox::Status::kUnshipped;
  order.created = created;
  order.updated = updated;
  order.hidden = hidden;
  order.marketplace = amazon_sandbox::marketplace_by_name("NL");
  world.simulator.add_order(order);
}

std::size_t leaves_of(const boost::json::value& value) {
  std::size_t count = 0;
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) count += leaves_of(member.value());
    return count;
  }
  if (const auto* array = value.if_array()) {
    for (const auto& each : *array) count += leaves_of(each);
    return count;
  }
  return 1;
}

/// Amazon takes the number back once the order was to be delivered; nothing else may differ.
boost::json::value without_phone(const std::string& order) {
  auto value = boost::json::parse(order);
  if (auto* recipient = value.as_object().if_contains("recipient")) {
    recipient->as_object().erase("phone");
  }
  return value;
}

/// Each order as getOrder gives it now, against what is stored. Returns how many fields that were.
std::size_t expect_every_field(World& world) {
  std::size_t fields = 0;
  for (const auto& order : world.simulator.orders()) {
    const auto before = world.order(order.id).value_or("{}");
    auto again = world.engine().fetch_order(World::kShop, order.id);
    while (!again && again.failure().kind == Failure::Kind::kThrottled) {
      world.clock.advance(std::chrono::seconds{2});
      again = world.engine().fetch_order(World::kShop, order.id);
    }
    if (!again) {
      ADD_FAILURE() << order.id << ": " << again.failure().message;
      continue;
    }
    const auto stored = without_phone(before);
    EXPECT_EQ(stored, without_phone(world.order(order.id).value_or("{}")));
    fields += leaves_of(stored);
  }
  return fields;
}

TEST(OrderAudit, FindsWhatNoSearchShows) {
  World world;
  const TimePoint now = world.clock.now();
  for (int i = 0; i < 30; ++i) place(world, now - hours{30}, now - hours{3});
  for (int i = 0; i < 4; ++i) {
    place(world, now - days{3}, now - days{2}, true);
  }
  ASSERT_TRUE(world.sync());
  ASSERT_EQ(world.orders().size(), 30u);
  const auto runs = world.audit(now - days{7});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].state, "done") << runs[0].message;
  EXPECT_EQ(runs[0].known, 34);
  EXPECT_EQ(runs[0].held, 30);
  EXPECT_EQ(runs[0].missing, 4);
  EXPECT_EQ(runs[0].unsettled, 0);
  EXPECT_EQ(runs[1].state, "done") << runs[1].message;
  EXPECT_EQ(runs[1].known, 34);
  EXPECT_EQ(runs[1].missing, 0) << "they were fetched";
  expect_equals_truth(world);
}

TEST(OrderAudit, AWindowWithoutOrdersIsNoTrouble) {
  World world;
  place(world, world.clock.now() - days{2}, world.clock.now() - days{2});
  ASSERT_TRUE(world.sync());
  const auto runs = world.audit(world.clock.now() - hours{1});
  EXPECT_EQ(runs.at(0).state, "done") << runs.at(0).message;
  EXPECT_EQ(runs.at(0).known, 0);
}

TEST(OrderAudit, ARoleThatLacksEndsTheRunAndLeavesTheImportAlone) {
  World world;
  place(world, world.clock.now() - days{2}, world.clock.now() - days{2});
  ASSERT_TRUE(world.sync());
  amazon_sandbox::Fault fault;
  fault.operation = "createReport";
  fault.kind = amazon_sandbox::FaultKind::kStatus;
  fault.status = 403;
  fault.next = 100;
  world.simulator.inject(fault);
  const auto runs = world.audit(world.clock.now() - days{7});
  EXPECT_EQ(runs.at(0).state, "failed");
  EXPECT_FALSE(runs.at(0).remedy.empty());
  EXPECT_TRUE(world.store().alerts().list(World::kShop, true, 10).empty()) << "who asked reads it";
  EXPECT_TRUE(world.sync());
  EXPECT_EQ(world.store().shops().find(World::kShop)->state, "ok");
}

/// Orders that searches show hours late or never, changes that come late, out of order or to orders
/// that no search shows: at the end the audit has nothing to tell, and every field is Amazon's.
TEST(OrderAudit, AfterAFortnightNothingIsMissingOrStale) {
  WorldOptions options;
  options.poll = hours{1};
  options.lease = hours{48};
  World world(options);
  auto settings = world.simulator.settings();
  settings.visible_after_max = hours{5};
  settings.beyond_overlap = true;
  world.simulator.configure(settings);
  const TimePoint begin = world.clock.now();
  SeededRandom chance(7);
  std::int64_t missing = 0, stale = 0;
  for (int slot = 0; slot < 4 * 14; ++slot) {
    for (int i = 0; i < 5; ++i) {
      const auto ago = minutes{static_cast<int>(chance.next() % 300)};
      place(world, world.clock.now() - ago, world.clock.now() - ago, chance.next() % 10 == 0);
    }
    for (const auto& order : world.simulator.orders()) {
      if (order.status != amazon_sandbox::Status::kUnshipped || chance.next() % 4 != 0) continue;
      amazon_sandbox::OrderChange change;
      change.status = chance.next() % 5 == 0 ? amazon_sandbox::Status::kCancelled
                                             : amazon_sandbox::Status::kShipped;
      change.at = world.clock.now() - minutes{static_cast<int>(chance.next() % 60)};
      if (change.at > order.updated) world.simulator.change_order(order.id, change);
    }
    world.run_until(world.clock.now() + hours{6});
  }
  world.simulator.settle();
  world.run_until(world.clock.now() + hours{13});
  for (const auto& run : world.store().order_audits().list(World::kShop, 1000)) {
    EXPECT_EQ(run.state, "done") << run.message;
    missing += run.missing;
    stale += run.stale;
  }
  EXPECT_GT(missing, 10) << "there was nothing to find";
  EXPECT_GT(stale, 5);
  for (const auto& run : world.audit(begin - days{1})) {
    EXPECT_EQ(run.state, "done") << run.message;
    EXPECT_EQ(run.known, static_cast<std::int64_t>(world.simulator.orders().size()));
    EXPECT_EQ(run.missing, 0);
    EXPECT_EQ(run.stale, 0);
  }
  expect_equals_truth(world);
  const std::size_t fields = expect_every_field(world);
  std::printf("%zu orders, %zu fields compared; the audits found %lld missing and %lld stale\n",
              world.simulator.orders().size(), fields, static_cast<long long>(missing),
              static_cast<long long>(stale));
}

}  // namespace
}  // namespace marketplug::testing
