// The main job, whole: orders of the simulator flow through the real plugin and engine into the
// real store.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "host/json/order_codec.hpp"
#include "tests/integration/truth.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using amazon_sandbox::Fault;
using amazon_sandbox::FaultKind;
using std::chrono::hours;
using std::chrono::minutes;

void seed(World& world, std::size_t count,
          std::vector<std::string_view> codes = {"NL", "DE", "FR"}) {
  amazon_sandbox::SeedPlan plan;
  plan.count = count;
  plan.until = world.clock.now() - hours{1};
  for (const auto code : codes) {
    plan.marketplaces.push_back(amazon_sandbox::marketplace_by_name(code));
  }
  world.simulator.seed_orders(plan);
}

void expect_gap_free(World& world) {
  std::int64_t next = 1;
  for (const auto& event : world.events()) EXPECT_EQ(event.seq, next++);
}

/// Events about orders: the shop's own state changes are not counted.
/// One for each change; a buyer's wish to cancel is one of its own beside it.
std::size_t order_events(World& world) {
  const auto events = world.events();
  return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const auto& e) {
    return e.type.starts_with("order.") && e.type != "order.cancel_requested";
  }));
}

std::size_t events_of(World& world, std::string_view type, std::string_view object = {}) {
  const auto events = world.events();
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [&](const auto& event) {
        return event.type == type && (object.empty() || event.object == object);
      }));
}

TEST(Import, EveryOrderOnceWithItsState) {
  World world;
  seed(world, 500);
  EXPECT_TRUE(world.sync());
  expect_equals_truth(world);
  expect_gap_free(world);
  EXPECT_EQ(order_events(world), 500u);
}

/// Pages and cursor go by the time of change, which says nothing here.
TEST(Import, TenThousandOrdersOfOneSecondArriveOnceEach) {
  World world;
  amazon_sandbox::SeedPlan plan;
  plan.count = 10'000;
  plan.until = world.clock.now() - hours{1};
  plan.span = std::chrono::milliseconds{0};
  plan.marketplaces.push_back(amazon_sandbox::marketplace_by_name("NL"));
  world.simulator.seed_orders(plan);
  std::set<TimePoint> times;
  for (const auto& order : world.simulator.orders()) times.insert(order.updated);
  ASSERT_LE(*times.rbegin() - *times.begin(), std::chrono::seconds{1});
  EXPECT_TRUE(world.sync());
  // A page in three minutes, once the quota's burst is spent.
  for (int page = 0; page < 90; ++page) {
    world.clock.advance(minutes{3});
    EXPECT_TRUE(world.sync());
  }
  expect_equals_truth(world);
  expect_gap_free(world);
  EXPECT_EQ(order_events(world), 10'000u);
}

TEST(Import, MoneyAndLinesAreAmazons) {
  World world;
  seed(world, 200);
  ASSERT_TRUE(world.sync());
  std::size_t compared = 0;
  for (const auto& order : world.simulator.orders()) {
    if (order.status == amazon_sandbox::Status::kPending) continue;
    const auto truth = boost::json::parse(world.simulator.order_json(order.id)).as_object();
    const auto text = world.order(order.id);
    ASSERT_TRUE(text) << order.id;
    const auto stored = boost::json::parse(*text).as_object();
    if (const auto* proceeds = truth.if_contains("proceeds")) {
      const auto& total = proceeds->at("grandTotal");
      EXPECT_EQ(stored.at("total").at("amount"), total.at("amount")) << order.id;
      EXPECT_EQ(stored.at("total").at("currency"), total.at("currencyCode")) << order.id;
    }
    const auto& lines = truth.at("orderItems").as_array();
    ASSERT_EQ(stored.at("lines").as_array().size(), lines.size()) << order.id;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& line = stored.at("lines").at(i);
      EXPECT_EQ(line.at("id"), lines[i].at("orderItemId"));
      EXPECT_EQ(line.at("sku"), lines[i].at("product").at("sellerSku"));
      EXPECT_EQ(line.at("quantity"), lines[i].at("quantityOrdered"));
    }
    if (const auto* recipient = truth.if_contains("recipient")) {
      EXPECT_EQ(stored.at("recipient").at("name"), recipient->at("deliveryAddress").at("name"));
    }
    ++compared;
  }
  EXPECT_GT(compared, 150u);
}

