// Bad input of every kind through the real plugin, engine and store: what a person reads, what is
// kept, and that it ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <string>
#include <vector>

#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using amazon_sandbox::Fault;
using amazon_sandbox::FaultKind;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;

constexpr std::size_t kTenMegabytes = 10'000'000;

/// Orders in two marketplaces, all older than what the tests do.
void seed_both(World& world, std::size_t count) {
  amazon_sandbox::SeedPlan plan;
  plan.count = count;
  plan.until = world.amazon_clock.now() - hours{3};
  for (const char* code : {"NL", "DE"}) {
    plan.marketplaces.push_back(amazon_sandbox::marketplace_by_name(code));
  }
  world.simulator.seed_orders(plan);
}

void merge(World& world, const std::string& id, const std::string& patch) {
  amazon_sandbox::OrderChange change;
  change.merge = patch;
  change.at = world.amazon_clock.now() - hours{1};
  world.simulator.change_order(id, change);
}

std::size_t searches(World& world) {
  const auto requests = world.transport.requests();
  return static_cast<std::size_t>(std::count_if(
      requests.begin(), requests.end(),
      [](const HttpRequest& request) { return request.operation == "searchOrders"; }));
}

std::vector<store::ParkedRecord> parked(World& world) {
  return world.store().parked().list(World::kShop, true, 100);
}

/// Steps with the clock going on, until `done`. Enough for every back-off and quota.
template <class Done>
void keep_syncing(World& world, const Done& done) {
  world.sync();
  for (int i = 0; i < 60 && !done(); ++i) {
    world.clock.advance(minutes{16});
    world.sync();
  }
  EXPECT_TRUE(done()) << ::testing::PrintToString(world.log.lines());
}

store::ShopRecord shop_of(World& world) { return world.store().shops().find(World::kShop).value(); }

store::JobRecord job_of(World& world) { return world.store().progress().jobs(World::kShop).at(0); }

/// A shop that a person must look after: no request more, and well again afterwards.
void expect_stands_still_until_mended(World& world, const std::string& state) {
  EXPECT_EQ(shop_of(world).state, state);
  EXPECT_EQ(job_of(world).state, "dead");
  EXPECT_NE(job_of(world).last_remedy, "");
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr(job_of(world).last_remedy));
  const auto asked = world.transport.requests().size();
  for (int i = 0; i < 48; ++i) {
    world.clock.advance(hours{1});
    world.sync();
  }
  EXPECT_EQ(world.transport.requests().size(), asked) << "a retry storm";
}

TEST(BadInput, AWrongClientSecretStopsTheShopUntilItIsMended) {
  World world;
  seed_both(world, 5);
  world.entered.client_secret = "not-the-secret";
  EXPECT_FALSE(world.sync());
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("invalid_client"));
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("LWA credentials"));
  expect_stands_still_until_mended(world, "needs_attention");
  world.entered = {};
  world.switch_off_and_on();
  EXPECT_EQ(world.orders().size(), 5u);
  EXPECT_EQ(shop_of(world).state, "ok");
}

TEST(BadInput, ARevokedTokenStopsTheShopUntilItIsAuthorizedAgain) {
  World world;
  seed_both(world, 5);
  world.simulator.accounts().revoke(world.entered.seller_id);
  EXPECT_FALSE(world.sync());
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("invalid_grant"));
  expect_stands_still_until_mended(world, "needs_reauthorization");
  world.entered.refresh_token = "Atzr|another-and-no-secret";
  world.simulator.accounts().authorize(world.entered.client_id, world.entered.seller_id,
                                       world.entered.refresh_token);
  world.switch_off_and_on();
  EXPECT_EQ(world.orders().size(), 5u);
}

TEST(BadInput, TheEndpointOfAnotherRegionIsNamedBeforeAnythingIsSent) {
  WorldOptions options;
  options.api = "https://sellingpartnerapi-na.amazon.com";
  World world(options);
  EXPECT_FALSE(world.sync());
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("/account/endpoints/api"));
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("region NA, the shop is set to EU"));
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("https://sellingpartnerapi-eu.amazon.com"));
  EXPECT_TRUE(world.transport.requests().empty());
}

