#include "src/account_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::HasSubstr;
using testing::json_answer;
using tests::Harness;
using tests::order_json;
using tests::page_json;
using Severity = Finding::Severity;

std::string participation(const char* id, bool participating = true, bool suspended = false) {
  const auto word = [](bool truth) { return truth ? "true" : "false"; };
  return std::string(R"({"marketplace":{"id":")") + id +
         R"(","name":"Amazon","countryCode":"NL","defaultCurrencyCode":"EUR",)" +
         R"("defaultLanguageCode":"nl_NL","domainName":"www.amazon.nl"},"storeName":"Shop",)" +
         R"("participation":{"isParticipating":)" + word(participating) +
         R"(,"hasSuspendedListings":)" + word(suspended) + "}}";
}

constexpr const char* kNl = "A1805IZSGTT6HS";
constexpr const char* kDe = "A1PA6795UKMFR9";

const HttpResponse kDenied = json_answer(
    403,
    R"({"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied."}]})");
const HttpResponse kInvalid = json_answer(400, R"({"errors":[{"code":"InvalidInput"}]})");

std::string with_address() {
  std::string order = order_json("1-1-1", "2026-11-22T10:00:00Z");
  order.insert(1, R"("recipient":{"deliveryAddress":{"name":"A","addressLine1":"B 1"}},)");
  return page_json(order);
}

class AccountCheckTest : public ::testing::Test {
 protected:
  void sells(const std::string& list) {
    h.http.answer("getMarketplaceParticipations", json_answer(200, "{\"payload\":[" + list + "]}"));
  }
  void orders(HttpResponse answer) { h.http.answer("searchOrders", std::move(answer)); }
  std::vector<Finding> run() {
    return AccountCheck(h.settings, h.services, h.lwa, h.sellers, h.orders).run(h.ctx);
  }
  static std::vector<Finding> worse_than_a_note(const std::vector<Finding>& findings) {
    std::vector<Finding> out;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(out),
                 [](const Finding& one) { return one.severity != Severity::kNote; });
    return out;
  }
  static std::string notes(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& one : findings) out += one.pointer + ": " + one.message + "\n";
    return out;
  }

  Harness h;
};

TEST_F(AccountCheckTest, AGoodShopGivesNotesOnlyAndCostsTwoRequests) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, with_address()));
  const auto findings = run();
  EXPECT_TRUE(worse_than_a_note(findings).empty()) << notes(findings);
  EXPECT_EQ(h.http.requests.size(), 3u);
  EXPECT_THAT(notes(findings), HasSubstr("The account sells in NL (Netherlands)"));
  EXPECT_THAT(notes(findings), HasSubstr("no operation of Amazon tells"));
  EXPECT_THAT(notes(findings), HasSubstr("Names and addresses of recipients come"));
  EXPECT_THAT(h.http.requests.back().url, HasSubstr("maxResultsPerPage=1"));
}

TEST_F(AccountCheckTest, ABadTokenEndsTheCheckAtItsSetting) {
  h.http.answer("getAccessToken", json_answer(400, R"({"error":"invalid_grant"})"))
      .answer("getAccessToken", json_answer(401, R"({"error":"invalid_client"})"))
      .answer("getAccessToken", json_answer(400, R"({"error":"unauthorized_client"})"));
  for (const char* name : {"refresh_token", "lwa_client_secret", "lwa_client_id"}) {
    const auto findings = worse_than_a_note(run());
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].pointer, std::string("/account/authorization/") + name);
    EXPECT_EQ(findings[0].severity, Severity::kError);
    EXPECT_FALSE(findings[0].remedy.empty());
  }
  EXPECT_TRUE(h.http.requests_of("searchOrders").empty());
}

TEST_F(AccountCheckTest, MarketplacesOfTheAccountAreCompared) {
  sells(participation(kNl, true, true));
  orders(json_answer(200, with_address()));
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].severity, Severity::kWarning);
  EXPECT_EQ(findings[0].scope.marketplace, "NL");
  EXPECT_THAT(findings[0].message, HasSubstr("inactive"));
  EXPECT_EQ(findings[1].severity, Severity::kError);
  EXPECT_EQ(findings[1].pointer, "/account/marketplaces/1");
  EXPECT_THAT(findings[1].message, HasSubstr("does not sell in DE (Germany)"));
  EXPECT_THAT(findings[1].remedy, HasSubstr("sellercentral-europe.amazon.com"));
}

TEST_F(AccountCheckTest, AMarketplaceThatIsNotTheAccountsIsSaidOnceAndNotProbed) {
  sells(participation(kNl));
  orders(json_answer(200, with_address()));
  const auto findings = run();
  EXPECT_EQ(worse_than_a_note(findings).size(), 1u);
  EXPECT_THAT(notes(findings), HasSubstr("Orders of the other marketplaces can be read"));
  EXPECT_EQ(h.http.requests.back().url.find(kDe), std::string::npos);
}