TEST(Import, NothingNewIsNoEventAndNoWrite) {
  World world;
  seed(world, 150);
  ASSERT_TRUE(world.sync());
  const auto events = order_events(world);
  for (int poll = 0; poll < 3; ++poll) {
    world.clock.advance(minutes{6});
    ASSERT_TRUE(world.sync());
  }
  EXPECT_EQ(order_events(world), events);
  expect_equals_truth(world);
}

TEST(Import, NewAndChangedOrdersArriveWithTheirEvents) {
  World world;
  seed(world, 20);
  ASSERT_TRUE(world.sync());
  amazon_sandbox::NewOrder fresh;
  fresh.marketplace = amazon_sandbox::marketplace_by_name("NL");
  fresh.status = amazon_sandbox::Status::kPending;
  fresh.created = fresh.updated = world.clock.now();
  const auto id = world.simulator.add_order(fresh);
  world.clock.advance(minutes{10});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(events_of(world, "order.pending", id), 1u);

  amazon_sandbox::OrderChange paid;
  paid.status = amazon_sandbox::Status::kUnshipped;
  paid.at = world.clock.now();
  world.simulator.change_order(id, paid);
  world.clock.advance(minutes{10});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(events_of(world, "order.ready", id), 1u);

  amazon_sandbox::OrderChange cancelled;
  cancelled.status = amazon_sandbox::Status::kCancelled;
  cancelled.cancelled_by = "BUYER";
  cancelled.cancel_reason = "BUYER_CANCELLED";
  cancelled.at = world.clock.now();
  world.simulator.change_order(id, cancelled);
  world.clock.advance(minutes{10});
  ASSERT_TRUE(world.sync());
  EXPECT_EQ(events_of(world, "order.cancelled", id), 1u);
  expect_equals_truth(world);
  expect_gap_free(world);
}

TEST(Import, ABuyersWishToCancelIsAnEventAndAnAlertUntilItIsWithdrawn) {
  World world;
  amazon_sandbox::NewOrder fresh;
  fresh.marketplace = amazon_sandbox::marketplace_by_name("NL");
  fresh.created = fresh.updated = world.clock.now();
  const auto id = world.simulator.add_order(fresh);
  const auto sync_later = [&] {
    world.clock.advance(minutes{10});
    ASSERT_TRUE(world.sync());
  };
  const auto wish = [&](const char* reason) {
    amazon_sandbox::OrderChange change;
    change.cancel_request = reason;
    change.at = world.clock.now();
    world.simulator.change_order(id, change);
    sync_later();
  };
  const auto alerts = [&] { return world.store().alerts().list(World::kShop, true, 10); };
  sync_later();
  EXPECT_TRUE(alerts().empty());
  wish("NO_LONGER_NEEDED");
  EXPECT_EQ(events_of(world, "order.cancel_requested", id), 1u);
  const auto open = alerts();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].item, id);
  EXPECT_EQ(open[0].alert.code, "buyer_cancel_requested");
  const auto order = boost::json::parse(world.order(id).value());
  EXPECT_EQ(order.at("lines").at(0).at("cancel_requested").at("by"), "buyer");
  ASSERT_TRUE(open[0].alert.due_at);
  EXPECT_EQ(order.at("ship_by").at("latest").as_string(), format_time(*open[0].alert.due_at));
  wish("");
  EXPECT_TRUE(alerts().empty());
  EXPECT_EQ(events_of(world, "order.cancel_requested", id), 1u);
  expect_equals_truth(world);
  expect_gap_free(world);
}

TEST(Import, PublishedQuotasAreNeverExceeded) {
  World world;
  seed(world, 3000);
  // 30 pages: 20 at once, the others one each 179 s, or their orders by id.
  for (int i = 0; i < 60 && world.orders().size() < 3000; ++i) {
    ASSERT_TRUE(world.sync());
    world.clock.advance(minutes{1});
  }
  expect_equals_truth(world);
  const auto statistics = world.simulator.statistics();
  for (const auto& [operation, counted] : statistics) EXPECT_EQ(counted.throttled, 0u) << operation;
  EXPECT_GT(statistics.at("searchOrders").requests, 20u);
  EXPECT_GE(100 * statistics.at("searchOrders").requests + statistics.at("getOrder").requests,
            3000u);
}

