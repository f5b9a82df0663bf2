// The control interface: adding and changing orders, faults, settings, accounts, statistics.

#include <set>
#include <thread>

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

std::string first_id(const Response& response) {
  return std::string(Bench::json(response).at("orders").as_array().at(0).as_string());
}

TEST(Control, AddsAnOrderSoLongAgo) {
  Bench bench;
  const auto response = bench.control(
      "POST", "/orders", R"({"ago":"3m","marketplace":"DE","status":"UNSHIPPED","seed":5})");
  ASSERT_EQ(response.status, 201) << response.body;
  const auto found = bench.search("lastUpdatedAfter=2026-11-23T09:56:00Z&includedData=FULFILLMENT");
  const auto order = Bench::json(found).at("orders").as_array().at(0);
  EXPECT_EQ(std::string(order.at("orderId").as_string()), first_id(response));
  EXPECT_EQ(order.at("lastUpdatedTime").as_string(), "2026-11-23T09:57:00Z");
  EXPECT_EQ(order.at("salesChannel").at("marketplaceId").as_string(), "A1PA6795UKMFR9");
  EXPECT_EQ(bench.control("POST", "/orders", R"({"count":5})").status, 201);
  EXPECT_EQ(bench.simulator.orders().size(), 6u);
}

TEST(Control, PlacesOrdersWhereTheSeededOnesAre) {
  Bench bench;
  bench.seed(0, {market("NL"), market("FR")});
  EXPECT_EQ(bench.control("POST", "/orders", R"({"count":40})").status, 201);
  std::set<std::string_view> codes;
  for (const auto& order : bench.simulator.orders()) codes.insert(order.marketplace->code);
  EXPECT_EQ(codes, (std::set<std::string_view>{"NL", "FR"}));
}

TEST(Control, ChangesStatusCancelsAndMerges) {
  Bench bench;
  const auto id = bench.simulator.add_order({});
  bench.clock.advance(10min);
  auto response = bench.control(
      "PATCH", "/orders/" + id,
      R"({"status":"CANCELLED","cancelled_by":"MERCHANT","cancel_reason":"No stock"})");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto json = Bench::json(response);
  EXPECT_EQ(json.at("lastUpdatedTime").as_string(), "2026-11-23T10:10:00Z");
  const auto& execution =
      json.at("orderItems").as_array().at(0).at("cancellation").at("cancellationExecution");
  EXPECT_EQ(execution.at("cancelledBy").as_string(), "MERCHANT");
  EXPECT_EQ(execution.at("cancelReason").as_string(), "No stock");
  EXPECT_EQ(bench.simulator.orders().at(0).status, Status::kCancelled);
  response = bench.control("PATCH", "/orders/" + id, R"({"merge":{"createdTime":"1995-01-01"}})");
  EXPECT_EQ(Bench::text(response, "createdTime"), "1995-01-01");
  response = bench.control("PATCH", "/orders/" + id, R"({"cancel_request":"Too late"})");
  EXPECT_NE(response.body.find("Too late"), std::string::npos);
  EXPECT_EQ(Bench::text(response, "createdTime"), "1995-01-01");  // merges stay
}

TEST(Control, ServesOrdersGivenAsJson) {
  Bench bench;
  const std::string order =
      R"({"orderId":"405-7654321-1234567","createdTime":"2026-11-20T10:00:00Z","lastUpdatedTime":)"
      R"("2026-11-20T11:00:00Z","salesChannel":{"channelName":"AMAZON","marketplaceId":)"
      R"("A1805IZSGTT6HS"},"fulfillment":{"fulfillmentStatus":"BRAND_NEW_STATUS"},"orderItems":[]})";
  ASSERT_EQ(bench.control("POST", "/orders", R"({"order":)" + order + "}").status, 201);
  EXPECT_EQ(
      bench.get("/orders/2026-01-01/orders/405-7654321-1234567?includedData=FULFILLMENT").body,
      R"({"order":)" + order + "}");
  EXPECT_EQ(Bench::ids(bench.search("createdAfter=2026-11-20T10:00:00Z")).size(), 1u);
  EXPECT_EQ(bench.control("POST", "/orders", R"({"order":)" + order + "}").status, 400);
  const auto shipped =
      bench.control("PATCH", "/orders/405-7654321-1234567", R"({"status":"SHIPPED"})");
  EXPECT_EQ(Bench::json(shipped).at("fulfillment").at("fulfillmentStatus").as_string(), "SHIPPED");
  EXPECT_EQ(Bench::text(shipped, "lastUpdatedTime"), "2026-11-23T10:00:00Z");
}