TEST_F(AccountCheckTest, WhereNoMarketplaceIsTheAccountsNoRoleIsBlamed) {
  sells(participation("A1RKKUPIHCS9HS"));
  const auto findings = worse_than_a_note(run());
  EXPECT_EQ(findings.size(), 2u);
  EXPECT_TRUE(h.http.requests_of("searchOrders").empty());
}

TEST_F(AccountCheckTest, AWithdrawnAuthorizationIsNotTakenForAMissingRole) {
  const auto revoked = json_answer(403, R"({"errors":[{"code":"Unauthorized",
    "message":"Access denied","details":"The access token you provided is revoked."}]})");
  sells(participation(kNl) + "," + participation(kDe));
  orders(revoked);
  orders(revoked);
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].pointer, "/account/authorization/refresh_token");
  EXPECT_THAT(findings[0].remedy, HasSubstr("enter the new refresh token"));
  EXPECT_TRUE(findings[0].scope.role.empty());
}

TEST_F(AccountCheckTest, NoRemedySendsToTheCheckThatIsRunning) {
  for (int variant = 0; variant < 3; ++variant) {
    Harness all;
    all.http.otherwise("getMarketplaceParticipations", kDenied);
    if (variant == 0) all.http.otherwise("searchOrders", kDenied);
    if (variant == 1) all.http.otherwise("searchOrders", kInvalid);
    if (variant == 2) {
      all.http.otherwise("searchOrders", kDenied);
      for (int i = 0; i < 4; ++i) all.http.answer("searchOrders", kInvalid);
      all.http.answer("searchOrders", json_answer(200, page_json("")));
    }
    const auto findings =
        AccountCheck(all.settings, all.services, all.lwa, all.sellers, all.orders).run(all.ctx);
    for (const Finding& finding : worse_than_a_note(findings)) {
      EXPECT_FALSE(finding.remedy.empty()) << finding.message;
      EXPECT_EQ(finding.remedy.find("marketplug check"), std::string::npos) << finding.remedy;
    }
  }
}

TEST_F(AccountCheckTest, AClockThatIsWrongIsNamed) {
  for (const auto& [now, words] : {std::pair{"2026-11-23T11:05:00Z", "65 minutes ahead of"},
                                   std::pair{"2026-11-23T06:00:00Z", "240 minutes behind"},
                                   std::pair{"2026-11-23T10:01:00Z", ""}}) {
    h.clock.set(*parse_time(now));
    h.lwa.forget();
    sells(participation(kNl) + "," + participation(kDe));
    HttpResponse answer = json_answer(200, with_address());
    answer.headers.emplace_back("Date", "Mon, 23 Nov 2026 10:00:00 GMT");
    orders(answer);
    const auto findings = worse_than_a_note(run());
    ASSERT_EQ(findings.size(), *words == 0 ? 0u : 1u);
    if (*words == 0) continue;
    EXPECT_EQ(findings[0].severity, Severity::kWarning);
    EXPECT_THAT(findings[0].message, HasSubstr(words));
    EXPECT_THAT(findings[0].remedy, HasSubstr("NTP"));
  }
}

TEST_F(AccountCheckTest, AStartDateBeforeAmazonsOldestOrderIsNoted) {
  h.settings.orders.start_date = parse_time("2010-01-01T00:00:00Z");
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, with_address()));
  EXPECT_THAT(notes(run()), HasSubstr("/orders/start_date: Amazon has no orders from before 2016"));
}

TEST_F(AccountCheckTest, AnExampleOrderThatCannotBeReadIsNotTakenForNone) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, page_json("{\"orderId\":\"1-1-1\"}")));
  EXPECT_THAT(worse_than_a_note(run()).at(0).message, HasSubstr("cannot be read"));
}

TEST_F(AccountCheckTest, AMarketplaceWithoutParticipationIsMissing) {
  sells(participation(kNl) + "," + participation(kDe, false));
  orders(json_answer(200, with_address()));
  EXPECT_THAT(worse_than_a_note(run()).at(0).message, HasSubstr("does not sell in DE"));
}

TEST_F(AccountCheckTest, WithoutTheSellersRoleOrdersAreCheckedAllTheSame) {
  h.http.answer("getMarketplaceParticipations", kDenied)
      .answer("getMarketplaceParticipations", kDenied);
  orders(json_answer(200, with_address()));
  const auto findings = run();
  ASSERT_EQ(worse_than_a_note(findings).size(), 1u);
  EXPECT_EQ(worse_than_a_note(findings)[0].severity, Severity::kWarning);
  EXPECT_EQ(worse_than_a_note(findings)[0].scope.role, "Selling Partner Insights");
  EXPECT_THAT(notes(findings), HasSubstr("Orders of all marketplaces can be read"));
}

