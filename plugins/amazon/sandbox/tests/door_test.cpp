// What every request must bring: route, headers, token, region, role, quota.

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

const std::string kAccount = "/sellers/v1/account";
const std::string kSearch = "/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-01T00:00:00Z";

TEST(Door, UnknownPathsAre404AndWrongMethods405) {
  Bench bench;
  for (const auto* path : {"/", "/orders/v0/orders", "/orders/2026-01-01/orders/", "/sellers/v1",
                           "/orders/2026-01-01/orders/1/2", "//sellers/v1/account"}) {
    const auto response = bench.get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(Bench::error(response), "NotFound: ");
  }
  auto request = bench.request(kSearch);
  request.method = "POST";
  const auto response = bench.simulator.handle(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(Bench::header(response, "Allow"), "GET");
}

TEST(Door, WhatIsNoRequestGets400Html) {
  Bench bench;
  for (const auto* target : {"", "orders", "/a b", "/a%zz", "/orders?x=%0a", "/a\x01", "/a#b"}) {
    const auto response = bench.get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(Bench::header(response, "Content-Type"), "text/html");
    EXPECT_NE(Bench::header(response, "x-amzn-RequestId"), "(absent)");
  }
}

TEST(Door, MissingHeadersAreForbiddenWithAmazonsDetails) {
  Bench bench;
  auto request = bench.request(kAccount);
  request.headers.erase(request.headers.begin());
  EXPECT_EQ(bench.simulator.handle(request).body,
            R"({"errors":[{"code":"Unauthorized","message":"Access to requested resource is )"
            R"(denied.","details":"Access token is missing in the request header."}]})");
  request = bench.request(kAccount);
  request.headers.pop_back();
  EXPECT_EQ(Bench::error(bench.simulator.handle(request)),
            "Unauthorized: User agent is missing in the request header.");
  request.headers.emplace_back("User-Agent", std::string(501, 'x'));
  EXPECT_EQ(bench.simulator.handle(request).status, 400);
  request = bench.request(kAccount);
  request.headers[0].second = "Atza|invented";
  EXPECT_EQ(bench.simulator.handle(request).status, 403);
}

TEST(Door, EveryAnswerHasItsHeaders) {
  Bench bench;
  const auto fine = bench.get(kAccount);
  EXPECT_EQ(Bench::header(fine, "x-amzn-RateLimit-Limit"), "0.016");
  EXPECT_EQ(Bench::header(fine, "x-amzn-ErrorType"), "(absent)");
  const auto bad = bench.get(kAccount + "?x=1");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(Bench::header(bad, "x-amzn-RateLimit-Limit"), "0.016");
  EXPECT_EQ(Bench::header(bad, "x-amzn-ErrorType"), "InvalidInputException");
  const auto lost = bench.get("/orders/2026-01-01/orders/111-1111111-1111111");
  EXPECT_EQ(lost.status, 404);
  EXPECT_EQ(Bench::header(lost, "x-amzn-RateLimit-Limit"), "0.5");
  EXPECT_EQ(Bench::header(fine, "Date"), "Mon, 23 Nov 2026 10:00:00 GMT");
  bench.clock.set(marketplug::parse_time("2028-02-29T23:59:59.999Z").value());
  EXPECT_EQ(Bench::header(bench.get("/nowhere"), "Date"), "Tue, 29 Feb 2028 23:59:59 GMT");
  EXPECT_EQ(Bench::header(bench.login(""), "Date"), "Tue, 29 Feb 2028 23:59:59 GMT");
  bench.token = "none";
  const auto denied = bench.get(kAccount);
  EXPECT_EQ(Bench::header(denied, "x-amzn-RateLimit-Limit"), "(absent)");
  EXPECT_NE(Bench::header(denied, "x-amzn-RequestId"), Bench::header(bad, "x-amzn-RequestId"));
}

TEST(Door, AnotherRegionsHostIsForbiddenAndHostsServeTheirPathsOnly) {
  Bench bench;
  auto request = bench.request(kAccount);
  request.host = HostKind::kNorthAmerica;
  EXPECT_EQ(bench.simulator.handle(request).status, 403);
  request.host = HostKind::kEurope;
  EXPECT_EQ(bench.simulator.handle(request).status, 200);
  request.host = HostKind::kLwa;
  EXPECT_EQ(bench.simulator.handle(request).status, 404);
  request.target = "/auth/o2/token";
  request.host = HostKind::kEurope;
  request.method = "POST";
  EXPECT_EQ(bench.simulator.handle(request).status, 404);
}

TEST(Door, TheOnePortCanBeOneRegionsHost) {
  Bench bench;
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"served_region":"NA"})").status, 200);
  EXPECT_EQ(Bench::error(bench.get(kAccount)),
            "Unauthorized: The selling partner has no account in this region.");
  EXPECT_EQ(bench.login(bench.refresh_form()).status, 200);  // Login with Amazon has no regions
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"served_region":"EU"})").status, 200);
  EXPECT_EQ(bench.get(kAccount).status, 200);
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"served_region":"any"})").status, 200);
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"served_region":"UK"})").status, 400);
}

