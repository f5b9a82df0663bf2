// searchOrders and getOrder refuse what Amazon's model refuses, and page as it says.

#include <set>

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

// The clock of these tests stands at 2026-11-23T10:00:00Z.
const std::string kSince = "lastUpdatedAfter=2026-11-01T00:00:00Z";

struct Search : ::testing::Test {
  Search() { bench.quotas_off(); }
  void expect_refused(const std::string& query, std::string_view because) {
    const auto response = bench.search(query);
    EXPECT_EQ(response.status, 400) << query;
    const auto error = Bench::error(response);
    EXPECT_EQ(error.substr(0, 14), "InvalidInput: ") << query;
    EXPECT_NE(error.find(because), std::string::npos) << query << " -> " << error;
  }
  void expect_taken(const std::string& query) {
    const auto response = bench.search(query);
    EXPECT_EQ(response.status, 200) << query << " -> " << response.body.substr(0, 300);
  }
  Bench bench;
};

TEST_F(Search, NeedsExactlyOneAfter) {
  expect_refused("", "exactly one of");
  expect_refused("maxResultsPerPage=10", "exactly one of");
  expect_refused(kSince + "&createdAfter=2026-11-01T00:00:00Z", "exactly one of");
  expect_refused("lastUpdatedBefore=2026-11-01T00:00:00Z", "exactly one of");
  expect_taken(kSince);
  expect_taken("createdAfter=2026-11-01T00:00:00.123Z");
}

TEST_F(Search, BeforeGoesWithItsOwnAfter) {
  expect_refused(kSince + "&createdBefore=2026-11-02T00:00:00Z", "createdBefore");
  expect_refused("createdAfter=2026-11-01T00:00:00Z&lastUpdatedBefore=2026-11-02T00:00:00Z",
                 "lastUpdatedBefore");
  expect_taken(kSince + "&lastUpdatedBefore=2026-11-01T00:00:00Z");
  expect_refused(kSince + "&lastUpdatedBefore=2026-10-31T23:59:59.999Z", "equal to or after");
}

TEST_F(Search, BeforeIsTwoMinutesOld) {
  expect_taken(kSince + "&lastUpdatedBefore=2026-11-23T09:58:00Z");
  expect_refused(kSince + "&lastUpdatedBefore=2026-11-23T09:58:00.001Z", "two minutes");
  expect_refused("createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-23T10:00:00Z",
                 "two minutes");
  expect_taken("lastUpdatedAfter=2026-11-23T09:58:00Z");
  expect_refused("lastUpdatedAfter=2026-11-23T09:58:00.001Z", "two minutes");
}

TEST_F(Search, TimesAreIso8601) {
  for (const auto* time : {"yesterday", "2026-11-01", "2026-11-01T00:00:00", "2026-13-01T00:00:00Z",
                           "2026-11-01T25:00:00Z", "1793491200", "TEST_CASE_400",
                           "2026-11-01T00:00:00+01:00"}) {  // an unescaped plus is a space
    expect_refused("lastUpdatedAfter=" + std::string(time), "ISO 8601");
  }
  expect_taken("lastUpdatedAfter=2026-11-01T00%3A00%3A00%2B01%3A00");
}

TEST_F(Search, UnknownRepeatedAndEmptyParametersAreRefused) {
  expect_refused(kSince + "&MarketplaceIds=A1805IZSGTT6HS", "no such parameter");
  expect_refused(kSince + "&orderId=1", "no such parameter");
  expect_refused(kSince + "&maxResultsPerPage=5&maxResultsPerPage=5", "more than once");
  expect_refused(kSince + "&marketplaceIds=A1805IZSGTT6HS&marketplaceIds=A1PA6795UKMFR9",
                 "more than once");
  expect_refused(kSince + "&paginationToken=", "empty");
  expect_refused(kSince + "&includedData", "empty");
}