// Behind a relay of a person's own only Amazon's answers tell the region.
TEST(BadInput, AnEndpointThatServesAnotherRegionIsNamed) {
  WorldOptions options;
  options.api = "https://relay.example.org";
  World world(options);
  seed_both(world, 5);
  EXPECT_FALSE(world.sync());
  EXPECT_EQ(shop_of(world).state, "needs_attention");
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("region"));
  const auto findings = world.engine().check(World::kShop);
  ASSERT_TRUE(findings);
  EXPECT_TRUE(
      std::any_of(findings.value().begin(), findings.value().end(), [](const Finding& finding) {
        return finding.severity == Finding::Severity::kError && finding.pointer == "/orders" &&
               finding.remedy.find("region EU") != std::string::npos;
      }));
}

TEST(BadInput, AMarketplaceThatIsNotTheAccountsStopsTheShopWithWhatToDo) {
  World world;
  amazon_sandbox::SellerSpec elsewhere;
  elsewhere.id = "A2OTHERSELLER11";
  elsewhere.store_name = "Elsewhere";
  elsewhere.marketplaces = {amazon_sandbox::marketplace_by_name("DE")};
  elsewhere.roles = {std::string(amazon_sandbox::role::kInventory)};
  world.simulator.add_seller(elsewhere);
  world.simulator.accounts().authorize(world.entered.client_id, elsewhere.id,
                                       world.entered.refresh_token);
  EXPECT_FALSE(world.sync());
  EXPECT_THAT(shop_of(world).state_reason, HasSubstr("does not sell in one of its marketplaces"));
  expect_stands_still_until_mended(world, "needs_attention");
}

struct BadTime {
  const char* patch;
  const char* pointer;
};
class ATimestampOf1995 : public ::testing::TestWithParam<BadTime> {};

TEST_P(ATimestampOf1995, IsParkedWithItsPlace) {
  World world;
  seed_both(world, 30);
  const auto victim = world.simulator.orders().at(7).id;
  merge(world, victim, GetParam().patch);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 29u);
  ASSERT_EQ(parked(world).size(), 1u);
  EXPECT_EQ(parked(world)[0].item.id, victim);
  EXPECT_EQ(parked(world)[0].item.code, "bad_time");
  EXPECT_EQ(parked(world)[0].item.pointer, GetParam().pointer);
}

INSTANTIATE_TEST_SUITE_P(
    All, ATimestampOf1995,
    ::testing::Values(BadTime{R"({"lastUpdatedTime":"1995-05-05T05:05:05Z"})", "/lastUpdatedTime"},
                      BadTime{R"({"createdTime":"1995-05-05T05:05:05Z"})", "/createdTime"}),
    [](const auto& test) { return std::string(test.param.pointer).substr(1); });

TEST(BadInput, ADeliveryWindowIn1995TakesNoAddressFromAnOpenOrder) {
  World world;
  seed_both(world, 40);
  const auto orders = world.simulator.orders();
  const auto open = std::find_if(orders.begin(), orders.end(), [](const auto& order) {
    return order.status == amazon_sandbox::Status::kUnshipped &&
           order.fulfilled_by == amazon_sandbox::FulfilledBy::kMerchant;
  });
  ASSERT_NE(open, orders.end());
  merge(world, open->id, R"({"fulfillment":{"deliverByWindow":{
    "earliestDateTime":"1995-05-04T00:00:00Z","latestDateTime":"1995-05-05T00:00:00Z"}}})");
  ASSERT_TRUE(world.sync());
  const auto stored = world.order(open->id);
  ASSERT_TRUE(stored);
  const auto order = boost::json::parse(*stored);
  EXPECT_EQ(order.at("deliver_by").at("latest"), "1995-05-05T00:00:00Z");
  EXPECT_NE(order.at("recipient").at("name").as_string(), "");
}

TEST(BadInput, ATitleOf10MegabytesIsParkedAndTheOther99AreStored) {
  World world;
  seed_both(world, 100);
  const auto victim = world.simulator.orders().at(50).id;
  world.transport.on_the_way = [&](const HttpRequest& request, HttpResponse& response) {
    if (request.operation != "searchOrders") return;
    const auto order = response.body.find("\"orderId\":\"" + victim);
    const auto title = response.body.find("\"title\":\"", order);
    if (order != std::string::npos) response.body.insert(title + 9, kTenMegabytes, 'x');
  };
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 99u);
  ASSERT_EQ(parked(world).size(), 1u);
  EXPECT_EQ(parked(world)[0].item.id, victim);
  EXPECT_EQ(parked(world)[0].item.code, "too_long");
  EXPECT_EQ(parked(world)[0].item.pointer, "/orderItems/0/product/title");
}

