#include "src/lwa_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "marketplug/testing/mocks.hpp"
#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::HasSubstr;
using testing::html_answer;
using testing::json_answer;
using tests::Harness;
using Kind = Failure::Kind;

constexpr const char* kWithPrevious = R"({
  "account": {"region": "EU", "marketplaces": ["NL"], "authorization": {
    "kind": "self", "seller_id": "A1EXAMPLE000", "lwa_client_id": "client-1",
    "lwa_client_secret": "secret:/account/authorization/lwa_client_secret",
    "refresh_token": "secret:/account/authorization/refresh_token",
    "lwa_client_secret_previous": "secret:old",
    "lwa_client_secret_previous_until": "2026-11-25"}}})";

const HttpResponse kInvalidClient =
    json_answer(401, R"({"error":"invalid_client","error_description":"no"})");

TEST(LwaClient, AsksWithTheRefreshTokenAsAForm) {
  Harness h;
  const auto token = h.lwa.access_token(h.ctx);
  ASSERT_TRUE(token);
  EXPECT_EQ(token.value(), "Atza|one");
  ASSERT_EQ(h.http.requests.size(), 1u);
  const HttpRequest& request = h.http.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.amazon.com/auth/o2/token");
  EXPECT_EQ(request.body,
            "grant_type=refresh_token&refresh_token=Atzr%7Crefresh&client_id=client-1"
            "&client_secret=very-secret");
  EXPECT_EQ(request.headers[0].second, "application/x-www-form-urlencoded;charset=UTF-8");
}

TEST(LwaClient, KeepsTheTokenUntilAMinuteBeforeItsEnd) {
  Harness h;
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  h.clock.advance(std::chrono::seconds(3539));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  EXPECT_EQ(h.http.requests.size(), 1u);
  h.clock.advance(std::chrono::seconds(1));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  EXPECT_EQ(h.http.requests.size(), 2u);
}

TEST(LwaClient, AClockPutBackDoesNotMakeATokenYoung) {
  Harness h;
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  h.clock.advance(-std::chrono::hours(5));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  EXPECT_EQ(h.http.requests.size(), 2u);
}

TEST(LwaClient, NonsenseLifeTimesAreBounded) {
  Harness h;
  h.http.answer("getAccessToken",
                json_answer(200, R"({"access_token":"Atza|x","expires_in":9999999999})"));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  h.clock.advance(std::chrono::minutes(59));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  EXPECT_EQ(h.http.requests.size(), 2u);
}

struct Refusal {
  int status;
  const char* body;
  Kind kind;
  const char* code;
  const char* remedy;
};

class LwaRefusals : public ::testing::TestWithParam<Refusal> {};

TEST_P(LwaRefusals, AreClassified) {
  const Refusal& wanted = GetParam();
  Harness h;
  h.http.answer("getAccessToken", json_answer(wanted.status, wanted.body));
  const auto token = h.lwa.access_token(h.ctx);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.failure().kind, wanted.kind);
  EXPECT_EQ(token.failure().code, wanted.code);
  EXPECT_THAT(token.failure().remedy, HasSubstr(wanted.remedy));
  EXPECT_FALSE(token.failure().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, LwaRefusals,
    ::testing::Values(
        Refusal{400, R"({"error":"invalid_grant"})", Kind::kAuth, "invalid_grant",
                "Authorize the app again"},
        Refusal{401, R"({"error":"access_denied"})", Kind::kAuth, "access_denied",
                "Authorize the app again"},
        Refusal{401, R"({"error":"invalid_client"})", Kind::kConfig, "invalid_client", "LWA"},
        Refusal{400, R"({"error":"unauthorized_client"})", Kind::kConfig, "unauthorized_client",
                "one and the same app"},
        Refusal{400, R"({"error":"server_error"})", Kind::kTransient, "server_error", ""},
        Refusal{400, R"({"error":"temporarily_unavailable"})", Kind::kTransient,
                "temporarily_unavailable", ""},
        Refusal{500, R"({"error":"weird"})", Kind::kTransient, "weird", ""},
        Refusal{503, "", Kind::kTransient, "", ""},
        Refusal{400, R"({"error":"invalid_request"})", Kind::kRemote, "invalid_request", "lwa"},
        Refusal{302, "", Kind::kRemote, "status_302", "lwa"},
        Refusal{200, "not json", Kind::kRemote, "not_json", ""},
        Refusal{200, R"({"token_type":"bearer"})", Kind::kRemote, "not_json", ""},
        Refusal{200, R"({"access_token":7})", Kind::kRemote, "not_json", ""},
        Refusal{200, R"({"access_token":"a\r\nx: y"})", Kind::kRemote, "not_json", ""}));