TEST_F(Search, EnumsAreExact) {
  expect_taken(kSince +
               "&fulfillmentStatuses=PENDING_AVAILABILITY,PENDING,UNSHIPPED,"
               "PARTIALLY_SHIPPED,SHIPPED,CANCELLED,UNFULFILLABLE");
  expect_refused(kSince + "&fulfillmentStatuses=CANCELED", "known values");
  expect_refused(kSince + "&fulfillmentStatuses=Unshipped", "known values");
  expect_refused(kSince + "&fulfillmentStatuses=PENDING,,SHIPPED", "empty element");
  expect_refused(kSince + "&fulfillmentStatuses=PENDING,%20SHIPPED", "known values");
  expect_taken(kSince + "&fulfilledBy=MERCHANT%2CAMAZON");
  expect_refused(kSince + "&fulfilledBy=MFN", "known values");
  expect_taken(kSince + "&includedData=" + std::string(kEverything));
  expect_refused(kSince + "&includedData=BUYER,ITEMS", "known values");
}

TEST_F(Search, PageSizeIsAnIntegerFromOneToHundred) {
  expect_taken(kSince + "&maxResultsPerPage=1");
  expect_taken(kSince + "&maxResultsPerPage=100");
  for (const auto* size : {"0", "101", "999999999999999999999"}) {
    expect_refused(kSince + "&maxResultsPerPage=" + size, "maxResultsPerPage");
  }
  for (const auto* size : {"ten", "1.5", "-1", "+5", "5x", "%205"}) {
    expect_refused(kSince + "&maxResultsPerPage=" + size, "not an integer");
  }
}

TEST_F(Search, MarketplacesAreKnownOfTheAccountAndAtMostFifty) {
  expect_taken(kSince + "&marketplaceIds=A1805IZSGTT6HS,A1PA6795UKMFR9");
  expect_refused(kSince + "&marketplaceIds=NL", "not a marketplace id");
  std::string many = "A1805IZSGTT6HS";
  for (int i = 1; i < 50; ++i) many += ",A1805IZSGTT6HS";
  expect_taken(kSince + "&marketplaceIds=" + many);
  expect_refused(kSince + "&marketplaceIds=" + many + ",A1805IZSGTT6HS", "more than 50");
  const auto abroad = bench.search(kSince + "&marketplaceIds=A1805IZSGTT6HS,ATVPDKIKX0DER");
  EXPECT_EQ(abroad.status, 403);
  EXPECT_EQ(Bench::error(abroad).substr(0, 12), "Unauthorized");
}

TEST_F(Search, GetOrderTakesIncludedDataOnly) {
  const auto id = bench.simulator.add_order({});
  const auto path = "/orders/2026-01-01/orders/" + id;
  EXPECT_EQ(bench.get(path + "?includedData=FULFILLMENT,PACKAGES").status, 200);
  EXPECT_EQ(Bench::error(bench.get(path + "?marketplaceIds=A1805IZSGTT6HS")),
            "InvalidInput: Parameter marketplaceIds: the operation has no such parameter");
  EXPECT_EQ(bench.get(path + "?includedData=STATUS").status, 400);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/TEST_CASE_400").status, 400);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/1234567-123-1234567").status, 400);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/028-1234567-8901234").status, 404);
}

TEST_F(Search, EchoesTheEffectiveEnd) {
  const auto updated = bench.search(kSince);
  EXPECT_EQ(Bench::text(updated, "lastUpdatedBefore"), "2026-11-23T09:58:00Z");
  EXPECT_EQ(Bench::text(updated, "createdBefore"), "");
  const auto created =
      bench.search("createdAfter=2026-11-01T00:00:00Z&createdBefore=2026-11-05T00:00:00Z");
  EXPECT_EQ(Bench::text(created, "createdBefore"), "2026-11-05T00:00:00Z");
  EXPECT_EQ(Bench::text(created, "lastUpdatedBefore"), "");
}

TEST_F(Search, FindsBothEndsOfTheWindowAndNothingYounger) {
  NewOrder order;
  order.updated = bench.clock.now() - 10min;
  const auto id = bench.simulator.add_order(order);
  EXPECT_EQ(Bench::ids(bench.search("lastUpdatedAfter=2026-11-23T09:50:00Z")).size(), 1u);
  EXPECT_EQ(Bench::ids(bench.search("lastUpdatedAfter=2026-11-23T09:50:00.001Z")).size(), 0u);
  EXPECT_EQ(Bench::ids(bench.search(kSince + "&lastUpdatedBefore=2026-11-23T09:50:00Z")).size(),
            1u);
  EXPECT_EQ(Bench::ids(bench.search(kSince + "&lastUpdatedBefore=2026-11-23T09:49:59.999Z")).size(),
            0u);
  const auto fresh = bench.simulator.add_order({});
  EXPECT_EQ(Bench::ids(bench.search(kSince)), std::vector<std::string>{id});
  bench.clock.advance(2min);
  EXPECT_EQ(Bench::ids(bench.search(kSince)), (std::vector<std::string>{id, fresh}));
}