TEST(Import, AnExpiredTokenIsRenewedOnce) {
  World world;
  seed(world, 10);
  ASSERT_TRUE(world.sync());
  world.clock.advance(hours{2});
  Fault expired;
  expired.operation = "searchOrders";
  expired.kind = FaultKind::kExpiredToken;
  expired.next = 1;
  world.simulator.inject(expired);
  ASSERT_TRUE(world.sync());
  expect_equals_truth(world);
}

class ImportThroughFault : public ::testing::TestWithParam<FaultKind> {};

TEST_P(ImportThroughFault, LosesNothing) {
  World world;
  seed(world, 350);
  Fault fault;
  fault.operation = "searchOrders";
  fault.kind = GetParam();
  fault.status = 503;
  fault.delay = std::chrono::milliseconds{1};
  fault.every = 2;
  world.simulator.inject(fault);
  for (int i = 0; i < 40 && world.orders().size() < 350; ++i) {
    world.sync();
    world.clock.advance(minutes{5});
  }
  world.simulator.clear_faults();
  world.clock.advance(hours{1});
  world.sync();
  expect_equals_truth(world);
  expect_gap_free(world);
  EXPECT_EQ(order_events(world), 350u);
}

INSTANTIATE_TEST_SUITE_P(Faults, ImportThroughFault,
                         ::testing::Values(FaultKind::kStatus, FaultKind::kReset,
                                           FaultKind::kTruncated, FaultKind::kMalformed,
                                           FaultKind::kWrongContentType, FaultKind::kExpiredToken,
                                           FaultKind::kRepeatedOrder),
                         [](const auto& fault) {
                           std::string name(amazon_sandbox::fault_name(fault.param));
                           std::erase_if(name, [](char c) {
                             return !std::isalnum(static_cast<unsigned char>(c));
                           });
                           return name;
                         });

TEST(Import, RestartsAtEveryPageLoseAndDoubleNothing) {
  World world;
  seed(world, 450);
  for (int i = 0; i < 8; ++i) {
    Fault stop_here;  // one page, then the process ends
    stop_here.operation = "searchOrders";
    stop_here.status = 500;
    stop_here.every = 2;
    world.simulator.inject(stop_here);
    world.sync();
    world.simulator.clear_faults();
    world.clock.advance(minutes{20});
    world.restart();
  }
  world.sync();
  expect_equals_truth(world);
  expect_gap_free(world);
  EXPECT_EQ(order_events(world), 450u);
}

TEST(Import, WithoutPersonalDataNothingPersonalIsAskedOrStored) {
  WorldOptions options;
  options.pii_access = false;
  options.keep_raw = true;
  World world(options);
  seed(world, 60);
  ASSERT_TRUE(world.sync());
  for (const auto& request : world.transport.requests()) {
    for (const char* set : {"BUYER", "RECIPIENT", "TAX"}) {
      EXPECT_EQ(request.url.find(set), std::string::npos) << request.url;
    }
  }
  for (const auto& order : world.orders()) {
    const auto found = world.store().orders().find_personal(World::kShop, order.id, "test");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->personal, "") << order.id;
    EXPECT_EQ(found->raw.find("giftMessage"), std::string::npos);
    EXPECT_EQ(found->raw.find("customizedUrl"), std::string::npos);
  }
}