TEST(LwaClient, AnHtmlPageIsNamedAsSuch) {
  Harness h;
  h.http.answer("getAccessToken", html_answer(403)).answer("getAccessToken", html_answer(200));
  const auto first = h.lwa.access_token(h.ctx);
  EXPECT_EQ(first.failure().kind, Kind::kRemote);
  EXPECT_THAT(first.failure().message, HasSubstr("text/html"));
  EXPECT_THAT(h.lwa.access_token(h.ctx).failure().message, HasSubstr("text/html"));
}

TEST(LwaClient, SlowsDownWhenAsked) {
  Harness h;
  h.http.answer("getAccessToken", json_answer(429, "{}", {{"Retry-After", "90"}}));
  const auto token = h.lwa.access_token(h.ctx);
  EXPECT_EQ(token.failure().kind, Kind::kThrottled);
  EXPECT_EQ(token.failure().retry_at, h.clock.now() + std::chrono::seconds(90));
}

TEST(LwaClient, TriesThePreviousSecretOnceWhileItIsValid) {
  Harness h(kWithPrevious);
  h.secrets.values["secret:old"] = "old-secret";
  h.http.answer("getAccessToken", kInvalidClient);
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  ASSERT_EQ(h.http.requests.size(), 2u);
  EXPECT_THAT(h.http.requests[1].body, HasSubstr("client_secret=old-secret"));
  EXPECT_TRUE(h.log.contains("lwa.previous_secret"));
}

TEST(LwaClient, ThePreviousSecretIsNotTriedAfterItsDay) {
  Harness h(kWithPrevious);
  h.secrets.values["secret:old"] = "old-secret";
  h.clock.set(*parse_time("2026-11-26T00:00:00Z"));
  h.http.answer("getAccessToken", kInvalidClient);
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().code, "invalid_client");
  EXPECT_EQ(h.http.requests.size(), 1u);
}

TEST(LwaClient, WhereBothSecretsAreWrongTheNewOneIsBlamed) {
  Harness h(kWithPrevious);
  h.secrets.values["secret:old"] = "old-secret";
  h.http.answer("getAccessToken", kInvalidClient).answer("getAccessToken", kInvalidClient);
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().kind, Kind::kConfig);
  EXPECT_EQ(h.http.requests.size(), 2u);
}

TEST(LwaClient, WhereThePreviousSecretCouldNotBeTriedNoneIsBlamed) {
  for (const auto& [status, kind] :
       {std::pair{503, Kind::kTransient}, std::pair{429, Kind::kThrottled}}) {
    Harness h(kWithPrevious);
    h.secrets.values["secret:old"] = "old-secret";
    h.http.answer("getAccessToken", kInvalidClient)
        .answer("getAccessToken", json_answer(status, "{}"));
    const Failure failure = h.lwa.access_token(h.ctx).failure();
    EXPECT_EQ(failure.kind, kind) << "a shop that stands still needs a person";
    EXPECT_FALSE(failure.remedy.empty());
  }
}

TEST(LwaClient, WhereOnlyThePreviousSecretIsKnownItsAnswerCounts) {
  Harness h(kWithPrevious);
  h.secrets.values["secret:old"] = "old-secret";
  h.http.answer("getAccessToken", kInvalidClient)
      .answer("getAccessToken", json_answer(400, R"({"error":"invalid_grant"})"));
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().kind, Kind::kAuth);
}

