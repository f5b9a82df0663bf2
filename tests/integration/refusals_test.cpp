// Amazon refuses for a while: quotas, 429 in bursts, an outage of a day. How often it is asked in
// the meantime, and that everything is there afterwards.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using amazon_sandbox::Fault;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Refusals : public ::testing::Test {
 protected:
  void seed(std::size_t count) {
    amazon_sandbox::SeedPlan plan;
    plan.count = count;
    plan.until = world.clock.now() - hours{3};
    plan.marketplaces = {amazon_sandbox::marketplace_by_name("NL")};
    world.simulator.seed_orders(plan);
  }
  std::string add_order() {
    amazon_sandbox::NewOrder fresh;
    fresh.marketplace = amazon_sandbox::marketplace_by_name("NL");
    fresh.status = amazon_sandbox::Status::kUnshipped;
    fresh.created = fresh.updated = world.amazon_clock.now();
    return world.simulator.add_order(fresh);
  }
  /// Looks for work that often through that time.
  void live(minutes time, minutes each = minutes{1}) {
    for (minutes passed{0}; passed < time; passed += each) {
      world.sync();
      world.clock.advance(each);
    }
  }
  std::size_t asked() { return world.transport.requests().size(); }
  const services::QuotaGovernor::View* view(const std::string& operation) {
    views_ = world.quota().view();
    const auto found = std::find_if(views_.begin(), views_.end(),
                                    [&](const auto& one) { return one.operation == operation; });
    return found == views_.end() ? nullptr : &*found;
  }

  World world;

 private:
  std::vector<services::QuotaGovernor::View> views_;
};

TEST_F(Refusals, TokensAreKeptForPersonsAndNotTakenFromTheImport) {
  seed(10);
  ASSERT_TRUE(world.sync());
  ASSERT_TRUE(world.engine().check(World::kShop));
  ASSERT_TRUE(world.engine().fetch_order(World::kShop, world.simulator.orders().at(0).id));
  ASSERT_NE(view("getOrder"), nullptr);
  EXPECT_EQ(view("getOrder")->reserve, 2);
  EXPECT_EQ(view("getMarketplaceParticipations")->reserve, 2);
  EXPECT_EQ(view("searchOrders")->reserve, 0);
}

struct TooMany {
  const char* name;
  HttpHeaders headers;
  seconds at_least;  ///< before the second request
};

class RefusalsOf429 : public Refusals, public ::testing::WithParamInterface<TooMany> {};

TEST_P(RefusalsOf429, AreWaitedForLongerEachTimeAndThenEverythingArrives) {
  seed(250);
  bool refusing = true;
  std::vector<TimePoint> searches;
  world.transport.script = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.operation != "searchOrders") return std::nullopt;
    searches.push_back(world.clock.now());
    if (!refusing) return std::nullopt;
    auto headers = GetParam().headers;
    headers.emplace_back("Content-Type", "application/json");
    return HttpResponse{429, headers, R"({"errors":[{"code":"QuotaExceeded","message":"x"}]})"};
  };
  live(minutes{60});
  ASSERT_GE(searches.size(), 2u) << "it goes on by itself";
  EXPECT_GE(searches[1] - searches[0], GetParam().at_least);
  EXPECT_LE(searches.size(), 8u) << "no storm in an hour";
  EXPECT_NE(world.store().shops().find(World::kShop)->state, "needs_attention");
  refusing = false;
  live(minutes{60});
  EXPECT_EQ(world.orders().size(), 250u);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusalsOf429,
    ::testing::Values(TooMany{"WithoutAHeader", {}, seconds{178}},
                      TooMany{"WithRetryAfter", {{"Retry-After", "1200"}}, seconds{1200}},
                      TooMany{"WithARetryAfterThatIsNone", {{"Retry-After", "soon"}}, seconds{178}},
                      TooMany{"WithARate", {{"x-amzn-RateLimit-Limit", "5.0"}}, seconds{178}}),
    [](const auto& instance) { return instance.param.name; });