TEST(Import, ABrokenOrderIsParkedAndTheOthersGoOn) {
  World world;
  seed(world, 120);
  const auto victim = world.simulator.orders().at(30).id;
  amazon_sandbox::OrderChange broken;
  broken.merge = R"({"lastUpdatedTime": "yesterday"})";
  broken.at = world.clock.now() - hours{1};
  world.simulator.change_order(victim, broken);
  ASSERT_TRUE(world.sync()) << ::testing::PrintToString(world.log.lines());
  EXPECT_EQ(world.orders().size(), 119u);
  const auto parked = world.store().parked().list(World::kShop, true, 10);
  ASSERT_EQ(parked.size(), 1u);
  EXPECT_EQ(parked[0].item.id, victim);
  EXPECT_NE(parked[0].item.message, "");
  EXPECT_NE(parked[0].item.remedy, "");
  EXPECT_EQ(events_of(world, "order.parked", victim), 1u);

  amazon_sandbox::OrderChange mended;
  mended.merge = R"({"lastUpdatedTime": "2026-11-23T09:30:00Z"})";
  mended.at = world.clock.now();
  world.simulator.change_order(victim, mended);
  const auto replayed = world.engine().fetch_order(World::kShop, victim);
  ASSERT_TRUE(replayed) << replayed.failure().message;
  EXPECT_EQ(replayed.value(), store::UpsertOutcome::kInserted);
  EXPECT_TRUE(world.store().parked().list(World::kShop, true, 10).empty());
}

TEST(Import, ARevokedAuthorisationStopsTheShopWithoutAStorm) {
  World world;
  seed(world, 5);
  world.simulator.accounts().revoke(amazon_sandbox::Credentials{}.seller_id);
  EXPECT_FALSE(world.sync());
  const auto shop = world.store().shops().find(World::kShop);
  ASSERT_TRUE(shop);
  EXPECT_EQ(shop->state, "needs_reauthorization");
  EXPECT_NE(shop->state_reason, "");
  const auto asked = world.transport.requests().size();
  for (int i = 0; i < 10; ++i) {
    world.clock.advance(hours{1});
    world.sync();
  }
  EXPECT_LE(world.transport.requests().size(), asked + 10) << "a retry storm";
}

TEST(Import, SecretsAndBuyersStayOutOfLogsAndMetrics) {
  World world;
  seed(world, 80);
  Fault fault;
  fault.operation = "searchOrders";
  fault.kind = FaultKind::kMalformed;
  fault.next = 1;
  world.simulator.inject(fault);
  world.sync();
  world.clock.advance(minutes{10});
  world.sync();
  std::set<std::string> forbidden;
  const amazon_sandbox::Credentials credentials;
  forbidden.insert({credentials.client_secret, credentials.refresh_token, "Atza|"});
  for (const auto& order : world.simulator.orders()) {
    const auto truth = boost::json::parse(world.simulator.order_json(order.id)).as_object();
    if (const auto* buyer = truth.if_contains("buyer")) {
      if (const auto* name = buyer->as_object().if_contains("buyerName")) {
        forbidden.insert(std::string(name->as_string()));
      }
    }
  }
  ASSERT_GT(forbidden.size(), 20u);
  for (const auto& line : world.log.lines()) {
    for (const auto& text : forbidden) EXPECT_EQ(line.find(text), std::string::npos) << line;
  }
}

TEST(Check, TellsWhatWorksAndWhatDoesNot) {
  World good;
  const auto fine = good.engine().check(World::kShop);
  ASSERT_TRUE(fine) << fine.failure().message;
  for (const auto& finding : fine.value()) {
    EXPECT_NE(finding.severity, Finding::Severity::kError) << finding.message;
  }
  WorldOptions options;
  options.marketplaces = {"NL"};
  World stranger(options);
  amazon_sandbox::SellerSpec elsewhere;
  elsewhere.id = "A2OTHERSELLER11";
  elsewhere.store_name = "Elsewhere";
  elsewhere.marketplaces = {amazon_sandbox::marketplace_by_name("DE")};
  elsewhere.roles = {std::string(amazon_sandbox::role::kInventory)};
  stranger.simulator.add_seller(elsewhere);
  const amazon_sandbox::Credentials credentials;
  stranger.simulator.accounts().authorize(credentials.client_id, elsewhere.id,
                                          credentials.refresh_token);
  const auto findings = stranger.engine().check(World::kShop);
  ASSERT_TRUE(findings) << findings.failure().message;
  const auto missing =
      std::find_if(findings.value().begin(), findings.value().end(), [](const auto& finding) {
        return finding.severity == Finding::Severity::kError &&
               finding.message.find("NL") != std::string::npos;
      });
  ASSERT_NE(missing, findings.value().end());
  EXPECT_NE(missing->remedy, "");
}

}  // namespace
}  // namespace marketplug::testing
