#include "src/sp_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::html_answer;
using testing::json_answer;
using tests::Harness;
using Kind = Failure::Kind;

const HttpResponse kDenied = json_answer(
    403, R"({"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.",
             "details":""}]})",
    {{"x-amzn-RequestId", "rid-1"}});

Result<HttpResponse> ask(Harness& h) {
  return h.api.get(kGetOrder, "/orders/2026-01-01/orders/1-2-3", {}, QuotaPriority::kPresent,
                   h.ctx);
}

TEST(SpApi, SendsTokenAndUserAgent) {
  Harness h;
  h.http.answer("getOrder", json_answer(200, "{}"));
  ASSERT_TRUE(ask(h));
  const HttpRequest request = h.http.requests_of("getOrder").at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, std::string(tests::kApi) + "/orders/2026-01-01/orders/1-2-3");
  EXPECT_TRUE(request.repeatable);
  EXPECT_EQ(request.headers[0],
            (std::pair<std::string, std::string>{"x-amz-access-token", "Atza|one"}));
  EXPECT_THAT(request.headers[1].second, HasSubstr("(Language=C++; Platform=Linux)"));
  EXPECT_THAT(h.quota.taken, ElementsAre("getOrder"));
}

TEST(SpApi, WithoutQuotaNothingIsSent) {
  Harness h;
  h.quota.wait_until = h.clock.now() + std::chrono::seconds(179);
  const auto answer = ask(h);
  EXPECT_EQ(answer.failure().kind, Kind::kThrottled);
  EXPECT_EQ(answer.failure().retry_at, h.quota.wait_until);
  EXPECT_THAT(answer.failure().remedy, HasSubstr("2026-11-23T10:02:59Z"));
  EXPECT_TRUE(h.http.requests_of("getOrder").empty());
}

TEST(SpApi, ObservesTheRateWhereAmazonTellsIt) {
  Harness h;
  for (const int status : {200, 400, 404, 403, 429, 500}) {
    h.http.answer("getOrder", json_answer(status, "{}", {{"x-amzn-ratelimit-limit", "0.5"}}));
  }
  for (int i = 0; i < 5; ++i) (void)ask(h);
  ASSERT_EQ(h.quota.observed.size(), 3u);
  EXPECT_EQ(h.quota.observed[0], (std::pair<std::string, double>{"getOrder", 0.5}));
}

TEST(SpApi, ARateThatIsNoneIsIgnored) {
  for (const char* text : {"", "abc", "-1", "0", "inf", "nan", "1x", "0.0000001", "0.049"}) {
    Harness h;
    h.http.answer("getOrder", json_answer(200, "{}", {{"x-amzn-RateLimit-Limit", text}}));
    ASSERT_TRUE(ask(h));
    EXPECT_TRUE(h.quota.observed.empty()) << text;
  }
}

TEST(SpApi, TooManyRequestsComeBackWhenTheGovernorSays) {
  Harness h;
  h.quota.retry_at = h.clock.now() + std::chrono::seconds(200);
  h.http.answer("getOrder", json_answer(429, R"({"errors":[{"code":"QuotaExceeded"}]})"));
  const auto answer = ask(h);
  EXPECT_EQ(answer.failure().kind, Kind::kThrottled);
  EXPECT_FALSE(answer.failure().remedy.empty());
  EXPECT_EQ(answer.failure().retry_at, h.quota.retry_at);
  EXPECT_THAT(h.quota.refusals, ElementsAre("getOrder"));
}

TEST(SpApi, TooManyRequestsAsHtmlWithoutAGovernorStillHaveATime) {
  Harness h;
  Services services{h.http, h.secrets, h.clock, nullptr, nullptr};
  SpApi api(h.settings, services, h.lwa);
  h.http.answer("searchOrders", html_answer(429));
  const auto answer =
      api.get(kSearchOrders, "/orders/2026-01-01/orders",
              "lastUpdatedAfter=2026-11-01T00%3A00%3A00Z", QuotaPriority::kPresent, h.ctx);
  EXPECT_EQ(answer.failure().kind, Kind::kThrottled);
  EXPECT_EQ(answer.failure().retry_at, h.clock.now() + std::chrono::seconds(179));
}

TEST(SpApi, ARefusedTokenIsRenewedOnce) {
  for (const int status : {401, 403}) {
    Harness h;
    HttpResponse denied = kDenied;
    denied.status = status;
    h.http.answer("getOrder", denied).answer("getOrder", json_answer(200, "{}"));
    h.http.answer("getAccessToken", json_answer(200, tests::kTokenAnswer))
        .answer("getAccessToken", json_answer(200, R"({"access_token":"Atza|two"})"));
    ASSERT_TRUE(ask(h));
    const auto sent = h.http.requests_of("getOrder");
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[1].headers[0].second, "Atza|two");
  }
}