TEST_F(Search, PagesGiveEveryOrderOnceOldestFirst) {
  bench.seed(1234);
  for (const auto* base :
       {"lastUpdatedAfter=2026-11-01T00:00:00Z", "createdAfter=2026-11-01T00:00:00Z"}) {
    std::set<std::string> seen;
    std::string last, token;
    do {
      auto query = std::string(base) + "&maxResultsPerPage=97";
      if (!token.empty()) query += "&paginationToken=" + token;
      const auto page = bench.search(query);
      ASSERT_EQ(page.status, 200) << page.body;
      const auto json = Bench::json(page);
      const auto* member = base[0] == 'l' ? "lastUpdatedTime" : "createdTime";
      for (const auto& order : json.at("orders").as_array()) {
        // Padded, so that "…00Z" sorts before "…00.001Z".
        std::string time(order.at(member).as_string());
        if (time.size() == 20) time = time.substr(0, 19) + ".000Z";
        EXPECT_LE(last, time);
        last = time;
        EXPECT_TRUE(seen.emplace(order.at("orderId").as_string()).second);
      }
      token = Bench::next_token(page);
    } while (!token.empty());
    EXPECT_EQ(seen.size(), 1234u);
  }
}

TEST_F(Search, FullLastPageHasNoToken) {
  bench.seed(100);
  EXPECT_EQ(Bench::next_token(bench.search(kSince)), "");
  EXPECT_NE(Bench::next_token(bench.search(kSince + "&maxResultsPerPage=99")), "");
}

TEST_F(Search, FiltersCombine) {
  bench.seed(400, {market("NL"), market("DE")});
  std::size_t expected = 0;
  for (const auto& order : bench.simulator.orders()) {
    if (order.marketplace == market("DE") && order.fulfilled_by == FulfilledBy::kAmazon &&
        (order.status == Status::kShipped || order.status == Status::kPending)) {
      ++expected;
    }
  }
  ASSERT_GT(expected, 5u);
  EXPECT_EQ(Bench::ids(bench.search(kSince + "&marketplaceIds=A1PA6795UKMFR9&fulfilledBy=AMAZON"
                                             "&fulfillmentStatuses=SHIPPED,PENDING"))
                .size(),
            expected);
}

TEST_F(Search, TokenIsBoundToItsQuery) {
  bench.seed(300);
  const auto query = kSince + "&fulfilledBy=MERCHANT";
  const auto token = Bench::next_token(bench.search(query + "&maxResultsPerPage=5"));
  ASSERT_FALSE(token.empty());
  const auto with = "&paginationToken=" + token;
  expect_taken(query + "&maxResultsPerPage=50" + with + "&includedData=BUYER");
  expect_taken("fulfilledBy=MERCHANT&" + kSince + with);  // the order does not matter
  expect_refused(kSince + with, "differ");
  expect_refused(query + "&marketplaceIds=A1805IZSGTT6HS" + with, "differ");
  expect_refused("lastUpdatedAfter=2026-11-01T00:00:00.000Z&fulfilledBy=MERCHANT" + with, "differ");
  expect_refused("paginationToken=" + token, "exactly one of");
  auto forged = token;
  forged[10] = forged[10] == 'A' ? 'B' : 'A';
  expect_refused(query + "&paginationToken=" + forged, "not a token");
  expect_refused(query + "&paginationToken=2YgYW55IGNhcm5hbCBwbGVhc3VyZS4", "not a token");
  bench.clock.advance(24h - 1ms);
  bench.token = bench.fetch_token();
  expect_taken(query + with);
  bench.clock.advance(1ms);
  expect_refused(query + with, "expired");
}

