// The simulator against Amazon's own models, where MARKETPLUG_SPECS names their folder.

#include "plugins/amazon/sandbox/operations.hpp"
#include "plugins/amazon/sandbox/order_json.hpp"
#include "plugins/amazon/sandbox/orders_query.hpp"
#include "plugins/amazon/sandbox/tests/bench.hpp"
#include "plugins/amazon/sandbox/tests/model_schema.hpp"

namespace amazon_sandbox::tests {
namespace {

std::string joined(const std::vector<std::string>& problems) {
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < 5; ++i) text += problems[i] + "\n";
  return text;
}

TEST(Model, EverySeededOrderOfEveryRegionIsOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  for (const auto region : {Region::kNorthAmerica, Region::kEurope, Region::kFarEast}) {
    Bench bench(7, region);
    bench.quotas_off();
    bench.seed(600);
    std::string token;
    std::size_t checked = 0;
    do {
      auto query = "createdAfter=2026-01-01T00:00:00Z&includedData=" + std::string(kEverything);
      if (!token.empty()) query += "&paginationToken=" + token;
      const auto response = bench.search(query);
      const auto problems = model.check("SearchOrdersResponse", Bench::json(response));
      ASSERT_TRUE(problems.empty()) << joined(problems);
      checked += Bench::ids(response).size();
      token = Bench::next_token(response);
    } while (!token.empty());
    EXPECT_EQ(checked, 600u);
  }
}

TEST(Model, EveryMemberOfTheModelAppearsAmongTheSeededOrders) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  std::set<std::string> seen;
  for (const auto region : {Region::kNorthAmerica, Region::kEurope, Region::kFarEast}) {
    Bench bench(1, region);
    bench.seed(1500);
    for (const auto& order : bench.simulator.orders()) {
      ModelSchema::add_leaves(boost::json::parse(bench.simulator.order_json(order.id)), "", seen);
    }
  }
  for (const auto& leaf : model.leaves("Order")) EXPECT_TRUE(seen.contains(leaf)) << leaf;
}

TEST(Model, EachSetAloneIsOfTheModelToo) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  Bench bench(8);
  bench.quotas_off();
  bench.seed(100);
  for (const auto& value : model.model()
                               .at("paths")
                               .at("/orders/2026-01-01/orders")
                               .at("get")
                               .at("parameters")
                               .as_array()) {
    if (value.at("name").as_string() != "includedData") continue;
    for (const auto& set : value.at("items").at("enum").as_array()) {
      const auto response = bench.search("createdAfter=2026-01-01T00:00:00Z&includedData=" +
                                         std::string(set.as_string()));
      ASSERT_EQ(response.status, 200) << set;
      const auto problems = model.check("SearchOrdersResponse", Bench::json(response));
      EXPECT_TRUE(problems.empty()) << set << joined(problems);
    }
  }
}

TEST(Model, OrdersInEveryStateAndTheErrorsAreOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  Bench bench;
  bench.quotas_off();
  bench.seed(30);
  for (const auto& order : bench.simulator.orders()) {
    for (const auto status : {Status::kPending, Status::kUnshipped, Status::kShipped,
                              Status::kCancelled, Status::kPendingAvailability}) {
      OrderChange change;
      change.status = status;
      change.cancel_request = "Changed my mind";
      bench.simulator.change_order(order.id, change);
      const auto response = bench.get("/orders/2026-01-01/orders/" + order.id +
                                      "?includedData=" + std::string(kEverything));
      const auto problems = model.check("GetOrderResponse", Bench::json(response));
      ASSERT_TRUE(problems.empty()) << joined(problems) << response.body;
    }
  }
  for (const auto* target : {"/orders/2026-01-01/orders", "/orders/2026-01-01/orders/x", "/x"}) {
    const auto problems = model.check("ErrorList", Bench::json(bench.get(target)));
    EXPECT_TRUE(problems.empty()) << joined(problems);
  }
}

TEST(Model, TheSchemaWalkerSeesWhatIsWrong) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  const auto problems = model.check(
      "Order", boost::json::parse(R"({"orderId":1,"createdTime":"soon","orderItems":[{"x":1}],
        "salesChannel":{"channelName":"AMAZON"},"fulfillment":{"fulfillmentStatus":"LOST"}})"));
  EXPECT_EQ(joined(problems),
            "Order: lacks lastUpdatedTime\nOrder/orderId: no text\n"
            "Order/createdTime: no time: soon\nOrder/orderItems/0: lacks orderItemId\n"
            "Order/orderItems/0: lacks quantityOrdered\n");
}

