// What an answer shows: data sets, pending orders, roles, and what Amazon withholds.

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

struct Views : ::testing::Test {
  Views() { bench.quotas_off(); }

  std::string add(Status status, FulfilledBy by = FulfilledBy::kMerchant) {
    NewOrder order;
    order.seed = seed_of_gift;
    order.marketplace = market("NL");
    order.status = status;
    order.fulfilled_by = by;
    return bench.simulator.add_order(order);
  }
  object order(const std::string& id, std::string_view sets = kEverything) {
    const auto response =
        bench.get("/orders/2026-01-01/orders/" + id +
                  (sets.empty() ? std::string() : "?includedData=" + std::string(sets)));
    EXPECT_EQ(response.status, 200) << response.body;
    return Bench::json(response).at("order").as_object();
  }
  static const object& item(const object& order) {
    return order.at("orderItems").as_array().at(0).as_object();
  }
  static const object& address(const object& order) {
    return order.at("recipient").at("deliveryAddress").as_object();
  }

  Bench bench;
  std::uint64_t seed_of_gift = find_gift();

  /// A seed whose order has a gift message, so that its fate can be seen.
  std::uint64_t find_gift() {
    for (std::uint64_t seed = 1;; ++seed) {
      NewOrder order;
      order.seed = seed;
      order.marketplace = market("NL");
      order.status = Status::kUnshipped;
      const auto id = bench.simulator.add_order(order);
      if (bench.simulator.order_json(id).find("giftMessage") != std::string::npos) return seed;
    }
  }
};

TEST_F(Views, WithoutIncludedDataOnlyTheBase) {
  const auto shown = order(add(Status::kShipped), "");
  for (const auto* name :
       {"buyer", "recipient", "proceeds", "payment", "tax", "fulfillment", "packages"}) {
    EXPECT_FALSE(shown.contains(name)) << name;
  }
  for (const auto* name : {"proceeds", "fulfillment", "promotion", "cancellation", "tax"}) {
    EXPECT_FALSE(item(shown).contains(name)) << name;
  }
  EXPECT_TRUE(item(shown).at("product").as_object().contains("price"));
}

TEST_F(Views, EachSetBringsItsOwnPart) {
  const auto id = add(Status::kShipped);
  EXPECT_TRUE(order(id, "BUYER").contains("buyer"));
  EXPECT_TRUE(order(id, "RECIPIENT").contains("recipient"));
  EXPECT_TRUE(order(id, "PACKAGES").contains("packages"));
  EXPECT_TRUE(order(id, "PAYMENT").contains("payment"));
  const auto proceeds = order(id, "PROCEEDS");
  EXPECT_TRUE(proceeds.contains("proceeds"));
  EXPECT_TRUE(item(proceeds).contains("proceeds"));
  EXPECT_FALSE(proceeds.contains("fulfillment"));
  const auto fulfillment = order(id, "FULFILLMENT");
  EXPECT_EQ(fulfillment.at("fulfillment").at("fulfillmentStatus").as_string(), "SHIPPED");
  EXPECT_FALSE(fulfillment.contains("packages"));
}

TEST_F(Views, PendingOrdersHaveNoPriceAndNoAddressUnlessSwitchedOn) {
  const auto id = add(Status::kPending);
  const auto shown = order(id);
  for (const auto* name : {"buyer", "recipient", "proceeds", "payment", "tax"}) {
    EXPECT_FALSE(shown.contains(name)) << name;
  }
  EXPECT_FALSE(item(shown).at("product").as_object().contains("price"));
  EXPECT_FALSE(item(shown).at("fulfillment").as_object().contains("packing"));
  EXPECT_EQ(shown.at("fulfillment").at("fulfillmentStatus").as_string(), "PENDING");
  auto settings = bench.simulator.settings();
  settings.pending_details = true;
  bench.simulator.configure(settings);
  EXPECT_TRUE(order(id).contains("recipient"));
  EXPECT_TRUE(item(order(id)).at("product").as_object().contains("price"));
}

