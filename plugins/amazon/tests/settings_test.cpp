#include "src/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(AmazonSettings, ReadsAWholeShop) {
  const Settings settings = parse_settings(tests::kSettings);
  EXPECT_EQ(settings.region, Region::kEurope);
  ASSERT_EQ(settings.marketplaces.size(), 2u);
  EXPECT_EQ(settings.marketplaces[1]->code, "DE");
  EXPECT_EQ(settings.authorization.kind, Authorization::Kind::kSelf);
  EXPECT_EQ(settings.authorization.refresh_token, tests::kTokenHandle);
  EXPECT_EQ(settings.endpoints.api, tests::kApi);
  EXPECT_EQ(settings.endpoints.lwa, kLwaEndpoint);
  EXPECT_TRUE(settings.orders.pii_access);
  EXPECT_EQ(settings.orders.start_date, parse_time("2026-11-01T00:00:00Z"));
}

TEST(AmazonSettings, TakesOtherEndpointsWithoutTheirLastSlash) {
  const Settings settings = parse_settings(with(
      tests::kSettings, "\"region\"",
      R"("endpoints":{"api":"https://localhost:8443/","lwa":"https://localhost:1/t"},"region")"));
  EXPECT_EQ(settings.endpoints.api, "https://localhost:8443");
  EXPECT_EQ(settings.endpoints.lwa, "https://localhost:1/t");
}

TEST(AmazonSettings, TakesIdsAndKeepsEachMarketplaceOnce) {
  const Settings settings = parse_settings(
      with(tests::kSettings, R"(["NL", "DE"])", R"(["A1805IZSGTT6HS", "NL", "UK", "GB"])"));
  ASSERT_EQ(settings.marketplaces.size(), 2u);
  EXPECT_EQ(settings.marketplaces[0]->code, "NL");
  EXPECT_EQ(settings.marketplaces[1]->code, "UK");
}

TEST(AmazonSettings, ThePreviousSecretIsGoodUntilTheEndOfItsLastDay) {
  const Settings settings = parse_settings(with(
      tests::kSettings, "\"kind\"",
      R"("lwa_client_secret_previous":"h","lwa_client_secret_previous_until":"2026-11-30","kind")"));
  EXPECT_EQ(settings.authorization.previous_until, parse_time("2026-12-01T00:00:00Z"));
}

TEST(AmazonSettings, AWebsiteAuthorizationMayLackTokenAndSeller) {
  const Settings settings = parse_settings(R"({"account":{"region":"NA","marketplaces":["US"],
    "authorization":{"kind":"website","application_id":"app","lwa_client_id":"c",
    "lwa_client_secret":"s"}}})");
  EXPECT_TRUE(settings.authorization.refresh_token.empty());
  EXPECT_FALSE(settings.orders.start_date);
}

TEST(AmazonSettings, CustomizationsAreFetchedOnRequestAndOnlyWithBuyersData) {
  EXPECT_FALSE(parse_settings(tests::kSettings).orders.fetch_customization);
  const std::string wanted =
      with(tests::kSettings, "\"pii_access\"", R"("fetch_customization": true, "pii_access")");
  EXPECT_TRUE(parse_settings(wanted).orders.fetch_customization);
  EXPECT_FALSE(parse_settings(with(wanted, R"("pii_access": true)", R"("pii_access": false)"))
                   .orders.fetch_customization);
}

struct BadSettings {
  const char* from;
  const char* to;
  const char* pointer;
};

class AmazonBadSettings : public ::testing::TestWithParam<BadSettings> {};

