// Login with Amazon: grants, error bodies, the life of tokens and secrets.

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;

std::string verdict(const Response& response) {
  return std::to_string(response.status) + " " + Bench::text(response, "error");
}

TEST(Lwa, RefreshTokenGivesAnAccessTokenForAnHour) {
  Bench bench;
  const auto response = bench.login(bench.refresh_form());
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(Bench::text(response, "access_token").substr(0, 5), "Atza|");
  EXPECT_EQ(Bench::text(response, "refresh_token"), bench.credentials.refresh_token);
  EXPECT_EQ(Bench::text(response, "token_type"), "bearer");
  EXPECT_EQ(Bench::json(response).at("expires_in").as_int64(), 3600);
  EXPECT_EQ(Bench::header(response, "Cache-Control"), "no-store");
  EXPECT_NE(Bench::header(response, "x-amzn-RequestId"), "(absent)");
}

TEST(Lwa, TakesTheSameKeysAsJson) {
  Bench bench;
  const boost::json::object body{{"grant_type", "refresh_token"},
                                 {"client_id", bench.credentials.client_id},
                                 {"client_secret", bench.credentials.client_secret},
                                 {"refresh_token", bench.credentials.refresh_token}};
  EXPECT_EQ(bench.login(boost::json::serialize(body), "application/json").status, 200);
  EXPECT_EQ(verdict(bench.login(boost::json::serialize(body), "text/plain")),
            "400 invalid_request");
}

TEST(Lwa, AnswersEachMistakeInAmazonsWords) {
  Bench bench;
  const auto& c = bench.credentials;
  const auto client = "&client_id=" + c.client_id + "&client_secret=" + c.client_secret;
  struct Case {
    std::string form, expected;
  };
  const Case cases[] = {
      {"", "400 invalid_request"},
      {"grant_type=refresh_token" + client, "400 invalid_request"},
      {"grant_type=password" + client, "400 unsupported_grant_type"},
      {"grant_type=refresh_token&refresh_token=x&client_id=" + c.client_id, "400 invalid_request"},
      {"grant_type=refresh_token&refresh_token=x" + client, "400 invalid_grant"},
      {"grant_type=authorization_code&code=x" + client, "400 invalid_grant"},
      {"grant_type=client_credentials&scope=everything" + client, "400 invalid_scope"},
      {"grant_type=client_credentials" + client, "400 invalid_request"},
      {bench.refresh_form() + "&scope=sellingpartnerapi::notifications", "400 invalid_request"},
      {bench.refresh_form() + "&client_id=twice", "400 invalid_request"},
      {bench.refresh_form() + "&broken=%zz", "400 invalid_request"},
      {"grant_type=refresh_token&refresh_token=" + c.refresh_token +
           "&client_secret=x&client_id=" + c.client_id,
       "401 invalid_client"},
      {"grant_type=refresh_token&refresh_token=" + c.refresh_token +
           "&client_secret=x&client_id=nobody",
       "401 invalid_client"},
  };
  for (const auto& [form, expected] : cases) {
    const auto response = bench.login(form);
    EXPECT_EQ(verdict(response), expected) << form;
    EXPECT_FALSE(Bench::text(response, "error_description").empty());
  }
}

TEST(Lwa, RefusesSecretsInTheAddressAndOtherMethods) {
  Bench bench;
  Request request;
  request.method = "POST";
  request.target = "/auth/o2/token?" + bench.refresh_form();
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(verdict(bench.simulator.handle(request)), "400 invalid_request");
  request.method = "GET";
  EXPECT_EQ(bench.simulator.handle(request).status, 405);
}

TEST(Lwa, AnotherClientsRefreshTokenIsUnauthorized) {
  Bench bench;
  bench.simulator.accounts().add_application("other", "other-secret");
  const auto response = bench.login(
      "grant_type=refresh_token&client_id=other&client_secret=other-secret"
      "&refresh_token=" +
      bench.credentials.refresh_token);
  EXPECT_EQ(verdict(response), "400 unauthorized_client");
}

TEST(Lwa, AccessTokenEndsAfterAnHourToTheMillisecond) {
  Bench bench;
  bench.clock.advance(1h - 1ms);
  EXPECT_EQ(bench.get("/sellers/v1/account").status, 200);
  bench.clock.advance(1ms);
  const auto late = bench.get("/sellers/v1/account");
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(Bench::error(late), "Unauthorized: The access token you provided has expired.");
}