TEST(Model, SellersAnswersAreOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("sellers.json");
  Bench bench;
  auto problems = model.check("GetMarketplaceParticipationsResponse",
                              Bench::json(bench.get("/sellers/v1/marketplaceParticipations")));
  EXPECT_TRUE(problems.empty()) << joined(problems);
  problems = model.check("GetAccountResponse", Bench::json(bench.get("/sellers/v1/account")));
  EXPECT_TRUE(problems.empty()) << joined(problems);
}

/// The query of a request in x-amzn-api-sandbox; lists comma-separated.
Parameters example_query(const boost::json::object& parameters) {
  Parameters query;
  for (const auto& [name, parameter] : parameters) {
    const auto& value = parameter.at("value");
    std::string text;
    if (value.is_array()) {
      for (const auto& element : value.as_array()) {
        text += (text.empty() ? "" : ",") + std::string(element.as_string());
      }
    } else {
      text = value.as_string();
    }
    if (name != "orderId") query.emplace_back(name, text);
  }
  return query;
}

TEST(Model, AllExampleRequestsAreAcceptedOrRefusedAsAmazonSays) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  const auto now = marketplug::parse_time("2026-11-23T10:00:00Z").value();
  int accepted = 0, refused = 0;
  for (const auto& [path, operations] : model.model().at("paths").as_object()) {
    for (const auto& [status, answer] : operations.at("get").at("responses").as_object()) {
      const auto* sandbox = answer.as_object().if_contains("x-amzn-api-sandbox");
      if (sandbox == nullptr) continue;
      for (const auto& example : sandbox->at("static").as_array()) {
        const auto& parameters = example.at("request").at("parameters").as_object();
        const auto query = example_query(parameters);
        bool fine = false;
        if (const auto* id = parameters.if_contains("orderId")) {
          fine = std::holds_alternative<std::uint32_t>(parse_get_order(query)) &&
                 order_number(std::string(id->at("value").as_string()), 0).has_value();
        } else {
          fine = std::holds_alternative<SearchQuery>(parse_search(query, now));
        }
        EXPECT_EQ(fine, status == "200") << boost::json::serialize(parameters);
        ++(fine ? accepted : refused);
      }
    }
  }
  EXPECT_EQ(accepted, 6);
  EXPECT_EQ(refused, 2);
}

TEST(Model, PublishedPlansAreThoseOfTheModels) {
  NEEDS_AMAZONS_MODELS();
  for (const auto* file : {"orders_2026-01-01.json", "sellers.json"}) {
    const auto model = load_model(file);
    for (const auto& [path, operations] : model.model().at("paths").as_object()) {
      const auto& get = operations.at("get").as_object();
      const auto* operation = operation_by_name(std::string(get.at("operationId").as_string()));
      ASSERT_NE(operation, nullptr) << get.at("operationId");
      EXPECT_EQ(operation->path, std::string_view(path));
      const auto row = "| " + std::string(operation->rate_text) + " | " +
                       std::to_string(operation->burst) + " |";
      EXPECT_NE(std::string(get.at("description").as_string()).find(row), std::string::npos) << row;
    }
  }
}

TEST(Model, AmazonsExampleOrdersCanBeServed) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model("orders_2026-01-01.json");
  Bench bench;
  SellerSpec brazil;
  brazil.id = "A3BRAZIL";
  brazil.region = Region::kNorthAmerica;
  brazil.marketplaces = {market("BR")};
  brazil.roles = {std::string(role::kDelivery), std::string(role::kTaxInvoicing)};
  bench.simulator.add_seller(brazil);
  bench.simulator.accounts().authorize(bench.credentials.client_id, brazil.id, "Atzr|br");
  const auto& example = model.model()
                            .at("paths")
                            .at("/orders/2026-01-01/orders/{orderId}")
                            .at("get")
                            .at("responses")
                            .at("200")
                            .at("x-amzn-api-sandbox")
                            .at("static")
                            .as_array()
                            .at(0)
                            .at("response")
                            .at("order");
  bench.simulator.add_raw_order({.json = boost::json::serialize(example)}, brazil.id);
  bench.token = Bench::text(bench.login(bench.refresh_form("Atzr|br")), "access_token");
  const auto served =
      Bench::json(bench.get("/orders/2026-01-01/orders/171-9876543-2109876"
                            "?includedData=" +
                            std::string(kEverything)));
  EXPECT_EQ(served.at("order"), example);
}

}  // namespace
}  // namespace amazon_sandbox::tests
