// The settings schema as the host reads it: in its vocabulary, with every marketplace of the table,
// and accepting exactly what parse_settings can work with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "host/json/schema.hpp"
#include "host/json/vocabulary.hpp"
#include "src/marketplaces.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {
namespace {

namespace json = boost::json;

json::value schema_document() {
  std::ifstream file(std::string(AMAZON_DIR) + "/settings.schema.json", std::ios::binary);
  return json::parse(
      std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

json::value shop() {
  return json::parse(R"({"account":{"region":"EU","marketplaces":["NL","A1PA6795UKMFR9"],
    "authorization":{"kind":"self","seller_id":"A1EXAMPLE000","lwa_client_id":"c",
      "lwa_client_secret":"s","refresh_token":"r"},
    "endpoints":{"api":"https://localhost:8443","lwa":"https://localhost:8443/auth/o2/token"}},
    "orders":{"enabled":true,"pii_access":true,"import_new":true,"import_missing":true,
      "export_cancelled":true,"export_shipments":true,"export_returns":true,
      "start_date":"2026-10-01"},
    "products":{"enabled":true,"export_stock":true,"export_prices":true,
      "sync_publish_state":true}})");
}

TEST(AmazonSettingsSchema, KeepsToTheVocabulary) {
  for (const auto& error : marketplug::json::check_vocabulary(schema_document())) {
    ADD_FAILURE() << error.pointer << ": " << error.message;
  }
}

TEST(AmazonSettingsSchema, HasEveryMarketplaceOfTheTableInItsRegion) {
  const json::value document = schema_document();
  std::set<std::string> accepted;
  for (const auto& branch : document.at_pointer("/properties/account/oneOf").as_array()) {
    const Region region = parse_region(branch.at_pointer("/properties/region/const").as_string());
    for (const auto& name : branch.at_pointer("/properties/marketplaces/items/enum").as_array()) {
      const Marketplace* known = find_marketplace(name.as_string());
      ASSERT_NE(known, nullptr) << name;
      EXPECT_EQ(known->region, region) << name;
      accepted.emplace(name.as_string());
    }
  }
  for (const Marketplace& one : all_marketplaces()) {
    for (const auto name : {one.code, one.id, one.country}) {
      EXPECT_EQ(accepted.count(std::string(name)), 1u) << name;
    }
  }
}

TEST(AmazonSettingsSchema, AcceptsAShopThatTheParserReads) {
  const auto schema = marketplug::json::Schema::compile(schema_document());
  json::value settings = shop();
  EXPECT_TRUE(schema.validate(settings).empty());
  schema.apply_defaults(settings);
  EXPECT_EQ(settings.at_pointer("/orders/use_cancel_order"), "never");
  EXPECT_EQ(settings.at_pointer("/products/close_by"), "offer_end");
  EXPECT_NO_THROW(parse_settings(json::serialize(settings)));
}

// Whether it is one is a matter of `check`: the example of the documentation must load.
TEST(AmazonSettingsSchema, AcceptsTheSellerIdOfTheExamples) {
  const auto schema = marketplug::json::Schema::compile(schema_document());
  json::value settings = shop();
  settings.at_pointer("/account/authorization/seller_id") = "A1EXAMPLE";
  EXPECT_TRUE(schema.validate(settings).empty());
  EXPECT_NO_THROW(parse_settings(json::serialize(settings)));
}

TEST(AmazonSettingsSchema, NothingIsSentToAmazonUnlessSomebodySwitchesItOn) {
  const auto schema = marketplug::json::Schema::compile(schema_document());
  json::value settings = shop();
  settings.as_object().erase("orders");
  settings.as_object().erase("products");
  schema.apply_defaults(settings);
  for (const char* pointer :
       {"/orders/export_cancelled", "/orders/export_shipments", "/orders/export_returns",
        "/products/enabled", "/products/export_stock", "/products/export_prices",
        "/products/sync_publish_state"}) {
    EXPECT_EQ(settings.at_pointer(pointer), false) << pointer;
  }
  EXPECT_EQ(settings.at_pointer("/orders/import_new"), true);
}

TEST(AmazonSettingsSchema, RefusesWhatMakesNoSense) {
  const auto schema = marketplug::json::Schema::compile(schema_document());
  const auto refused = [&](const char* pointer, const char* value) {
    json::value settings = shop();
    settings.at_pointer(pointer) = json::parse(value);
    EXPECT_FALSE(schema.validate(settings).empty()) << pointer << " " << value;
  };
  refused("/account/region", "\"NA\"");
  refused("/account/region", "\"XX\"");
  refused("/account/marketplaces", "[]");
  refused("/account/marketplaces", R"(["NL","NL"])");
  refused("/account/marketplaces", R"(["US"])");
  refused("/account/authorization/kind", "\"iam\"");
  refused("/account/authorization/seller_id", "\"shop\"");
  refused("/account/authorization/seller_id", "\"A123456789012345678901\"");
  refused("/account/endpoints/api", "\"http://localhost\"");
  refused("/orders/start_date", "\"2026-02-30\"");
  refused("/orders/pii_access", "\"yes\"");
  refused("/orders", R"({"iam_arn":"x"})");
}

TEST(AmazonSettingsSchema, SecretsAreWriteOnlyAndSwitchesNameTheirCapability) {
  const json::value document = schema_document();
  for (const auto& branch : document.at_pointer("/definitions/authorization/oneOf").as_array()) {
    const auto& properties = branch.at("properties").as_object();
    for (const char* secret :
         {"lwa_client_secret", "refresh_token", "lwa_client_secret_previous"}) {
      EXPECT_EQ(properties.at(secret).at("writeOnly"), true) << secret;
    }
  }
  const std::map<std::string, std::string> switches = {
      {"/orders/properties/import_new", "order-source"},
      {"/orders/properties/import_missing", "order-audit"},
      {"/orders/properties/export_cancelled", "cancellation-sink"},
      {"/orders/properties/export_shipments", "shipment-sink"},
      {"/orders/properties/export_returns", "refund-sink"},
      {"/products/properties/export_stock", "stock-sink"},
      {"/products/properties/export_prices", "price-sink"},
      {"/products/properties/sync_publish_state", "publish-sink"}};
  for (const auto& [pointer, capability] : switches) {
    EXPECT_EQ(document.at_pointer("/properties" + pointer).at("x-capability"),
              json::value(capability));
  }
}

}  // namespace
}  // namespace marketplug::amazon