TEST_F(AccountCheckTest, ARefusedDataSetNamesItsRole) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(kDenied);
  orders(kDenied);                          // with a new token
  orders(json_answer(200, page_json("")));  // without personal data
  orders(kDenied);                          // RECIPIENT
  orders(kDenied);
  orders(json_answer(200, page_json("")));  // BUYER
  orders(kInvalid);                         // TAX
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].scope.role, "Direct-to-Consumer Delivery (Restricted)");
  EXPECT_EQ(findings[0].pointer, "/orders/pii_access");
  EXPECT_THAT(findings[0].message, HasSubstr("includedData RECIPIENT"));
  EXPECT_EQ(findings[1].scope.role, "Tax Invoicing (Restricted)");
  EXPECT_EQ(h.http.left(), 0u);
}

TEST_F(AccountCheckTest, ARefusedMarketplaceIsFoundOneByOne) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(kInvalid);                         // everything
  orders(kInvalid);                         // without personal data
  orders(json_answer(200, page_json("")));  // NL
  orders(kInvalid);                         // DE
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].pointer, "/account/marketplaces/1");
  EXPECT_EQ(findings[0].scope.marketplace, "DE");
}

TEST_F(AccountCheckTest, WhereAllAreRefusedItIsTheRoleOrTheRegion) {
  sells(participation(kNl) + "," + participation(kDe));
  h.http.otherwise("searchOrders", kDenied);
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].pointer, "/orders");
  EXPECT_EQ(findings[0].scope.role, "Inventory and Order Tracking");
  EXPECT_THAT(findings[0].remedy, HasSubstr("region EU"));
}

TEST_F(AccountCheckTest, WithoutAccessToPersonalDataTheyAreNotProbed) {
  std::string json = tests::kSettings;
  json.replace(json.find("\"pii_access\": true"), 18, "\"pii_access\": false");
  Harness without(json);
  without.http.answer(
      "getMarketplaceParticipations",
      json_answer(200, "{\"payload\":[" + participation(kNl) + "," + participation(kDe) + "]}"));
  without.http.answer("searchOrders", json_answer(200, page_json("")));
  AccountCheck check(without.settings, without.services, without.lwa, without.sellers,
                     without.orders);
  EXPECT_TRUE(worse_than_a_note(check.run(without.ctx)).empty());
  EXPECT_EQ(without.http.requests.back().url.find("RECIPIENT"), std::string::npos);
}

TEST_F(AccountCheckTest, AnOpenOrderWithoutAddressIsAWarning) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, page_json(order_json("1-1-1", "2026-11-22T10:00:00Z"))));
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::kWarning);
  EXPECT_EQ(findings[0].scope.role, "Direct-to-Consumer Delivery (Restricted)");
}

TEST_F(AccountCheckTest, WithoutAnOpenOrderItSaysThatItCannotTell) {
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, page_json("")));
  EXPECT_THAT(notes(run()), HasSubstr("cannot be told"));
}

TEST_F(AccountCheckTest, AUsedUpQuotaIsAWarningWithATime) {
  h.quota.wait_until = *parse_time("2026-11-23T10:03:00Z");
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].severity, Severity::kWarning);
  EXPECT_THAT(findings[0].remedy, HasSubstr("2026-11-23T10:03:00Z"));
}

TEST_F(AccountCheckTest, AnUnreachableAmazonIsAnError) {
  h.http.fail("getMarketplaceParticipations", Failure::Kind::kTransient, "dns");
  h.http.fail("searchOrders", Failure::Kind::kTransient, "dns");
  const auto findings = worse_than_a_note(run());
  ASSERT_EQ(findings.size(), 2u);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.severity, Severity::kError);
    EXPECT_FALSE(finding.message.empty());
  }
  EXPECT_EQ(findings[0].scope.operation, "getMarketplaceParticipations");
  EXPECT_EQ(findings[1].scope.operation, "searchOrders");
}

TEST_F(AccountCheckTest, ASellerIdThatIsNoneIsAnError) {
  h.settings.authorization.seller_id = "amazon-shop";
  sells(participation(kNl) + "," + participation(kDe));
  orders(json_answer(200, with_address()));
  EXPECT_EQ(worse_than_a_note(run()).at(0).pointer, "/account/authorization/seller_id");
}

TEST_F(AccountCheckTest, ASecretNearItsEndIsNamed) {
  for (const auto& [issued, severity] : {std::pair{"2026-06-10T00:00:00Z", Severity::kWarning},
                                         std::pair{"2026-05-01T00:00:00Z", Severity::kError}}) {
    h.settings.authorization.secret_issued = parse_time(issued);
    sells(participation(kNl) + "," + participation(kDe));
    orders(json_answer(200, with_address()));
    const auto findings = worse_than_a_note(run());
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, severity);
  }
}

}  // namespace
}  // namespace marketplug::amazon
