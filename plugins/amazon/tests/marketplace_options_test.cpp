#include "src/marketplace_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using testing::json_answer;
using tests::Harness;

std::string entry(const char* id, const char* name, const char* participation) {
  return std::string(R"({"marketplace":{"id":")") + id + R"(","name":")" + name +
         R"("},"participation":)" + participation + "}";
}

TEST(MarketplaceOptions, AreWhatTheAccountTakesPartIn) {
  Harness h;
  const char* active = R"({"isParticipating":true,"hasSuspendedListings":false})";
  h.http.answer(
      "getMarketplaceParticipations",
      json_answer(200, "{\"payload\":[" + entry("A1805IZSGTT6HS", "Amazon.nl", active) + "," +
                           entry("A1PA6795UKMFR9", "Amazon.de",
                                 R"({"isParticipating":false,"hasSuspendedListings":false})") +
                           "," +
                           entry("A13V1IB3VIYZZH", "",
                                 R"({"isParticipating":true,"hasSuspendedListings":true})") +
                           "," + entry("ATVPDKIKX0DER", "Amazon.com", active) + "," +
                           entry("A38D8NSA03LJTC", "Non-Amazon DE", active) + ",{},7]}"));
  const auto options = marketplace_options("marketplaces", h.settings, h.sellers, h.ctx);
  ASSERT_TRUE(options);
  EXPECT_THAT(
      options.value(),
      ElementsAre(
          Option{"NL", "Netherlands (Amazon.nl)", "EU", true, ""},
          Option{"DE", "Germany (Amazon.de)", "EU", false, "The account does not sell there."},
          Option{"FR", "France", "EU", true, "The listings there are inactive at the moment."},
          Option{"US", "United States (Amazon.com)", "NA", false,
                 "It belongs to another region; make a second shop for it."},
          Option{"A38D8NSA03LJTC", "Non-Amazon DE", "", false,
                 "This version does not know this marketplace."}));
}

TEST(MarketplaceOptions, OtherCataloguesAreUnknown) {
  Harness h;
  const auto options = marketplace_options("carriers", h.settings, h.sellers, h.ctx);
  EXPECT_EQ(options.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(options.failure().code, "unknown_catalogue");
}

TEST(MarketplaceOptions, AnAnswerWithoutAPayloadIsAFailure) {
  Harness h;
  h.http.answer("getMarketplaceParticipations", json_answer(200, "{}"))
      .answer("getMarketplaceParticipations", json_answer(200, "x"))
      .fail("getMarketplaceParticipations", Failure::Kind::kTransient, "dns");
  for (const char* code : {"not_json", "not_json", "dns"}) {
    EXPECT_EQ(marketplace_options("marketplaces", h.settings, h.sellers, h.ctx).failure().code,
              code);
  }
}

TEST(MarketplaceOptions, AmazonsOwnExampleIsRead) {
  MARKETPLUG_NEEDS_SPECS();
  Harness h;
  const auto model = tests::read_model("sellers.json");
  const auto& body = model.at("paths")
                         .at("/sellers/v1/marketplaceParticipations")
                         .at("get")
                         .at("responses")
                         .at("200")
                         .at("examples");
  h.http.answer("getMarketplaceParticipations", json_answer(200, boost::json::serialize(body)));
  const auto found = h.sellers.participations(h.ctx);
  ASSERT_TRUE(found);
  ASSERT_EQ(found.value().size(), 1u);
  EXPECT_EQ(found.value()[0].marketplace_id, "ATVPDKIKX0DER");
  EXPECT_TRUE(found.value()[0].participating);
  EXPECT_FALSE(found.value()[0].suspended_listings);
}

}  // namespace
}  // namespace marketplug::amazon