TEST(BadInput, APageThatCannotBeReadIsAskedForInSmallerOnes) {
  World world;
  seed_both(world, 150);
  world.transport.script = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.url.find("maxResultsPerPage=100") == std::string::npos) return std::nullopt;
    return HttpResponse{
        200, {{"Content-Type", "application/json"}}, R"({"orders":[{"a":"5" x"}]})"};
  };
  keep_syncing(world, [&] { return !world.orders().empty(); });
  world.transport.script = nullptr;
  keep_syncing(world, [&] { return world.orders().size() == 150; });
  EXPECT_TRUE(world.log.contains("orders.smaller_page"));
  EXPECT_TRUE(parked(world).empty());
}

TEST(BadInput, ATornByteInOneAnswerIsHealedByReadingThePageOnceMore) {
  World world;
  seed_both(world, 120);
  Fault fault;
  fault.operation = "searchOrders";
  fault.kind = FaultKind::kInvalidUtf8;
  fault.next = 1;
  world.simulator.inject(fault);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 120u);
  EXPECT_TRUE(parked(world).empty()) << parked(world)[0].item.message;
  EXPECT_TRUE(world.log.contains("orders.asked_again"));
}

TEST(BadInput, InvalidUtf8ThatStaysIsParkedAndAReplaySettlesIt) {
  World world;
  seed_both(world, 50);
  Fault fault;
  fault.operation = "searchOrders";
  fault.kind = FaultKind::kInvalidUtf8;
  world.simulator.inject(fault);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 49u);
  ASSERT_EQ(parked(world).size(), 1u);
  const auto item = parked(world)[0].item;
  EXPECT_EQ(item.code, "not_json");
  EXPECT_THAT(item.message, HasSubstr("at byte"));
  EXPECT_NE(item.remedy, "");
  ASSERT_TRUE(world.engine().fetch_order(World::kShop, item.id));
  EXPECT_TRUE(parked(world).empty());
  EXPECT_EQ(world.orders().size(), 50u);
}

TEST(BadInput, AReplaySettlesWhatWasStoredWellAlready) {
  World world;
  seed_both(world, 10);
  ASSERT_TRUE(world.sync());
  const auto id = world.simulator.orders().at(3).id;
  amazon_sandbox::OrderChange change;
  change.at = world.clock.now();
  world.simulator.change_order(id, change);
  ASSERT_EQ(world.engine().fetch_order(World::kShop, id).value(), store::UpsertOutcome::kUpdated);
  world.transport.on_the_way = [&](const HttpRequest& request, HttpResponse& response) {
    const auto at = response.body.find("\"orderId\":\"" + id);
    if (request.operation != "searchOrders" || at == std::string::npos) return;
    const auto time = response.body.find("\"lastUpdatedTime\":\"", at);
    response.body.replace(time + 19, 4, "then");
  };
  world.clock.advance(minutes{10});
  world.sync();
  ASSERT_EQ(parked(world).size(), 1u);
  EXPECT_EQ(world.engine().fetch_order(World::kShop, id).value(), store::UpsertOutcome::kUnchanged);
  EXPECT_TRUE(parked(world).empty());
}

TEST(BadInput, APageTokenThatRepeatsForEverIsNamedAndEnds) {
  World world;
  seed_both(world, 350);
  Fault fault;
  fault.operation = "searchOrders";
  fault.kind = FaultKind::kRepeatedToken;
  world.simulator.inject(fault);
  keep_syncing(world, [&] { return job_of(world).last_code == "page_token_loop"; });
  EXPECT_THAT(job_of(world).last_message, HasSubstr("repeats a page token"));
  EXPECT_THAT(job_of(world).last_remedy, HasSubstr("developer support"));
  const auto asked = searches(world);
  for (int i = 0; i < 12; ++i) {
    world.clock.advance(hours{1});
    world.sync();
  }
  EXPECT_LE(searches(world), asked + 12u * 8u) << "a loop must not eat the quota";
  world.simulator.clear_faults();
  keep_syncing(world, [&] { return world.orders().size() == 350; });
  EXPECT_EQ(shop_of(world).state, "ok");
}

