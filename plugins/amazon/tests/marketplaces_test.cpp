#include "src/marketplaces.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace marketplug::amazon {
namespace {

TEST(AmazonMarketplaces, FindsByCodeIdAndCountry) {
  ASSERT_NE(find_marketplace("NL"), nullptr);
  EXPECT_EQ(find_marketplace("NL"), find_marketplace("A1805IZSGTT6HS"));
  EXPECT_EQ(find_marketplace("UK"), find_marketplace("GB"));
  EXPECT_EQ(find_marketplace("UK")->code, "UK");
  EXPECT_EQ(find_marketplace("UK")->country, "GB");
  EXPECT_EQ(find_marketplace("JP")->currency, "JPY");
  EXPECT_EQ(find_marketplace("XX"), nullptr);
  EXPECT_EQ(find_marketplace(""), nullptr);
}

TEST(AmazonMarketplaces, EachIsThereOnceAndComplete) {
  std::set<std::string_view> codes, ids;
  for (const Marketplace& one : all_marketplaces()) {
    EXPECT_TRUE(codes.insert(one.code).second) << one.code;
    EXPECT_TRUE(ids.insert(one.id).second) << one.id;
    EXPECT_EQ(one.currency.size(), 3u);
    EXPECT_NE(one.region, Region::kUnknown);
    EXPECT_TRUE(one.seller_central.starts_with("sellercentral"));
  }
  EXPECT_EQ(codes.size(), 23u);
}

TEST(AmazonMarketplaces, EachHasASalesChannel) {
  const std::pair<const char*, const char*> cases[] = {{"Amazon.nl", "NL"},
                                                       {"amazon.co.uk", "UK"},
                                                       {"AMAZON.COM", "US"},
                                                       {"Amazon.com.be", "BE"},
                                                       {"Amazon.co.jp", "JP"}};
  for (const auto& [name, code] : cases) {
    ASSERT_NE(marketplace_of_channel(name), nullptr) << name;
    EXPECT_EQ(marketplace_of_channel(name)->code, code);
  }
  for (const char* name : {"", "Amazon", "Amazon.", "Non-Amazon", "Amazon.xx", "Amazon.nl.evil"}) {
    EXPECT_EQ(marketplace_of_channel(name), nullptr) << name;
  }
}

TEST(AmazonMarketplaces, RegionsHaveEndpoints) {
  for (const char* name : {"NA", "EU", "FE"}) {
    EXPECT_EQ(to_string(parse_region(name)), name);
    EXPECT_TRUE(endpoint_of(parse_region(name)).starts_with("https://sellingpartnerapi-"));
  }
  EXPECT_EQ(parse_region("eu"), Region::kUnknown);
}

}  // namespace
}  // namespace marketplug::amazon
