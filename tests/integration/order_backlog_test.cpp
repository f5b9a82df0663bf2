// A long backlog through the real plugin, engine and store: searched for and fetched by id at the
// same time, under Amazon's published quotas, and nothing of it is missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/integration/truth.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kBacklog = 3500;

WorldOptions patient() {
  WorldOptions options;
  options.lease = hours{48};
  return options;
}

class Backlog : public ::testing::Test {
 protected:
  Backlog() {
    amazon_sandbox::SeedPlan plan;
    plan.count = kBacklog;
    plan.until = world.clock.now() - minutes{3};
    plan.span = std::chrono::days{20};
    for (const auto* code : {"NL", "DE", "FR"}) {
      plan.marketplaces.push_back(amazon_sandbox::marketplace_by_name(code));
    }
    world.simulator.seed_orders(plan);
    auto settings = world.simulator.settings();
    settings.reports.duration = minutes{2};
    world.simulator.configure(settings);
  }

  std::uint64_t asked(const char* operation) {
    const auto all = world.simulator.statistics();
    const auto found = all.find(operation);
    return found == all.end() ? 0 : found->second.requests;
  }
  std::uint64_t refused() {
    std::uint64_t count = 0;
    for (const auto& [name, of] : world.simulator.statistics()) count += of.throttled;
    return count;
  }
  void change_some(int count) {
    const auto orders = world.simulator.orders();
    for (int i = 0; i < count; ++i) {
      const auto& order = orders[chance.next() % orders.size()];
      if (order.status == amazon_sandbox::Status::kCancelled) continue;
      amazon_sandbox::OrderChange change;
      change.status = chance.next() % 4 == 0 ? amazon_sandbox::Status::kCancelled
                                             : amazon_sandbox::Status::kShipped;
      change.at = std::max(order.updated, world.clock.now() - minutes{1});
      world.simulator.change_order(order.id, change);
    }
  }
  void change_while_it_runs() {
    world.transport.on_the_way = [this](const HttpRequest&, HttpResponse&) {
      if (++answers_ % 20 == 0) change_some(2);
    };
  }
  /// The audits, which would heal it, found nothing missing.
  void expect_nothing_to_heal() {
    const auto runs = world.store().order_audits().list(World::kShop, 100);
    EXPECT_FALSE(runs.empty());
    for (const auto& run : runs) EXPECT_EQ(run.missing, 0);
  }
  /// All that has changed is seen, and the store is Amazon's.
  void expect_all_of_it() {
    world.transport.on_the_way = nullptr;
    world.simulator.settle();
    world.run_until(world.clock.now() + hours{1});
    expect_equals_truth(world);
    EXPECT_EQ(refused(), 0u);
  }

  World world{patient()};
  SeededRandom chance{11};

 private:
  int answers_ = 0;
};

TEST_F(Backlog, IsReadBySearchAndByIdAtTheSameTime) {
  change_while_it_runs();
  world.run_until(world.clock.now() + minutes{35});
  EXPECT_EQ(world.orders().size(), kBacklog) << "the search alone takes 45 minutes";
  EXPECT_TRUE(world.log.contains("orders.backlog_read"));
  EXPECT_FALSE(world.log.contains("orders.backlog_left"));
  EXPECT_GT(asked("getOrder"), 300u);
  expect_all_of_it();
  expect_nothing_to_heal();
}

TEST_F(Backlog, WhatIsToBeShippedIsThereBeforeTheRest) {
  world.run_until(world.clock.now() + hours{1});
  std::set<std::string> open, seen;
  for (const auto& order : world.simulator.orders()) {
    if (order.status == amazon_sandbox::Status::kUnshipped) open.insert(order.id);
  }
  std::size_t others_before = 0;
  for (const auto& event : world.events()) {
    if (!event.type.starts_with("order.") || !seen.insert(event.object).second) continue;
    if (open.erase(event.object) == 0 && !open.empty()) ++others_before;
  }
  EXPECT_TRUE(open.empty());
  EXPECT_LT(others_before, 1500u) << "those that the first burst of searches brings";
}

TEST_F(Backlog, ARestartEachFiveMinutesLosesNothing) {
  for (int i = 0; i < 12; ++i) {
    world.run_until(world.clock.now() + minutes{5});
    change_some(20);
  }
  EXPECT_TRUE(world.log.contains("orders.backlog_read"));
  expect_all_of_it();
  expect_nothing_to_heal();
}

TEST_F(Backlog, WhatSearchesShowLateIsNotLost) {
  auto settings = world.simulator.settings();
  settings.visible_after_max = minutes{10};
  world.simulator.configure(settings);
  change_while_it_runs();
  for (int i = 0; i < 6; ++i) world.run_until(world.clock.now() + minutes{13});
  expect_all_of_it();
}

TEST_F(Backlog, WithoutReportsItIsReadByTheSearchAlone) {
  amazon_sandbox::Fault fault;
  fault.operation = "createReport";
  fault.kind = amazon_sandbox::FaultKind::kStatus;
  fault.status = 403;
  fault.next = 1000;
  world.simulator.inject(fault);
  world.run_until(world.clock.now() + minutes{50});
  EXPECT_EQ(world.store().shops().find(World::kShop)->state, "ok");
  EXPECT_EQ(world.orders().size(), kBacklog);
  EXPECT_EQ(asked("getOrder"), 0u);
  expect_all_of_it();
}

}  // namespace
}  // namespace marketplug::testing