TEST(SpApi, ARefusalThatStaysIsSaidAndNotTriedTwiceAgain) {
  Harness h;
  for (int i = 0; i < 3; ++i) h.http.answer("getOrder", kDenied);
  const auto answer = ask(h);
  EXPECT_EQ(answer.failure().kind, Kind::kConfig);
  EXPECT_EQ(answer.failure().code, "access_denied");
  EXPECT_THAT(answer.failure().message, HasSubstr("Unauthorized: Access to requested resource"));
  EXPECT_THAT(answer.failure().detail, HasSubstr("rid-1"));
  EXPECT_EQ(h.http.requests_of("getOrder").size(), 2u);
  EXPECT_FALSE(ask(h));
  EXPECT_EQ(h.http.requests_of("getOrder").size(), 3u) << "one more renewal would not help";
}

TEST(SpApi, AfterASuccessARefusalIsWorthANewTokenAgain) {
  Harness h;
  h.http.answer("getOrder", kDenied).answer("getOrder", json_answer(200, "{}"));
  ASSERT_TRUE(ask(h));
  h.http.answer("getOrder", kDenied).answer("getOrder", json_answer(200, "{}"));
  ASSERT_TRUE(ask(h));
}

TEST(SpApi, ARevokedTokenAsksForAuthorization) {
  Harness h;
  const auto revoked = json_answer(403, R"({"errors":[{"code":"Unauthorized",
    "message":"Access denied","details":"The access token you provided is revoked."}]})");
  h.http.answer("getOrder", revoked).answer("getOrder", revoked);
  EXPECT_EQ(ask(h).failure().kind, Kind::kAuth);
}

TEST(SpApi, ADenialThatIsNotJsonIsNotAmazons) {
  Harness h;
  h.http.answer("getOrder", html_answer(403)).answer("getOrder", html_answer(403));
  const Failure failure = ask(h).failure();
  EXPECT_EQ(failure.kind, Kind::kRemote);
  EXPECT_EQ(failure.code, "status_403");
  EXPECT_THAT(failure.message, HasSubstr("text/html instead of JSON"));
  EXPECT_THAT(failure.remedy, HasSubstr("proxy"));
}

TEST(SpApi, RegionsHaveQuotasOfTheirOwn) {
  class Accounts : public testing::FakeQuota {
   public:
    QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
      accounts.emplace_back(key.account);
      return FakeQuota::take(key, plan, priority);
    }
    std::vector<std::string> accounts;
  } quota;
  Harness h;
  h.services.quota = &quota;
  h.http.answer("getOrder", json_answer(200, "{}"));
  ASSERT_TRUE(ask(h));
  EXPECT_THAT(quota.accounts, ElementsAre("client-1|A1EXAMPLE000|EU"));
}

/// Notes with which priority each operation was asked for.
class Priorities : public testing::FakeQuota {
 public:
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    taken_as.emplace_back(std::string(key.operation), priority);
    return FakeQuota::take(key, plan, priority);
  }
  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    asked_as.emplace_back(std::string(key.operation), priority);
    return FakeQuota::left(key, plan, priority);
  }
  std::vector<std::pair<std::string, QuotaPriority>> taken_as, asked_as;
};

TEST(SpApi, TokensAreKeptForPersonsWhereTheyAskAndNotOfSearches) {
  Priorities quota;
  Harness h;
  h.services.quota = &quota;
  const SpApi api(h.settings, h.services, h.lwa);
  EXPECT_THAT(quota.asked_as,
              ElementsAre(std::pair<std::string, QuotaPriority>("getOrder", QuotaPriority::kPerson),
                          std::pair<std::string, QuotaPriority>("getMarketplaceParticipations",
                                                                QuotaPriority::kPerson)));
  h.http.answer("getOrder", json_answer(404, "{}"));
  h.http.answer("searchOrders", json_answer(200, tests::page_json("")));
  h.http.answer("searchOrders", json_answer(200, tests::page_json("")));
  h.http.answer("getMarketplaceParticipations", json_answer(200, R"({"payload":[
      {"marketplace":{"id":"A1805IZSGTT6HS"},"participation":{"isParticipating":true}},
      {"marketplace":{"id":"A1PA6795UKMFR9"},"participation":{"isParticipating":true}}]})"));
  ASSERT_TRUE(h.feed.fetch_order("405-1234567-1234567", h.ctx));
  ASSERT_TRUE(h.feed.fetch_orders({}, h.ctx));
  (void)AccountCheck(h.settings, h.services, h.lwa, h.sellers, h.orders).run(h.ctx);
  for (const auto& [operation, priority] : quota.taken_as) {
    EXPECT_EQ(priority >= QuotaPriority::kEffect, operation != "searchOrders") << operation;
  }
  EXPECT_EQ(quota.taken_as.size(), 4u);
}

TEST(SpApi, AmazonsClockIsThatOfTheLastAnswer) {
  Harness h;
  EXPECT_FALSE(h.api.amazons_now());
  h.http.answer("getOrder", json_answer(200, "{}", {{"Date", "Mon, 23 Nov 2026 12:30:00 GMT"}}));
  ASSERT_TRUE(ask(h));
  h.clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(h.api.amazons_now(), parse_time("2026-11-23T12:35:00Z"));
}