TEST(Control, ServesTextByteByByte) {
  Bench bench;
  const std::string order =
      R"({"orderId":"405-7654321-1234567","createdTime":"2026-11-20T10:00:00Z","lastUpdatedTime":)"
      R"("2026-11-20T11:00:00Z","salesChannel":{"marketplaceId":"A1805IZSGTT6HS"}})";
  const auto add = [&](const std::string& more) {
    return bench.control("POST", "/orders", R"({"order":)" + order + more + "}");
  };
  EXPECT_EQ(add(R"(,"text":"a","text_base64":"YQ==")").status, 400);
  EXPECT_EQ(add(R"(,"text_base64":"Y")").status, 400);
  const auto added = add(R"(,"text_base64":"eyJ4IjogMS4wMDAsICJ4IjogMiwgInkiOiAi/yJ9")");
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string bytes = "{\"x\": 1.000, \"x\": 2, \"y\": \"\xff\"}";
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/405-7654321-1234567").body,
            "{\"order\":" + bytes + "}");
  bench.simulator.add_order({});
  bench.clock.advance(5min);
  EXPECT_NE(bench.search("createdAfter=2026-11-20T10:00:00Z").body.find("[" + bytes + ",{"),
            std::string::npos);
}

TEST(Control, SetsWhatPointersNameAndLeavesTheRest) {
  Bench bench;
  NewOrder order;
  order.status = Status::kUnshipped;
  const auto id = bench.simulator.add_order(order);
  auto before = Bench::json(bench.control("GET", "/orders/" + id));
  const auto response =
      bench.control("PATCH", "/orders/" + id,
                    R"({"set":{"/orderItems/0/product/title":"Other","/novel":null,"/a~1b":1}})");
  ASSERT_EQ(response.status, 200) << response.body;
  before.at("orderItems").at(0).at("product").as_object()["title"] = "Other";
  before.as_object()["novel"] = nullptr;
  before.as_object()["a/b"] = 1;
  EXPECT_EQ(Bench::json(response), before);
  for (const auto* wrong : {R"({"set":{"/orderId":"x"}})", R"({"set":{"/orderItems/9/x":1}})",
                            R"({"set":{"novel":1}})", R"({"set":[]})"}) {
    EXPECT_EQ(bench.control("PATCH", "/orders/" + id, wrong).status, 400) << wrong;
  }
  EXPECT_EQ(Bench::json(bench.control("GET", "/orders/" + id)), before);
}

TEST(Control, RefusesWhatItDoesNotUnderstandAndSaysWhy) {
  Bench bench;
  NewOrder single;
  for (single.seed = 1;; ++*single.seed) {  // an order of one unit
    const auto id = bench.simulator.add_order(single);
    const auto json = boost::json::parse(bench.simulator.order_json(id));
    if (json.at("orderItems").as_array().size() == 1 &&
        json.at("orderItems").as_array().at(0).at("quantityOrdered").as_int64() == 1) {
      break;
    }
  }
  const auto id = bench.simulator.orders().back().id;
  struct Case {
    std::string_view method;
    std::string target, body;
    int status;
    std::string_view because;
  };
  const Case cases[] = {
      {"POST", "/orders", "[]", 400, "not a JSON object"},
      {"POST", "/orders", R"({"agoo":"3m"})", 400, "known are"},
      {"POST", "/orders", R"({"ago":"soon"})", 400, "duration"},
      {"POST", "/orders", R"({"marketplace":"XX"})", 400, "unknown marketplace"},
      {"POST", "/orders", R"({"marketplace":"US"})", 400, "does not sell in US"},
      {"POST", "/orders", R"({"status":"Shipped"})", 400, "unknown value"},
      {"POST", "/orders", R"({"count":0})", 400, "count"},
      {"POST", "/orders", R"({"ago":"1m","created_ago":"0s"})", 400, "created_ago"},
      {"POST", "/orders", R"({"seller":"nobody"})", 404, "no seller"},
      {"POST", "/orders", R"({"order":{"orderId":"1"}})", 400, "3-7-7"},
      {"POST", "/orders", R"({"order":{"orderId":"405-7654321-1234567"}})", 400, "createdTime"},
      {"POST", "/orders",
       R"({"order":{"orderId":"405-7654321-1234567","createdTime":"2026-11-20T10:00:00Z",)"
       R"("lastUpdatedTime":"2026-11-20T11:00:00Z","salesChannel":{"marketplaceId":)"
       R"("ATVPDKIKX0DER"}}})",
       400, "does not sell in US"},
      {"POST", "/orders", R"({"order":{},"count":2})", 400, "says everything itself"},
      {"POST", "/orders", R"({"text":"x"})", 400, "go with"},
      {"PATCH", "/orders/" + id, R"({"cancelled_by":"BUYER"})", 400, "CANCELLED"},
      {"PATCH", "/orders/405-0000000-0000000", "{}", 404, "no order"},
      {"PATCH", "/orders/" + id, R"({"status":"PARTIALLY_SHIPPED"})", 400, "one unit"},
      {"PATCH", "/orders/" + id, R"({"merge":{"orderId":"x"}})", 400, "cannot be changed"},
      {"PATCH", "/orders/" + id, R"({"merge":5})", 400, "not a JSON object"},
      {"PATCH", "/orders/" + id, R"({"status":"CANCELLED","cancelled_by":"me"})", 400, "BUYER"},
      {"POST", "/faults", R"({"operation":"searchOrders"})", 400, "kind"},
      {"POST", "/faults", R"({"kind":"status","operation":"x"})", 400, "unknown operation"},
      {"PATCH", "/settings", R"({"quota_factor":"fast"})", 400, "quota_factor"},
      {"PATCH", "/settings", R"({"quota_factor":-1})", 400, "above 0"},
      {"PATCH", "/settings", R"({"visible_after_min":"5m"})", 400, "minimum"},
      {"PATCH", "/settings", R"({"missing_role":"404"})", 400, "missing_role"},
      {"POST", "/sellers", R"({"id":"A2","marketplaces":["US"]})", 400, "not in region EU"},
      {"POST", "/sellers", R"({"id":"A2"})", 400, "marketplaces"},
      {"POST", "/sellers/A9/revoke", "", 404, "no seller"},
      {"POST", "/sellers/A9/praise", "", 404, "unknown action"},
      {"POST", "/secret", "{}", 400, "client_secret"},
      {"GET", "/nowhere", "", 404, "README"},
      {"GET", "bad target", "", 400, "malformed"},
  };
  for (const auto& [method, target, body, status, because] : cases) {
    const auto response = bench.control(method, target, body);
    EXPECT_EQ(response.status, status) << target << body << response.body;
    EXPECT_NE(Bench::text(response, "error").find(because), std::string::npos)
        << target << body << " -> " << response.body;
  }
}

