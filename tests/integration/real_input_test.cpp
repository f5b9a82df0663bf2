// Amazon's own examples through the real plugin and store, and every request held against Amazon's
// own model by a validator that reads the model itself. Needs MARKETPLUG_SPECS.

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "plugins/amazon/tests/model_validator.hpp"
#include "plugins/amazon/tests/specs.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

namespace bj = boost::json;
using amazon::tests::ModelValidator;
using amazon::tests::read_model;

struct Example {
  std::string order_id;
  bj::object order;
};

void collect(const bj::value& body, std::vector<Example>& out) {
  if (!body.is_object()) return;
  const auto add = [&](const bj::value& order) {
    out.push_back({std::string(order.at("orderId").as_string()), order.as_object()});
  };
  if (const auto* orders = body.as_object().if_contains("orders")) {
    for (const auto& order : orders->as_array()) add(order);
  }
  if (const auto* order = body.as_object().if_contains("order")) add(*order);
}

/// Every order of every example response of both operations: "examples" and "x-amzn-api-sandbox".
std::vector<Example> examples() {
  std::vector<Example> out;
  const auto model = read_model("orders_2026-01-01.json");
  for (const auto& path : model.at("paths").as_object()) {
    const auto& ok = path.value().at("get").at("responses").at("200").as_object();
    if (const auto* list = ok.if_contains("examples")) collect(list->at("application/json"), out);
    if (const auto* sandbox = ok.if_contains("x-amzn-api-sandbox")) {
      for (const auto& pair : sandbox->at("static").as_array()) collect(pair.at("response"), out);
    }
  }
  return out;
}

bj::value read_expected(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return bj::parse(std::string{std::istreambuf_iterator<char>(stream), {}});
}

HttpResponse json_answer(const bj::value& body) {
  return {200,
          {{"Content-Type", "application/json"}, {"x-amzn-RequestId", "example"}},
          bj::serialize(body)};
}

TEST(RealInput, AmazonsExamplesLandInTheStoreAsReviewed) {
  MARKETPLUG_NEEDS_SPECS();
  const auto all = examples();
  ASSERT_GE(all.size(), 6u);
  std::size_t compared = 0;
  for (const auto& example : all) {
    // The example's own day: no personal data is past its retention, and nothing lies in the
    // future.
    const auto changed = parse_time(example.order.at("lastUpdatedTime").as_string()).value();
    WorldOptions options;
    options.now = format_time(changed + std::chrono::hours{2});
    options.start_date = format_time(changed - std::chrono::hours{48}).substr(0, 10);
    World world(options);
    world.transport.script = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (request.operation != "searchOrders") return std::nullopt;
      return json_answer(
          bj::object{{"orders", bj::array{example.order}},
                     {"lastUpdatedBefore", format_time(changed + std::chrono::hours{1})}});
    };
    ASSERT_TRUE(world.sync()) << example.order_id;
    const auto stored = world.order(example.order_id);
    ASSERT_TRUE(stored) << example.order_id
                        << " is not in the store: " << ::testing::PrintToString(world.log.lines());
    const auto file =
        std::filesystem::path(AMAZON_DIR "/tests/expected") / (example.order_id + ".json");
    if (!std::filesystem::exists(file)) continue;
    EXPECT_EQ(bj::parse(*stored), read_expected(file)) << example.order_id;
    ++compared;
  }
  EXPECT_GE(compared, 6u) << "hand-checked orders are missing";
}

TEST(RealInput, EveryRequestIsOneThatAmazonsModelAllows) {
  MARKETPLUG_NEEDS_SPECS();
  const ModelValidator orders(read_model("orders_2026-01-01.json"));
  const ModelValidator sellers(read_model("sellers.json"));
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
  std::size_t validated = 0;
  for (const auto& request : world.transport.requests()) {
    if (request.url.find("/auth/o2/token") != std::string::npos) continue;
    const auto& model = request.url.find("/sellers/") != std::string::npos ? sellers : orders;
    EXPECT_EQ(model.violations(request, "https://localhost:8443"), std::vector<std::string>{})
        << request.method << " " << request.url;
    ++validated;
  }
  EXPECT_GE(validated, 6u);
}

}  // namespace
}  // namespace marketplug::testing