TEST(Lwa, EachRefreshTokenLeadsToItsOwnSeller) {
  Bench bench;
  SellerSpec other;
  other.id = "A2OTHERSELLER";
  other.store_name = "Other store";
  other.marketplaces = {market("DE")};
  other.roles = {std::string(role::kInventory)};
  bench.simulator.add_seller(other);
  bench.simulator.accounts().authorize(bench.credentials.client_id, other.id, "Atzr|other");
  const auto first = bench.simulator.add_order({}, {});
  NewOrder order;
  order.marketplace = market("DE");
  const auto second = bench.simulator.add_order(order, other.id);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + first).status, 200);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + second).status, 404);
  bench.token = Bench::text(bench.login(bench.refresh_form("Atzr|other")), "access_token");
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + first).status, 404);
  EXPECT_EQ(bench.get("/orders/2026-01-01/orders/" + second).status, 200);
}

TEST(Lwa, AuthorizationCodeWorksOnceWithinFiveMinutes) {
  Bench bench;
  auto& accounts = bench.simulator.accounts();
  const auto& c = bench.credentials;
  const auto form = [&](const std::string& code) {
    return "grant_type=authorization_code&client_id=" + c.client_id +
           "&client_secret=" + c.client_secret + "&code=" + code;
  };
  const auto code = accounts.issue_code(c.client_id, c.seller_id, bench.clock.now());
  const auto response = bench.login(form(code));
  ASSERT_EQ(response.status, 200);
  const auto refresh_token = Bench::text(response, "refresh_token");
  EXPECT_EQ(refresh_token.substr(0, 5), "Atzr|");
  EXPECT_EQ(bench.login(bench.refresh_form(refresh_token)).status, 200);
  EXPECT_EQ(verdict(bench.login(form(code))), "400 invalid_grant");
  const auto late = accounts.issue_code(c.client_id, c.seller_id, bench.clock.now());
  bench.clock.advance(5min);
  EXPECT_EQ(verdict(bench.login(form(late))), "400 invalid_grant");
}

TEST(Lwa, GrantlessTokenOpensNoSellersData) {
  Bench bench;
  const auto& c = bench.credentials;
  const auto response = bench.login(
      "grant_type=client_credentials&scope=sellingpartnerapi%3A%3Anotifications&client_id=" +
      c.client_id + "&client_secret=" + c.client_secret);
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(Bench::text(response, "refresh_token"), "");
  bench.token = Bench::text(response, "access_token");
  EXPECT_EQ(bench.get("/sellers/v1/account").status, 403);
}

TEST(Lwa, RevokedAuthorizationEndsRefreshAndAccessTokens) {
  Bench bench;
  bench.simulator.accounts().revoke(bench.credentials.seller_id);
  EXPECT_EQ(verdict(bench.login(bench.refresh_form())), "400 invalid_grant");
  EXPECT_EQ(Bench::error(bench.get("/sellers/v1/account")),
            "Unauthorized: The access token you provided is revoked, malformed or invalid.");
  bench.simulator.accounts().authorize(bench.credentials.client_id, bench.credentials.seller_id,
                                       "Atzr|again");
  EXPECT_EQ(bench.login(bench.refresh_form("Atzr|again")).status, 200);
}

TEST(Lwa, OldSecretLastsUntilItsTime) {
  Bench bench;
  bench.simulator.accounts().rotate_secret(bench.credentials.client_id, "new-secret",
                                           bench.clock.now() + 168h);
  const auto old_form = bench.refresh_form();
  bench.credentials.client_secret = "new-secret";
  EXPECT_EQ(bench.login(bench.refresh_form()).status, 200);
  EXPECT_EQ(bench.login(old_form).status, 200);
  bench.clock.advance(168h);
  EXPECT_EQ(verdict(bench.login(old_form)), "401 invalid_client");
  EXPECT_EQ(bench.login(bench.refresh_form()).status, 200);
}

TEST(Lwa, RotatingRefreshTokensEndTheOldOne) {
  Bench bench;
  auto settings = bench.simulator.settings();
  settings.rotate_refresh_tokens = true;
  bench.simulator.configure(settings);
  const auto next = Bench::text(bench.login(bench.refresh_form()), "refresh_token");
  EXPECT_NE(next, bench.credentials.refresh_token);
  EXPECT_EQ(verdict(bench.login(bench.refresh_form())), "400 invalid_grant");
  EXPECT_EQ(bench.login(bench.refresh_form(next)).status, 200);
}

}  // namespace
}  // namespace amazon_sandbox::tests