TEST_F(Refusals, TheRateThatAmazonTellsIsKept) {
  seed(2500);  // 25 pages: five more than the burst
  world.transport.on_the_way = [](const HttpRequest& request, HttpResponse& response) {
    if (request.operation != "searchOrders") return;
    for (auto& [name, value] : response.headers) {
      if (name == "x-amzn-RateLimit-Limit") value = "0.05";
    }
  };
  world.sync();
  ASSERT_NE(view("searchOrders"), nullptr);
  EXPECT_DOUBLE_EQ(view("searchOrders")->per_second, 0.05);
}

TEST_F(Refusals, AReplayOfManyParkedOrdersKeepsToTheQuota) {
  seed(60);
  world.transport.on_the_way = [](const HttpRequest& request, HttpResponse& response) {
    const std::string key = "\"lastUpdatedTime\"";
    if (request.operation != "searchOrders") return;
    for (auto at = response.body.find(key); at != std::string::npos;
         at = response.body.find(key, at)) {
      response.body.replace(at, key.size(), "\"changedTime\"");
    }
  };
  ASSERT_TRUE(world.sync());
  // As `parked replay --all` does it; so many went well.
  const auto replay = [this] {
    std::size_t good = 0;
    for (const auto& record : world.store().parked().list(World::kShop, true, 100)) {
      const auto fetched = world.engine().fetch_order(World::kShop, record.item.id);
      if (fetched) {
        ++good;
        continue;
      }
      EXPECT_EQ(fetched.failure().kind, Failure::Kind::kThrottled) << fetched.failure().message;
      EXPECT_NE(fetched.failure().message, "");
      EXPECT_NE(fetched.failure().remedy, "") << fetched.failure().message;
    }
    return good;
  };
  EXPECT_EQ(replay(), 30u) << "the burst that Amazon publishes";
  world.clock.advance(seconds{20});
  EXPECT_EQ(replay(), 10u) << "one each two seconds";
  world.clock.advance(minutes{1});
  EXPECT_EQ(replay(), 20u);
  EXPECT_EQ(world.orders().size(), 60u);
  EXPECT_EQ(world.simulator.statistics().at("getOrder").throttled, 0u);
  EXPECT_EQ(world.simulator.statistics().at("getOrder").requests, 60u);
}

TEST_F(Refusals, AnOutageOfADayMakesNoStormAndLosesNothing) {
  seed(150);
  ASSERT_TRUE(world.sync());
  ASSERT_EQ(world.orders().size(), 150u);
  Fault outage;
  outage.status = 503;
  world.simulator.inject(outage);
  const auto before = asked();
  std::vector<std::string> added;
  for (int hour = 0; hour < 24; ++hour) {
    added.push_back(add_order());
    live(minutes{60}, minutes{10});
  }
  // At most one request in five minutes, as on a day without an outage.
  EXPECT_LE(asked() - before, 24u * 12u);
  EXPECT_GE(asked() - before, 24u) << "it is tried again by itself";
  EXPECT_EQ(world.orders().size(), 150u);
  world.simulator.clear_faults();
  live(minutes{60}, minutes{10});
  EXPECT_EQ(world.orders().size(), 174u);
  for (const auto& id : added) EXPECT_TRUE(world.order(id)) << id;
  EXPECT_EQ(world.store().shops().find(World::kShop)->state, "ok");
}

// ---- a role that lacks: Amazon does not say which of the three it does.

using amazon_sandbox::MissingRole;
namespace role = amazon_sandbox::role;