TEST_F(Search, TokenIsBoundToItsAccount) {
  bench.seed(10);
  SellerSpec other;
  other.id = "A2OTHERSELLER";
  other.marketplaces = {market("DE")};
  other.roles = {std::string(role::kInventory)};
  bench.simulator.add_seller(other);
  bench.simulator.accounts().authorize(bench.credentials.client_id, other.id, "Atzr|other");
  const auto token = Bench::next_token(bench.search(kSince + "&maxResultsPerPage=5"));
  bench.token = Bench::text(bench.login(bench.refresh_form("Atzr|other")), "access_token");
  expect_refused(kSince + "&paginationToken=" + token, "differ");
}

TEST_F(Search, PagesKeepTheirEndWhileOrdersChange) {
  bench.seed(50);
  const auto first = bench.search(kSince + "&maxResultsPerPage=20");
  const auto token = Bench::next_token(first);
  OrderChange change;
  change.status = Status::kShipped;
  const auto moved = Bench::ids(bench.search(kSince)).at(30);
  bench.simulator.change_order(moved, change);
  bench.clock.advance(10min);
  const auto rest = bench.search(kSince + "&paginationToken=" + token);
  EXPECT_EQ(Bench::text(rest, "lastUpdatedBefore"), Bench::text(first, "lastUpdatedBefore"));
  const auto ids = Bench::ids(rest);
  EXPECT_EQ(ids.size(), 29u);  // the moved one is in the next window, the others are all there
  EXPECT_EQ(std::count(ids.begin(), ids.end(), moved), 0);
  EXPECT_EQ(Bench::ids(bench.search("lastUpdatedAfter=2026-11-23T10:00:00Z")),
            std::vector<std::string>{moved});
}

TEST_F(Search, OrdersOlderThanTwoYearsAreGone) {
  NewOrder order;
  order.created = order.updated = marketplug::parse_time("2024-11-22T00:00:00Z").value();
  const auto old = bench.simulator.add_order(order);
  order.created = order.updated = marketplug::parse_time("2024-11-24T00:00:00Z").value();
  const auto young = bench.simulator.add_order(order);
  EXPECT_EQ(Bench::ids(bench.search("createdAfter=2020-01-01T00:00:00Z")),
            std::vector<std::string>{young});
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + old).status, 404);
}

TEST(SearchJapan, KeepsOrdersSince2016) {
  Bench bench(1, Region::kFarEast);
  NewOrder order;
  order.marketplace = market("JP");
  order.created = order.updated = marketplug::parse_time("2016-02-01T00:00:00Z").value();
  const auto id = bench.simulator.add_order(order);
  order.created = order.updated = marketplug::parse_time("2015-12-31T00:00:00Z").value();
  bench.simulator.add_order(order);
  EXPECT_EQ(Bench::ids(bench.search("createdAfter=2010-01-01T00:00:00Z")),
            std::vector<std::string>{id});
}

TEST_F(Search, LateOrdersAppearAfterTheVisibilityDelayOnly) {
  auto settings = bench.simulator.settings();
  settings.visible_after_min = settings.visible_after_max = 10min;
  bench.simulator.configure(settings);
  const auto id = bench.simulator.add_order({});
  bench.clock.advance(10min - 1ms);
  EXPECT_TRUE(Bench::ids(bench.search(kSince)).empty());
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + id).status, 200);
  bench.clock.advance(1ms);
  EXPECT_EQ(Bench::ids(bench.search(kSince)), std::vector<std::string>{id});
}

TEST_F(Search, VisibilityDelaysAreDrawnBetweenTheirBounds) {
  auto settings = bench.simulator.settings();
  settings.visible_after_min = 3min;
  settings.visible_after_max = 10min;
  bench.simulator.configure(settings);
  for (int i = 0; i < 200; ++i) bench.simulator.add_order({});
  bench.clock.advance(3min - 1ms);
  EXPECT_EQ(Bench::ids(bench.search(kSince)).size(), 0u);
  bench.clock.advance(210s);
  const auto half = Bench::ids(bench.search(kSince)).size();
  EXPECT_GT(half, 50u);
  EXPECT_LT(half, 150u);
  bench.clock.advance(210s);
  EXPECT_NE(Bench::next_token(bench.search(kSince)), "");
}

}  // namespace
}  // namespace amazon_sandbox::tests