TEST(Door, PlansCanDifferFromThePublishedOnes) {
  Bench bench;
  ASSERT_EQ(
      bench.control("PATCH", "/settings", R"({"quotas":{"getAccount":{"rate":0.5,"burst":2}}})")
          .status,
      200);
  EXPECT_EQ(Bench::header(bench.get(kAccount), "x-amzn-RateLimit-Limit"), "0.500000");
  EXPECT_EQ(bench.get(kAccount).status, 200);
  EXPECT_EQ(bench.get(kAccount).status, 429);
  bench.clock.advance(2s);
  EXPECT_EQ(bench.get(kAccount).status, 200);
  for (const auto* wrong : {R"({"quotas":{"token":{"rate":1,"burst":1}}})",
                            R"({"quotas":{"getAccount":{"rate":0,"burst":1}}})",
                            R"({"quotas":{"getAccount":{"rate":1}}})", R"({"quotas":[]})"}) {
    EXPECT_EQ(bench.control("PATCH", "/settings", wrong).status, 400) << wrong;
  }
}

TEST(Door, WithoutAnyRoleNothingOpens) {
  Bench bench;
  bench.simulator.accounts().set_roles(bench.credentials.seller_id, {});
  EXPECT_EQ(bench.get(kSearch).status, 403);
}

TEST(Door, QuotaGivesTheBurstThenExactlyTheRate) {
  Bench bench;
  for (int i = 0; i < 20; ++i) ASSERT_EQ(bench.get(kSearch).status, 200) << i;
  const auto refused = bench.get(kSearch);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body,
            R"({"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota for the )"
            R"(requested resource.","details":""}]})");
  EXPECT_EQ(Bench::header(refused, "x-amzn-RateLimit-Limit"), "(absent)");
  // 0.0056 a second is one request in 178,571.4 ms.
  bench.clock.advance(178'571ms);
  bench.token = bench.fetch_token();
  EXPECT_EQ(bench.get(kSearch).status, 429);
  bench.clock.advance(1ms);
  EXPECT_EQ(bench.get(kSearch).status, 200);
  EXPECT_EQ(bench.get(kSearch).status, 429);
  int given = 0;
  for (int i = 0; i < 100; ++i) {
    bench.clock.advance(178'572ms);
    bench.token = bench.fetch_token();
    if (bench.get(kSearch).status == 200) ++given;
  }
  EXPECT_EQ(given, 100);
  EXPECT_EQ(bench.simulator.statistics().at("searchOrders").throttled, 3u);
}

TEST(Door, QuotasAreKeptPerOperationAndSeller) {
  Bench bench;
  SellerSpec other;
  other.id = "A2OTHERSELLER";
  other.marketplaces = {market("DE")};
  other.roles = {std::string(role::kInventory)};
  bench.simulator.add_seller(other);
  bench.simulator.accounts().authorize(bench.credentials.client_id, other.id, "Atzr|other");
  for (int i = 0; i < 21; ++i) bench.get(kSearch);
  EXPECT_EQ(bench.get(kAccount).status, 200);
  bench.token = Bench::text(bench.login(bench.refresh_form("Atzr|other")), "access_token");
  EXPECT_EQ(bench.get(kSearch).status, 200);
}

TEST(Door, QuotasCanBeScaledAndSwitchedOff) {
  Bench bench;
  auto settings = bench.simulator.settings();
  settings.quota_factor = 1000;
  bench.simulator.configure(settings);
  for (int i = 0; i < 20; ++i) bench.get(kSearch);
  EXPECT_EQ(bench.get(kSearch).status, 429);
  bench.clock.advance(179ms);
  const auto response = bench.get(kSearch);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Bench::header(response, "x-amzn-RateLimit-Limit"), "5.600000");
  bench.quotas_off();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(bench.get(kSearch).status, 200);
  settings.quota_factor = 0;
  EXPECT_THROW(bench.simulator.configure(settings), std::invalid_argument);
}

TEST(Sellers, ParticipationsNameTheMarketplacesOfTheAccount) {
  Bench bench(1, Region::kFarEast);
  const auto response = bench.get("/sellers/v1/marketplaceParticipations");
  ASSERT_EQ(response.status, 200);
  const auto json = Bench::json(response);
  const auto& list = json.at("payload").as_array();
  ASSERT_EQ(list.size(), 3u);
  const auto& japan = list.back().at("marketplace").as_object();
  EXPECT_EQ(japan.at("id").as_string(), "A1VC38T7YXB528");
  EXPECT_EQ(japan.at("countryCode").as_string(), "JP");
  EXPECT_EQ(japan.at("defaultCurrencyCode").as_string(), "JPY");
  EXPECT_EQ(bench.get("/sellers/v1/marketplaceParticipations?x=1").status, 400);
}

TEST(Sellers, ParticipationsDifferPerMarketplaceAndNameThePseudoOnes) {
  Bench bench;
  const auto path = "/sellers/" + bench.credentials.seller_id + "/participation";
  EXPECT_EQ(
      bench
          .control("POST", path,
                   R"({"marketplace":"NL","is_participating":false,"has_suspended_listings":true})")
          .status,
      200);
  EXPECT_EQ(bench.control("POST", path, R"({"marketplace":"US"})").status, 400);
  const auto json = Bench::json(bench.get("/sellers/v1/marketplaceParticipations"));
  int stopped = 0, pseudo = 0;
  for (const auto& each : json.at("payload").as_array()) {
    const auto& participation = each.at("participation");
    const bool there = participation.at("isParticipating").as_bool();
    EXPECT_NE(there, participation.at("hasSuspendedListings").as_bool());
    if (!there) {
      ++stopped;
      EXPECT_EQ(each.at("marketplace").at("id").as_string(), "A1805IZSGTT6HS");
    }
    if (each.at("marketplace").at("name").as_string() == "Non-Amazon DE") ++pseudo;
  }
  EXPECT_EQ(stopped, 1);
  EXPECT_EQ(pseudo, 1);
}

}  // namespace
}  // namespace amazon_sandbox::tests