class RolesThatLack : public Refusals, public ::testing::WithParamInterface<MissingRole> {
 protected:
  void grant(std::set<std::string, std::less<>> roles) {
    roles.emplace(role::kInventory);
    world.simulator.accounts().set_roles(world.entered.seller_id, std::move(roles));
  }
  void refuse_as_asked() {
    auto settings = world.simulator.settings();
    settings.missing_role = GetParam();
    world.simulator.configure(settings);
  }
  std::size_t open_orders_without_data() {
    std::size_t count = 0;
    for (const auto& order : world.orders()) {
      const auto shown = boost::json::parse(order.document).as_object();
      if (order.state != OrderState::kOpen || shown.at("fulfilled_by") != "merchant") continue;
      count += shown.at("personal_data") == "missing" ? 1 : 0;
    }
    return count;
  }
  std::size_t addresses() {
    std::size_t count = 0;
    for (const auto& order : world.orders()) {
      const auto whole = boost::json::parse(world.order(order.id).value()).as_object();
      const auto* recipient = whole.if_contains("recipient");
      count += recipient != nullptr && recipient->as_object().contains("line1") ? 1 : 0;
    }
    return count;
  }
  std::vector<store::AlertRecord> alerts() {
    auto all = world.store().alerts().list(World::kShop, true, 100);
    std::erase_if(all, [](const auto& one) { return one.kind != "shop"; });
    return all;
  }
};

TEST_P(RolesThatLack, StopNoImportAndTheDataComeOnceTheyAreGranted) {
  refuse_as_asked();
  grant({});
  seed(60);
  const bool stops = GetParam() == MissingRole::kForbidden;  // a person decides, see below
  ASSERT_EQ(world.sync(), !stops);
  if (stops) return;
  EXPECT_EQ(world.orders().size(), 60u);
  EXPECT_GT(open_orders_without_data(), 0u);
  EXPECT_EQ(addresses(), 0u);
  ASSERT_EQ(alerts().size(), 1u) << "one for the shop";
  EXPECT_EQ(alerts()[0].alert.code, "buyers_data_missing");

  grant({std::string(role::kDelivery), std::string(role::kTaxInvoicing)});
  if (GetParam() == MissingRole::kOmit) return;  // nothing tells that it would be given now
  world.clock.advance(hours{7});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 60u) << "nothing twice";
  EXPECT_EQ(open_orders_without_data(), 0u);
  EXPECT_GT(addresses(), 0u);
}

TEST_P(RolesThatLack, TheAddressComesWhereOnlyTheTaxRoleLacks) {
  refuse_as_asked();
  grant({std::string(role::kDelivery)});
  seed(60);
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(world.orders().size(), 60u);
  EXPECT_EQ(open_orders_without_data(), 0u);
  EXPECT_GT(addresses(), 0u);
  EXPECT_TRUE(alerts().empty());
}

TEST_P(RolesThatLack, AChangeOfTheShopTriesAllAgainAtOnce) {
  refuse_as_asked();
  grant({});
  seed(20);
  EXPECT_EQ(world.sync(), GetParam() != MissingRole::kForbidden);
  grant({std::string(role::kDelivery), std::string(role::kTaxInvoicing)});
  world.switch_off_and_on();
  world.clock.advance(minutes{10});
  ASSERT_TRUE(world.sync());
  const bool told = GetParam() != MissingRole::kOmit;
  EXPECT_EQ(addresses() > 0, told);
}

// Without an address nobody can send anything: the shop stands, and says what to do.
TEST_F(Refusals, ADenialOfTheAddressesStopsTheShopWithWhatToDo) {
  auto settings = world.simulator.settings();
  settings.missing_role = MissingRole::kForbidden;
  world.simulator.configure(settings);
  world.simulator.accounts().set_roles(world.entered.seller_id, {std::string(role::kInventory)});
  seed(20);
  EXPECT_FALSE(world.sync());
  const auto shop = world.store().shops().find(World::kShop).value();
  EXPECT_EQ(shop.state, "needs_attention");
  EXPECT_THAT(shop.state_reason, ::testing::HasSubstr("orders.pii_access off"));
}

INSTANTIATE_TEST_SUITE_P(Amazon, RolesThatLack,
                         ::testing::Values(MissingRole::kOmit, MissingRole::kForbidden,
                                           MissingRole::kBadRequest),
                         [](const auto& way) {
                           return std::string(way.param == MissingRole::kOmit        ? "Omits"
                                              : way.param == MissingRole::kForbidden ? "Forbids"
                                                                                     : "Refuses");
                         });

}  // namespace
}  // namespace marketplug::testing