TEST_P(AmazonBadSettings, AreRefusedWithAPointer) {
  const auto& [from, to, pointer] = GetParam();
  try {
    parse_settings(with(tests::kSettings, from, to));
    FAIL() << "accepted: " << to;
  } catch (const std::invalid_argument& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with(std::string(pointer) + ": ")) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, AmazonBadSettings,
    ::testing::Values(
        BadSettings{"{\n", "", ""}, BadSettings{R"("account")", R"("konto")", "/account"},
        BadSettings{R"("EU")", R"("XX")", "/account/region"},
        BadSettings{R"("EU")", R"(7)", "/account/region"},
        BadSettings{R"(["NL", "DE"])", R"([])", "/account/marketplaces"},
        BadSettings{R"(["NL", "DE"])", R"(["NL", "US"])", "/account/marketplaces/1"},
        BadSettings{R"(["NL", "DE"])", R"(["XX"])", "/account/marketplaces/0"},
        BadSettings{R"(["NL", "DE"])", R"([1])", "/account/marketplaces/0"},
        BadSettings{R"("self")", R"("iam")", "/account/authorization/kind"},
        BadSettings{R"("client-1")", R"("")", "/account/authorization/lwa_client_id"},
        BadSettings{R"("A1EXAMPLE000")", R"("")", "/account/authorization/seller_id"},
        BadSettings{R"("region")", R"("endpoints":{"api":"http://a"},"region")",
                    "/account/endpoints/api"},
        BadSettings{R"("region")",
                    R"("endpoints":{"api":"https://SellingPartnerAPI-NA.amazon.com/"},"region")",
                    "/account/endpoints/api"},
        BadSettings{R"("region")", R"("endpoints":{"lwa":"https://a?b"},"region")",
                    "/account/endpoints/lwa"},
        BadSettings{R"("2026-11-01")", R"("2026-13-01")", "/orders/start_date"},
        BadSettings{R"("2026-11-01")", R"(20261101)", "/orders/start_date"}));

TEST(AmazonSettings, TheEndpointOfAnotherRegionIsRefusedWithTheRightOne) {
  for (const char* host :
       {"sellingpartnerapi-fe.amazon.com", "SANDBOX.sellingpartnerapi-fe.amazon.com",
        "sellingpartnerapi-fe.amazon.com:443/"}) {
    const std::string api = std::string("https://").append(host);
    try {
      parse_settings(
          with(tests::kSettings, "\"region\"", R"("endpoints":{"api":")" + api + R"("},"region")"));
      FAIL() << "accepted: " << api;
    } catch (const std::invalid_argument& error) {
      const std::string words = error.what();
      EXPECT_NE(words.find("endpoint of region FE, the shop is set to EU"), std::string::npos)
          << words;
      EXPECT_NE(words.find("https://sellingpartnerapi-eu.amazon.com is asked"), std::string::npos)
          << words;
    }
  }
}

TEST(AmazonSettings, TheSandboxOfTheShopsOwnRegionAndARelayAreTaken) {
  for (const std::string own : {"https://sandbox.sellingpartnerapi-eu.amazon.com",
                                "https://relay.example.org/sellingpartnerapi-na.amazon.com"}) {
    EXPECT_EQ(parse_settings(with(tests::kSettings, "\"region\"",
                                  R"("endpoints":{"api":")" + own + R"("},"region")"))
                  .endpoints.api,
              own);
  }
}

// Guards: the schema took ids that the check refused.
TEST(AmazonSettings, SchemaAndCheckTakeTheSameSellerIds) {
  std::ifstream file(AMAZON_DIR "/settings.schema.json");
  const std::string schema{std::istreambuf_iterator<char>(file), {}};
  const std::string key = R"("pattern": "^A)";
  const auto begin = schema.find(key);
  ASSERT_NE(begin, std::string::npos);
  const auto first = begin + key.size() - 2;
  const std::regex pattern(schema.substr(first, schema.find('"', first) - first));
  for (std::size_t size = 0; size < 30; ++size) {
    for (const char* start : {"A", "B", "a"}) {
      for (const char each : {'X', '7', 'x', '-'}) {
        const std::string id = start + std::string(size, each);
        EXPECT_EQ(is_seller_id(id), std::regex_match(id, pattern)) << id;
      }
    }
  }
}

TEST(AmazonSettings, KnowsSellerIds) {
  EXPECT_TRUE(is_seller_id("A1EXAMPLE000"));
  for (const char* bad :
       {"", "A1", "B1EXAMPLE000", "a1example000", "A1EXAMPLE-00", "A123456789012345678901"}) {
    EXPECT_FALSE(is_seller_id(bad)) << bad;
  }
}

}  // namespace
}  // namespace marketplug::amazon