TEST(LwaClient, ARotatedRefreshTokenIsStored) {
  Harness h;
  h.http.answer("getAccessToken",
                json_answer(200, R"({"access_token":"Atza|x","refresh_token":"Atzr|new"})"));
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  EXPECT_EQ(h.secrets.values[tests::kTokenHandle], "Atzr|new");
}

TEST(LwaClient, TheSameRefreshTokenIsNotStoredAgain) {
  Harness h;
  ::testing::StrictMock<testing::MockSecrets> secrets;
  EXPECT_CALL(secrets, get).WillRepeatedly(::testing::Return(Result<std::string>("Atzr|same")));
  Services services{h.http, secrets, h.clock, nullptr, nullptr};
  LwaClient lwa(h.settings, services);
  h.http.answer("getAccessToken",
                json_answer(200, R"({"access_token":"Atza|x","refresh_token":"Atzr|same"})"));
  EXPECT_TRUE(lwa.access_token(h.ctx));
}

TEST(LwaClient, ARotatedTokenThatCannotBeStoredIsUsedAndStoredLater) {
  Harness h;
  ::testing::NiceMock<testing::MockSecrets> secrets;
  Failure full;
  full.kind = Kind::kTransient;
  EXPECT_CALL(secrets, get).WillRepeatedly(::testing::Return(Result<std::string>("Atzr|old")));
  EXPECT_CALL(secrets, replace(std::string_view(tests::kTokenHandle), std::string_view("Atzr|new")))
      .WillOnce(::testing::Return(Status(full)))
      .WillOnce(::testing::Return(Status(Done{})));
  Services services{h.http, secrets, h.clock, nullptr, nullptr};
  LwaClient lwa(h.settings, services);
  h.http.answer("getAccessToken",
                json_answer(200, R"({"access_token":"Atza|x","refresh_token":"Atzr|new"})"));
  ASSERT_TRUE(lwa.access_token(h.ctx));
  lwa.forget();
  ASSERT_TRUE(lwa.access_token(h.ctx));
  EXPECT_THAT(h.http.requests[1].body, HasSubstr("refresh_token=Atzr%7Cnew"));
}

TEST(LwaClient, ASecretThatDoesNotResolveIsPassedOn) {
  Harness h;
  h.secrets.values.clear();
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().kind, Kind::kConfig);
  EXPECT_TRUE(h.http.requests.empty());
}

TEST(LwaClient, AWebsiteShopWithoutConsentSaysSo) {
  Harness h(R"({"account":{"region":"NA","marketplaces":["US"],"authorization":{"kind":"website",
    "application_id":"app","lwa_client_id":"c","lwa_client_secret":"s"}}})");
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().code, "not_authorized");
}

TEST(LwaClient, NetworkFailuresArePassedOn) {
  Harness h;
  h.http.fail("getAccessToken", Kind::kTransient, "dns");
  EXPECT_EQ(h.lwa.access_token(h.ctx).failure().code, "dns");
}

TEST(LwaClient, NoSecretIsLoggedOrReported) {
  Harness h;
  h.http
      .answer("getAccessToken", json_answer(400, R"({"error":"invalid_grant",
                  "error_description":"very-secret Atzr|refresh client-1"})"))
      .answer("getAccessToken",
              json_answer(200, R"({"access_token":"Atza|x","refresh_token":"Atzr|new"})"));
  const Failure failure = h.lwa.access_token(h.ctx).failure();
  ASSERT_TRUE(h.lwa.access_token(h.ctx));
  for (const char* secret : {"very-secret", "Atzr|", "Atza|"}) {
    EXPECT_FALSE(h.log.contains(secret)) << secret;
    for (const std::string& text : {failure.message, failure.remedy, failure.detail}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace marketplug::amazon