TEST_F(Views, EmailOnlyForOrdersThatTheMerchantShips) {
  EXPECT_TRUE(order(add(Status::kUnshipped)).at("buyer").as_object().contains("buyerEmail"));
  EXPECT_FALSE(order(add(Status::kCancelled)).at("buyer").as_object().contains("buyerEmail"));
  EXPECT_FALSE(order(add(Status::kShipped, FulfilledBy::kAmazon))
                   .at("buyer")
                   .as_object()
                   .contains("buyerEmail"));
}

TEST_F(Views, PhoneIsWithheldForAmazonsOrdersAndAfterDelivery) {
  EXPECT_FALSE(address(order(add(Status::kUnshipped, FulfilledBy::kAmazon))).contains("phone"));
  const auto id = add(Status::kShipped);
  EXPECT_TRUE(address(order(id)).contains("phone"));
  bench.clock.advance(20 * 24h);
  bench.token = bench.fetch_token();
  EXPECT_FALSE(address(order(id)).contains("phone"));
  EXPECT_TRUE(address(order(id)).contains("name"));
}

TEST_F(Views, WithoutTheDeliveryRoleNobodyCanBeReached) {
  const auto id = add(Status::kUnshipped);
  ASSERT_TRUE(item(order(id)).at("fulfillment").as_object().contains("packing"));
  bench.simulator.accounts().set_roles(
      bench.credentials.seller_id,
      {std::string(role::kInventory), std::string(role::kTaxInvoicing)});
  const auto shown = order(id);
  for (const auto* name : {"name", "addressLine1", "postalCode", "phone"}) {
    EXPECT_FALSE(address(shown).contains(name)) << name;
  }
  EXPECT_TRUE(address(shown).contains("city"));
  EXPECT_FALSE(shown.at("buyer").as_object().contains("buyerEmail"));
  EXPECT_TRUE(shown.at("buyer").as_object().contains("buyerName"));
  EXPECT_EQ(boost::json::serialize(shown).find("giftMessage"), std::string::npos);
}

TEST_F(Views, WithoutATaxRoleTheBuyerHasNoName) {
  const auto id = add(Status::kUnshipped);
  bench.simulator.accounts().set_roles(bench.credentials.seller_id, {std::string(role::kDelivery)});
  const auto shown = order(id);
  EXPECT_FALSE(shown.at("buyer").as_object().contains("buyerName"));
  EXPECT_TRUE(shown.at("buyer").as_object().contains("buyerEmail"));
}

TEST_F(Views, MissingRolesCanRefuseTheWholeRequest) {
  const auto id = add(Status::kUnshipped);
  bench.simulator.accounts().set_roles(bench.credentials.seller_id,
                                       {std::string(role::kInventory)});
  auto settings = bench.simulator.settings();
  for (const auto& [way, status] :
       {std::pair{MissingRole::kForbidden, 403}, std::pair{MissingRole::kBadRequest, 400}}) {
    settings.missing_role = way;
    bench.simulator.configure(settings);
    for (const auto* set : {"RECIPIENT", "BUYER", "TAX"}) {
      EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + id + "?includedData=" + set).status,
                status);
      EXPECT_EQ(
          bench.search("createdAfter=2026-11-01T00:00:00Z&includedData=" + std::string(set)).status,
          status);
    }
    EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + id + "?includedData=FULFILLMENT").status,
              200);
  }
}

