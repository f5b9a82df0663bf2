#include "host/config/plugin_settings.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/config/config.hpp"
#include "host/json/strict_parse.hpp"
#include "tests/unit/config/fixtures.hpp"

namespace marketplug::config::plugin_settings_test {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

boost::json::object settings(const std::string& orders, const std::string& products) {
  return json::parse_or_throw(R"({"account":{"region":"EU","marketplaces":["NL"],"authorization":{
    "kind":"self","seller_id":"${env:SELLER}","lwa_client_id":"amzn1.x",
    "lwa_client_secret":"${env:SECRET}","refresh_token":""}})" +
                                  (orders.empty() ? "" : ",\"orders\":" + orders) +
                                  (products.empty() ? "" : ",\"products\":" + products) + "}",
                              "settings")
      .as_object();
}

TEST(PluginSettings, FindsSecretsInTheChosenBranch) {
  const auto given = settings("", "");
  EXPECT_EQ(secrets_of(given, test::plugin_schema()),
            (Values{{"/account/authorization/lwa_client_secret", "${env:SECRET}"}}));
  EXPECT_EQ(references_of(given, test::plugin_schema()),
            (Values{{"/account/authorization/seller_id", "${env:SELLER}"}}));
}

TEST(PluginSettings, HandsSecretsOverAsHandlesAndKeepsSwitches) {
  const auto given = settings(R"({"enabled":true,"pii_access":true,"import_new":true,
    "start_date":"2026-10-01"})",
                              R"({"enabled":true,"export_stock":true})");
  const auto handed = settings_for_plugin(given, test::plugin_schema());
  EXPECT_EQ(boost::json::serialize(handed.at("account").at("authorization")),
            R"({"kind":"self","seller_id":"${env:SELLER}","lwa_client_id":"amzn1.x",)"
            R"("lwa_client_secret":"secret:/account/authorization/lwa_client_secret",)"
            R"("refresh_token":""})");
  EXPECT_EQ(boost::json::serialize(handed.at("orders")),
            R"({"start_date":"2026-10-01","pii_access":true})");
  EXPECT_EQ(boost::json::serialize(handed.at("products")), "{}");
}

struct Case {
  const char* orders;
  const char* products;
  const char* capability;
  bool on;
};

class CapabilitySwitch : public testing::TestWithParam<Case> {};

TEST_P(CapabilitySwitch, DecidesWithItsGroup) {
  const auto& [orders, products, capability, on] = GetParam();
  EXPECT_EQ(capability_enabled(settings(orders, products), test::plugin_schema(), capability), on)
      << orders << products << capability;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, CapabilitySwitch,
    testing::Values(
        // The group and its switches have defaults.
        Case{"", "", "order-source", true}, Case{"{}", "", "order-source", true},
        Case{R"({"import_new":false})", "", "order-source", false},
        Case{R"({"enabled":false,"import_new":true})", "", "order-source", false},
        Case{R"({"enabled":false})", "", "shipment-sink", false},
        Case{R"({"export_shipments":false})", "", "shipment-sink", false},
        Case{R"({"export_shipments":false})", "", "order-source", true},
        // The group is absent and has no default: nothing of it runs.
        Case{"", "", "stock-sink", false}, Case{"", "{}", "stock-sink", false},
        Case{"", R"({"enabled":true})", "stock-sink", true},
        Case{"", R"({"enabled":true,"export_stock":false})", "stock-sink", false},
        Case{"", R"({"enabled":true})", "publish-sink", false},
        // Without a switch of their own.
        Case{"", "", "product-source", false},
        Case{"", R"({"enabled":true})", "product-source", true},
        Case{"", R"({"enabled":false})", "product-source", false},
        Case{"", "", "return-source", true},
        Case{R"({"enabled":false})", "", "return-source", false},
        Case{R"({"enabled":false})", "", "options-source", true},
        Case{"", "", "authorization", true}));

TEST(PluginSettings, LeavesCapabilitiesOnWhereTheSchemaHasNoGroups) {
  const char* schema =
      R"({"type":"object","properties":{"token":{"type":"string","writeOnly":true}}})";
  for (const char* capability : {"product-source", "return-source", "order-source"}) {
    EXPECT_TRUE(capability_enabled({}, schema, capability)) << capability;
  }
}

TEST(PluginSettings, KnowsItsSwitches) {
  EXPECT_EQ(
      PluginSettings(test::plugin_schema()).switched_capabilities(),
      (std::vector<std::string>{"cancellation-sink", "order-audit", "order-source", "price-sink",
                                "publish-sink", "refund-sink", "shipment-sink", "stock-sink"}));
}

TEST(PluginSettings, RefusesSchemasOutsideTheVocabulary) {
  EXPECT_THROW(PluginSettings("{"), std::invalid_argument);
  EXPECT_THROW(PluginSettings(R"({"type":"object","anyOf":[{}]})"), std::invalid_argument);
  EXPECT_THROW(secrets_of({}, "[]"), std::invalid_argument);
}

}  // namespace
}  // namespace marketplug::config::plugin_settings_test
