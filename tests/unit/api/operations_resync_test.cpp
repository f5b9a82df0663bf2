#include <gtest/gtest.h>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(ResyncOperation, FetchesEachOrderOnceAndSaysWhatBecameOfIt) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("b", "1");
  bench.engine.fetch_result = store::UpsertOutcome::kUpdated;
  const auto answer = bench.call("orders.resync", {{"orders", "1, 1"}});
  EXPECT_EQ(answer.at("fetched"), 1);
  EXPECT_EQ(answer.at("failed"), 0);
  EXPECT_EQ(bench.engine.fetched, std::vector<std::string>{"1"});
  ASSERT_EQ(bench.emitted.size(), 1u);
  EXPECT_EQ(bench.emitted[0].at("shop"), "b") << "the shop that has it";
  EXPECT_EQ(bench.emitted[0].at("message"), "updated");
}

TEST(ResyncOperation, AnOrderThatIsNotHereYetNeedsItsShopWhereThereAreSeveral) {
  Bench bench;
  bench.add_shop("a");
  bench.engine.fetch_result = store::UpsertOutcome::kInserted;
  bench.call("orders.resync", {{"orders", "7"}});
  EXPECT_EQ(bench.emitted.at(0).at("shop"), "a") << "the only one";
  bench.add_shop("b");
  const auto problem = bench.problem("orders.resync", {{"orders", "7"}});
  EXPECT_EQ(problem.status(), 409);
  EXPECT_NE(problem.remedy().find("--shop"), std::string::npos);
  bench.call("orders.resync", {{"orders", "7,8"}, {"shop", "b"}});
  ASSERT_EQ(bench.emitted.size(), 2u);
  EXPECT_EQ(bench.emitted[1].at("order"), "8");
  EXPECT_EQ(bench.emitted[1].at("shop"), "b");
}

TEST(ResyncOperation, AFailureIsToldWithItsRemedyAndTheOthersGoOn) {
  Bench bench;
  bench.add_shop("a");
  Failure failure;
  failure.message = "Amazon knows no order 7.";
  failure.remedy = "Check the id.";
  bench.engine.fetch_result = failure;
  const auto answer = bench.call("orders.resync", {{"orders", "7,8"}});
  EXPECT_EQ(answer.at("failed"), 2);
  EXPECT_EQ(bench.emitted.at(1).at("message"), "Amazon knows no order 7.");
  EXPECT_EQ(bench.emitted.at(1).at("remedy"), "Check the id.");
}

TEST(ResyncOperation, AWindowIsEveryOrderPlacedInIt) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("a", "1", "open", 90);
  bench.add_order("a", "2", "open", 30);
  bench.add_order("b", "3", "open", 40);
  bench.add_order("b", "4", "open", 5);
  const auto from = format_time(bench.clock.now() - std::chrono::minutes{60});
  const auto until = format_time(bench.clock.now() - std::chrono::minutes{10});
  const auto answer = bench.call("orders.resync", {{"from", from}, {"until", until}});
  EXPECT_EQ(answer.at("fetched"), 2);
  EXPECT_EQ(bench.engine.fetched, (std::vector<std::string>{"3", "2"})) << "oldest first";
  bench.engine.fetched.clear();
  bench.call("orders.resync", {{"from", from}, {"shop", "a"}});
  EXPECT_EQ(bench.engine.fetched, std::vector<std::string>{"2"});
}

TEST(ResyncOperation, WaitsForTheQuota) {
  Bench bench;
  bench.add_shop("a");
  Failure throttled;
  throttled.kind = Failure::Kind::kThrottled;
  throttled.retry_at = bench.clock.now() + std::chrono::seconds{2};
  bench.engine.fetch_result = throttled;
  bench.on_pause = [&] { bench.engine.fetch_result = store::UpsertOutcome::kUnchanged; };
  EXPECT_EQ(bench.call("orders.resync", {{"orders", "1"}}).at("fetched"), 1);
  EXPECT_EQ(bench.engine.fetched.size(), 2u);
  throttled.retry_at = bench.clock.now() + std::chrono::hours{2};
  bench.engine.fetch_result = throttled;
  EXPECT_EQ(bench.call("orders.resync", {{"orders", "1"}}).at("failed"), 1) << "too long to wait";
}

TEST(ResyncOperation, WithoutAnyIdOrAShopNothingIsAsked) {
  Bench bench;
  EXPECT_EQ(bench.problem("orders.resync", {}).status(), 400);
  EXPECT_EQ(
      bench.problem("orders.resync", {{"orders", "1"}, {"from", "2026-11-01T00:00:00Z"}}).status(),
      400);
  EXPECT_EQ(bench.problem("orders.resync", {{"orders", " , "}}).status(), 400);
  EXPECT_EQ(bench.problem("orders.resync", {{"orders", "1"}, {"shop", "x"}}).status(), 404);
}

}  // namespace
}  // namespace marketplug::api