TEST_F(Views, RolesAndSetsLimitRawAndPatchedOrdersToo) {
  const auto raw = bench.simulator.add_raw_order(
      {.json =
           R"({"orderId":"405-7654321-1234567","createdTime":"2026-11-20T10:00:00Z",
          "lastUpdatedTime":"2026-11-20T11:00:00Z","salesChannel":{"channelName":"AMAZON",
          "marketplaceId":"A1805IZSGTT6HS"},"buyer":{"buyerName":"Zoë","buyerEmail":"x@y"},
          "recipient":{"deliveryAddress":{"name":"Zoë","city":"Nergens"}},"orderItems":[
          {"orderItemId":"1","quantityOrdered":1,"product":{"customization":{"customizedUrl":"u"}},
          "fulfillment":{"packing":{"giftOption":{"giftMessage":"hi"}}}}]})"});
  const auto patched = add(Status::kUnshipped);
  OrderChange change;
  change.merge = R"({"buyer":{"buyerName":"Patched"},"lastUpdatedTime":null,"novel":"member"})";
  bench.simulator.change_order(patched, change);
  EXPECT_EQ(order(patched).at("buyer").at("buyerName").as_string(), "Patched");
  EXPECT_EQ(order(patched).at("novel").as_string(), "member");
  EXPECT_FALSE(order(patched).contains("lastUpdatedTime"));
  EXPECT_FALSE(order(patched, "FULFILLMENT").contains("buyer"));
  EXPECT_TRUE(order(raw).contains("buyer"));
  bench.simulator.accounts().set_roles(bench.credentials.seller_id,
                                       {std::string(role::kInventory)});
  const auto shown = order(raw);
  EXPECT_TRUE(shown.at("buyer").as_object().empty());
  EXPECT_FALSE(address(shown).contains("name"));
  EXPECT_EQ(boost::json::serialize(shown).find("customizedUrl"), std::string::npos);
  EXPECT_EQ(boost::json::serialize(shown).find("giftMessage"), std::string::npos);
  EXPECT_FALSE(order(raw, "BUYER").contains("recipient"));
}

/// An order given as JSON, and what a search shows of its people.
std::string people_of(Bench& bench, const std::string& id, const std::string& fulfillment) {
  RawOrder raw;
  raw.json = R"({"orderId":")" + id + R"(","createdTime":"2026-11-20T10:00:00Z",)" +
             R"("lastUpdatedTime":"2026-11-20T11:00:00Z","salesChannel":{"channelName":"AMAZON",)" +
             R"("marketplaceId":"A1805IZSGTT6HS"},"buyer":{"buyerEmail":"mail"},"recipient":)" +
             R"({"deliveryAddress":{"city":"Nergens","phone":"phone"}},"fulfillment":)" +
             fulfillment + R"(,"orderItems":[]})";
  bench.simulator.add_raw_order(raw);
  const auto order =
      Bench::json(bench.get("/orders/2026-01-01/orders/" + id + "?includedData=BUYER,RECIPIENT"))
          .at("order");
  std::string seen;
  if (order.at("buyer").as_object().contains("buyerEmail")) seen += "mail ";
  if (order.at("recipient").at("deliveryAddress").as_object().contains("phone")) seen += "phone";
  return seen;
}

TEST_F(Views, WhoCanBeReachedDependsOnARawOrdersOwnStatusToo) {
  EXPECT_EQ(people_of(bench, "405-7654321-0000001",
                      R"({"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT"})"),
            "mail phone");
  EXPECT_EQ(people_of(bench, "405-7654321-0000002",
                      R"({"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"AMAZON"})"),
            "");
  EXPECT_EQ(people_of(bench, "405-7654321-0000003",
                      R"({"fulfillmentStatus":"CANCELLED","fulfilledBy":"MERCHANT"})"),
            "phone");
  EXPECT_EQ(people_of(bench, "405-7654321-0000004",
                      R"({"fulfillmentStatus":"SHIPPED","fulfilledBy":"MERCHANT",)"
                      R"("deliverByWindow":{"latestDateTime":"2026-11-22T10:00:00Z"}})"),
            "mail ");
}

TEST_F(Views, WithoutATaxRoleOnlyTheBuyersRegistrationIsWithheld) {
  bench.simulator.accounts().set_roles(bench.credentials.seller_id,
                                       {std::string(role::kInventory)});
  RawOrder raw;
  raw.json =
      R"({"orderId":"405-7654321-1234567","createdTime":"2026-11-20T10:00:00Z","lastUpdatedTime":)"
      R"("2026-11-20T11:00:00Z","salesChannel":{"marketplaceId":"A1805IZSGTT6HS"},"tax":{)"
      R"("taxRegistrations":[{"entityType":"BUYER"},{"entityType":"MARKETPLACE"}]},)"
      R"("orderItems":[]})";
  bench.simulator.add_raw_order(raw);
  const auto body =
      bench.get("/orders/2026-01-01/orders/405-7654321-1234567?includedData=TAX").body;
  EXPECT_NE(body.find(R"("taxRegistrations":[{"entityType":"MARKETPLACE"}])"), std::string::npos)
      << body;
}

}  // namespace
}  // namespace amazon_sandbox::tests