TEST(SpApi, ARateOfATenthOfThePlanCounts) {
  Harness h;
  h.http.answer("getOrder", json_answer(200, "{}", {{"x-amzn-RateLimit-Limit", "0.05"}}));
  ASSERT_TRUE(ask(h));
  EXPECT_EQ(h.quota.observed.size(), 1u);
}

/// "| 0.0056 | 20 |" of the operation's description in Amazon's model.
std::string plan_of(const boost::json::value& model, std::string_view operation) {
  for (const auto& [path, methods] : model.at("paths").as_object()) {
    const auto& get = methods.as_object().if_contains("get");
    if (get == nullptr || get->at("operationId").as_string() != operation) continue;
    const std::string text(get->at("description").as_string());
    const std::size_t begin = text.find('\n', text.find("---- |\n")) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  return {};
}

TEST(SpApi, ThePlansAreThoseOfAmazonsModels) {
  MARKETPLUG_NEEDS_SPECS();
  const auto orders = tests::read_model("orders_2026-01-01.json");
  const auto sellers = tests::read_model("sellers.json");
  for (const auto& [model, operation] :
       {std::pair{&orders, kSearchOrders}, std::pair{&orders, kGetOrder},
        std::pair{&sellers, kGetMarketplaceParticipations}}) {
    std::ostringstream ours;
    ours << "| " << operation.plan.per_second << " | " << operation.plan.burst << " |";
    EXPECT_EQ(plan_of(*model, operation.name), ours.str()) << operation.name;
  }
}

struct Status {
  HttpResponse response;
  Kind kind;
  const char* code;
  const char* message;
};

class SpApiStatuses : public ::testing::TestWithParam<Status> {};

TEST_P(SpApiStatuses, AreClassified) {
  Harness h;
  h.http.answer("getOrder", GetParam().response);
  const auto answer = ask(h);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure().kind, GetParam().kind);
  EXPECT_EQ(answer.failure().code, GetParam().code);
  EXPECT_THAT(answer.failure().message, HasSubstr(GetParam().message));
  EXPECT_FALSE(answer.failure().remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, SpApiStatuses,
    ::testing::Values(
        Status{
            json_answer(400, R"({"errors":[{"code":"InvalidInput","message":"Invalid Input"}]})"),
            Kind::kRemote, "bad_request", "400 (InvalidInput: Invalid Input)"},
        Status{html_answer(400), Kind::kRemote, "status_400", "text/html instead of JSON"},
        Status{json_answer(404, "{}"), Kind::kRemote, "not_found", "404"},
        Status{html_answer(404), Kind::kRemote, "status_404", "text/html"},
        Status{json_answer(413, "{}"), Kind::kRemote, "status_413", "413"},
        Status{json_answer(415, "{}"), Kind::kRemote, "status_415", "415"},
        Status{json_answer(409, "{}"), Kind::kRemote, "status_409", "409"},
        Status{html_answer(302), Kind::kRemote, "status_302", "302"},
        Status{json_answer(500, R"({"errors":[{"code":"InternalFailure","message":"again"}]})"),
               Kind::kTransient, "server_error", "InternalFailure"},
        Status{html_answer(503), Kind::kTransient, "server_error", "text/html"},
        Status{json_answer(500, "{\"errors\":7}"), Kind::kTransient, "server_error", "500"}));

TEST(SpApi, AmazonsWordsAreShortAndWithoutControlCharacters) {
  Harness h;
  h.http.answer("getOrder", json_answer(400, R"({"errors":[{"code":"X","message":"a\nb)" +
                                                 std::string(5000, 'x') + R"("}]})"));
  const Failure failure = ask(h).failure();
  EXPECT_LT(failure.message.size(), 400u);
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
}

/// A bucket that is a hair from its next token, and full at the next look.
class NearlyFullQuota : public testing::FakeQuota {
 public:
  double left(const QuotaKey&, const QuotaPlan&, QuotaPriority) override { return 0.99999; }
};

TEST(SpApi, AskingForTheTimeTakesNoTokenThatIsJustComing) {
  Harness h;
  NearlyFullQuota quota;
  h.services.quota = &quota;
  EXPECT_FALSE(h.api.again_at(kSearchOrders));
  EXPECT_THAT(quota.taken, ::testing::IsEmpty());
}

TEST(SpApi, AStopIsHonouredBeforeAnythingIsSent) {
  Harness h;
  h.ctx.stopped = true;
  EXPECT_EQ(ask(h).failure().kind, Kind::kCancelled);
  EXPECT_TRUE(h.http.requests.empty());
}

TEST(SpApi, TokensAreInNoLog) {
  Harness h;
  h.http.answer("getOrder", kDenied).answer("getOrder", kDenied);
  (void)ask(h);
  EXPECT_TRUE(h.log.contains("rid-1"));
  EXPECT_FALSE(h.log.contains("Atza|"));
}

}  // namespace
}  // namespace marketplug::amazon