TEST(BadInput, ACursorFromTheFutureBeginsAgainAndLosesNothing) {
  World world;
  seed_both(world, 20);
  // One of Amazon's machines is a month ahead and says so twice.
  world.transport.on_the_way = [&](const HttpRequest& request, HttpResponse& response) {
    if (request.operation != "searchOrders") return;
    for (auto& [name, value] : response.headers) {
      if (name == "Date") value = "Wed, 23 Dec 2026 10:00:00 GMT";
    }
    const auto at = response.body.find("\"lastUpdatedBefore\":\"2026-11-23");
    response.body.replace(at + 21, 10, "2026-12-23");
  };
  ASSERT_TRUE(world.sync());
  world.transport.on_the_way = nullptr;
  amazon_sandbox::NewOrder fresh;
  fresh.marketplace = amazon_sandbox::marketplace_by_name("NL");
  fresh.status = amazon_sandbox::Status::kUnshipped;
  fresh.created = fresh.updated = world.clock.now();
  world.simulator.add_order(fresh);
  world.clock.advance(minutes{10});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 21u);
  EXPECT_TRUE(world.log.contains("Amazon's future"));
}

class ClockOff : public ::testing::TestWithParam<int> {};

TEST_P(ClockOff, ChangesNothingAndIsNamedByTheCheck) {
  WorldOptions options;
  options.amazon_ahead = minutes{GetParam()};
  World world(options);
  seed_both(world, 120);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 120u);
  for (int poll = 0; poll < 4; ++poll) {
    amazon_sandbox::NewOrder fresh;
    fresh.marketplace = amazon_sandbox::marketplace_by_name("NL");
    fresh.status = amazon_sandbox::Status::kUnshipped;
    fresh.created = fresh.updated = world.amazon_clock.now();
    world.simulator.add_order(fresh);
    world.clock.advance(minutes{10});
    ASSERT_TRUE(world.sync());
  }
  EXPECT_EQ(world.orders().size(), 124u);
  EXPECT_TRUE(parked(world).empty());
  EXPECT_FALSE(world.log.contains("orders.window_restarted"));
  EXPECT_LE(searches(world), 12u) << "the import does not begin again";
  const auto findings = world.engine().check(World::kShop);
  ASSERT_TRUE(findings);
  EXPECT_TRUE(
      std::any_of(findings.value().begin(), findings.value().end(), [](const Finding& finding) {
        return finding.severity == Finding::Severity::kWarning &&
               finding.message.find("clock") != std::string::npos;
      }));
}

INSTANTIATE_TEST_SUITE_P(MinutesAhead, ClockOff, ::testing::Values(-61, -60, 60, 61, 5 * 60),
                         [](const auto& test) {
                           const int ahead = test.param;
                           return (ahead < 0 ? "AmazonBehind" : "AmazonAhead") +
                                  std::to_string(ahead < 0 ? -ahead : ahead);
                         });

TEST(BadInput, TheSameChangeTimeWithOtherContentIsAnUpdate) {
  World world;
  seed_both(world, 10);
  ASSERT_TRUE(world.sync());
  const auto before = world.simulator.orders().at(2);
  amazon_sandbox::OrderChange change;
  change.merge = R"({"orderAliases":[{"aliasId":"SHOP-1","aliasType":"SELLER_ORDER_ID"}]})";
  change.at = before.updated;
  world.simulator.change_order(before.id, change);
  const auto fetched = world.engine().fetch_order(World::kShop, before.id);
  ASSERT_TRUE(fetched) << fetched.failure().message;
  EXPECT_EQ(fetched.value(), store::UpsertOutcome::kUpdated);
  const auto order = boost::json::parse(world.order(before.id).value());
  EXPECT_EQ(order.at("merchant_number"), "SHOP-1");
  EXPECT_EQ(world.engine().fetch_order(World::kShop, before.id).value(),
            store::UpsertOutcome::kUnchanged);
}

}  // namespace
}  // namespace marketplug::testing