TEST(Control, AccountsFaultsAndSettings) {
  Bench bench;
  const auto seller = "/sellers/" + bench.credentials.seller_id;
  EXPECT_EQ(bench
                .control("PATCH", "/settings",
                         R"({"quota_factor":"off","visible_after":"1m","pending_details":true,)"
                         R"("missing_role":"403","rotate_refresh_tokens":false})")
                .status,
            200);
  EXPECT_FALSE(bench.simulator.settings().quota_factor);
  EXPECT_EQ(bench.simulator.settings().visible_after_max, 1min);
  EXPECT_EQ(
      bench.control("POST", seller + "/roles", R"({"roles":["inventory-and-order-tracking"]})")
          .status,
      200);
  EXPECT_EQ(bench.search("createdAfter=2026-11-01T00:00:00Z&includedData=BUYER").status, 403);
  EXPECT_EQ(
      bench.control("POST", "/faults", R"({"kind":"status","status":503,"operation":"getAccount"})")
          .status,
      201);
  EXPECT_EQ(bench.get("/sellers/v1/account").status, 503);
  EXPECT_EQ(bench.control("DELETE", "/faults").status, 200);
  EXPECT_EQ(bench.get("/sellers/v1/account").status, 200);
  EXPECT_EQ(bench.control("POST", "/secret", R"({"client_secret":"s2","old_valid":"0s"})").status,
            200);
  EXPECT_EQ(bench.login(bench.refresh_form()).status, 401);
  bench.credentials.client_secret = "s2";
  EXPECT_EQ(bench.control("POST", seller + "/revoke").status, 200);
  EXPECT_EQ(bench.login(bench.refresh_form()).status, 400);
  EXPECT_EQ(bench.control("POST", seller + "/authorize", R"({"refresh_token":"Atzr|2"})").status,
            200);
  EXPECT_EQ(bench.login(bench.refresh_form("Atzr|2")).status, 200);
  EXPECT_NE(Bench::text(bench.control("POST", seller + "/code"), "code"), "");
  EXPECT_EQ(bench
                .control("POST", "/sellers",
                         R"({"id":"A2","marketplaces":["NL"],"refresh_token":"Atzr|3"})")
                .status,
            201);
  EXPECT_EQ(bench.login(bench.refresh_form("Atzr|3")).status, 200);
}

TEST(Control, ListsOrdersAndCounts) {
  Bench bench;
  bench.seed(7);
  const auto list = Bench::json(bench.control("GET", "/orders?limit=3"));
  EXPECT_EQ(list.at("count").as_int64(), 7);
  EXPECT_EQ(list.at("orders").as_array().size(), 3u);
  bench.search("lastUpdatedAfter=2026-11-01T00:00:00Z");
  bench.search("nonsense=1");
  const auto statistics = Bench::json(bench.control("GET", "/statistics"));
  EXPECT_EQ(statistics.at("searchOrders").at("requests").as_int64(), 2);
  EXPECT_EQ(statistics.at("searchOrders").at("orders").as_int64(), 7);
  EXPECT_EQ(statistics.at("searchOrders").at("by_status").at("400").as_int64(), 1);
  EXPECT_EQ(bench.control("POST", "/reset").status, 200);
  EXPECT_TRUE(bench.simulator.statistics().empty());
}

TEST(Control, ServesManyThreadsAtOnce) {
  Bench bench;
  bench.quotas_off();
  bench.seed(50);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        if (t == 0) bench.simulator.add_order({});
        if (t == 1) bench.login(bench.refresh_form());
        if (bench.search("lastUpdatedAfter=2026-11-01T00:00:00Z&includedData=BUYER").status !=
            200) {
          ++failures;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(bench.simulator.orders().size(), 70u);
}

}  // namespace
}  // namespace amazon_sandbox::tests
