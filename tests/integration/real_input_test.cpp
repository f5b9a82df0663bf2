// Amazon's own examples, unchanged, through the real plugin and store. That every request is one of
// Amazon's model is checked in all tests of this folder, by a validator that reads the model itself
// (sandbox_transport.cpp). Needs MARKETPLUG_SPECS.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/json/order_codec.hpp"
#include "plugins/amazon/src/order_mapping.hpp"
#include "plugins/amazon/tests/model_examples.hpp"
#include "plugins/amazon/tests/model_walk.hpp"
#include "plugins/amazon/tests/specs.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

namespace bj = boost::json;
using amazon::tests::example_answers;
using amazon::tests::read_model;

bj::value read_expected(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return bj::parse(std::string{std::istreambuf_iterator<char>(stream), {}});
}

HttpResponse json_answer(const bj::value& body) {
  return {200,
          {{"Content-Type", "application/json"}, {"x-amzn-RequestId", "example"}},
          bj::serialize(body)};
}

/// The world on the example's own day: no personal data is past its retention, and nothing lies in
/// the future.
WorldOptions day_of(const std::vector<bj::value>& orders) {
  TimePoint first = TimePoint::max(), last = TimePoint::min();
  for (const auto& order : orders) {
    const auto changed = parse_time(order.at("lastUpdatedTime").as_string()).value();
    first = std::min(first, changed);
    last = std::max(last, changed);
  }
  WorldOptions options;
  options.now = format_time(last + std::chrono::hours{2});
  options.start_date = format_time(first - std::chrono::hours{48}).substr(0, 10);
  return options;
}

TEST(RealInput, AmazonsExamplesLandInTheStoreAsReviewed) {
  MARKETPLUG_NEEDS_SPECS();
  std::size_t compared = 0;
  for (const auto& example : example_answers(read_model("orders_2026-01-01.json"))) {
    World world(day_of(example.orders));
    world.transport.script = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      // The last page is the simulator's, which has no order: Amazon's examples have a next one.
      const bool later = request.url.find("paginationToken") != std::string::npos;
      if (request.operation != example.operation || later) return std::nullopt;
      return json_answer(example.body);
    };
    if (example.operation == "getOrder") {
      const std::string id(example.orders.at(0).at("orderId").as_string());
      const auto fetched = world.engine().fetch_order(World::kShop, id);
      ASSERT_TRUE(fetched) << id << ": " << fetched.failure().message;
    } else {
      world.sync();
    }
    for (const auto& order : example.orders) {
      const std::string id(order.at("orderId").as_string());
      const auto stored = world.order(id);
      ASSERT_TRUE(stored) << id << " is not in the store: "
                          << ::testing::PrintToString(world.log.lines());
      const auto file = std::filesystem::path(AMAZON_DIR "/tests/expected") / (id + ".json");
      EXPECT_EQ(bj::parse(*stored), read_expected(file)) << id;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8u);
}

/// The stored order, personal members included, as JSON.
std::string stored_text(const bj::value& order) {
  amazon::MappingOptions options;
  const auto mapped = amazon::map_order(order, options);
  EXPECT_TRUE(mapped.order);
  if (!mapped.order) return {};
  return json::encode_order(*mapped.order) + json::encode_order_personal(*mapped.order);
}

TEST(RealInput, EveryLeafOfEveryExampleShowsInWhatIsStored) {
  MARKETPLUG_NEEDS_SPECS();
  const auto model = read_model("orders_2026-01-01.json");
  const amazon::tests::ModelWalk walk(model);
  std::size_t leaves = 0;
  const auto check = [&](bj::value order) {
    const std::string before = stored_text(order);
    walk.leaves(order, "Order",
                [&](bj::value& leaf, const std::string& pointer, const bj::object& rule) {
                  const bj::value original = leaf;
                  leaf = amazon::tests::ModelWalk::other(original, rule);
                  EXPECT_NE(stored_text(order), before) << pointer << " is lost on its way";
                  leaf = original;
                  ++leaves;
                });
  };
  for (const auto& example : example_answers(model)) {
    for (const auto& order : example.orders) check(order);
  }
  check(walk.full("Order"));
  EXPECT_GT(leaves, 500u);
}

TEST(RealInput, EveryRequestIsOneThatAmazonsModelAllows) {
  MARKETPLUG_NEEDS_SPECS();
  World world;
  amazon_sandbox::SeedPlan plan;
  plan.count = 350;
  plan.until = world.clock.now() - std::chrono::hours{1};
  plan.marketplaces = {amazon_sandbox::marketplace_by_name("NL"),
                       amazon_sandbox::marketplace_by_name("DE")};
  world.simulator.seed_orders(plan);
  ASSERT_TRUE(world.engine().check(World::kShop));
  ASSERT_TRUE(world.sync());
  ASSERT_TRUE(world.engine().fetch_order(World::kShop, world.simulator.orders().front().id));
  EXPECT_GE(world.transport.validated(), 6u);
}

}  // namespace
}  // namespace marketplug::testing
