#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "host/config/config.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"
#include "tests/unit/config/fixtures.hpp"

namespace marketplug::config::shop_config_test {
namespace {

using test::told;
using Lines = std::vector<std::string>;

/// The shop file of the documentation, complete, with invented values.
const char* const kExample = R"(# shops.d/shop-nl.yaml
id: shop-nl
name: My shop NL
plugin: amazon
enabled: true                 # refused while the preflight has errors
currency: EUR
vat_rates: { NL: { standard: 21, reduced: 9 }, DE: { standard: 19, reduced: 7 } }
payment_types: { default: amazon-pay, CashOnDelivery: cod }
contacts: { name_detail: single, address_detail: single }
status_mapping: { UNSHIPPED: open }
fulfillment_priority: { regular: 50, premium: 70, prime: 90 }
marketplace_fulfilled_status: fulfilled_by_marketplace
carrier_mapping:
  - { service_level: STANDARD, carrier_account: postnl, carrier: PostNL, service: "Standaard" }
  - { shipping_category: Expedited, carrier_account: dhl-parcel-nl, carrier: DHL, service: "DHL Parcel" }
  - { default: true, carrier: Other, carrier_name: "Own courier" }
exports: { mode: live, strict_tracking: false, buyer_cancel: hold, bulk_after_minutes: 10, feed_stuck_hours: 6 }
stock:   { buffer: 0, maximum: 0 }
prices:  { hold_percent: 50 }
audit:   { orders_hours: 6, orders_days: 14, products_hours: 8, drift_alert_hours: 24 }
retention_days: 30
poll_seconds: 300
isolation: none
settings:
  account:
    region: EU
    marketplaces: [NL, DE]
    authorization:
      kind: self
      seller_id: A1EXAMPLE
      lwa_client_id: ${env:LWA_CLIENT_ID}
      lwa_client_secret: ${env:LWA_CLIENT_SECRET}
      refresh_token: ${env:LWA_REFRESH_TOKEN}
    endpoints:
      api: https://localhost:8443
      lwa: https://localhost:8443/auth/o2/token
  orders:   { enabled: true, pii_access: true, import_new: true, import_missing: true, export_cancelled: true,
              export_shipments: true, export_returns: true, start_date: 2026-10-01 }
  products: { enabled: true, export_stock: true, export_prices: true, sync_publish_state: true }
)";

const char* const kSettings = R"(settings:
  account:
    region: EU
    marketplaces: [NL]
    authorization: { kind: self, seller_id: A1EXAMPLE, lwa_client_id: "${env:ID}", lwa_client_secret: "${env:S}", refresh_token: "${env:T}" }
)";

/// A short shop with `more` added.
std::string shop_yaml(const std::string& more) {
  return "id: shop-nl\nplugin: amazon\n" + more + kSettings;
}

LoadedShop load(const test::Folder& folder, const std::string& yaml) {
  return load_shop(folder.write("shop.yaml", yaml), test::plugins);
}

const boost::json::value* found(const LoadedShop& loaded, const char* pointer) {
  static boost::json::value document;
  document = loaded.shop.document;
  return json::find_value(document, pointer);
}

TEST(ShopConfig, LoadsTheCompleteExample) {
  const test::Folder folder;
  const auto loaded = load(folder, kExample);
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  const auto& shop = loaded.shop;
  EXPECT_EQ(shop.id, "shop-nl");
  EXPECT_EQ(shop.plugin, "amazon");
  EXPECT_TRUE(shop.enabled);
  EXPECT_EQ(shop.file, folder.path("shop.yaml"));
  EXPECT_EQ(found(loaded, "/vat_rates/NL/standard")->as_int64(), 21);
  EXPECT_EQ(found(loaded, "/carrier_mapping/2/default")->as_bool(), true);
  EXPECT_EQ(found(loaded, "/settings/orders/start_date")->as_string(), "2026-10-01");
  EXPECT_EQ(found(loaded, "/settings/account/marketplaces/1")->as_string(), "DE");
  EXPECT_EQ(shop.lines.at("/currency"), 6);
  EXPECT_EQ(shop.lines.at("/carrier_mapping/1/carrier"), 15);
  EXPECT_EQ(shop.lines.at("/settings/account/authorization/seller_id"), 30);
  EXPECT_EQ(shop.lines.at("/settings/orders/export_returns"), 38);
}

TEST(ShopConfig, FillsInDefaultsOfHostAndPlugin) {
  const test::Folder folder;
  const auto loaded = load(folder, shop_yaml(""));
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  EXPECT_FALSE(loaded.shop.enabled);
  EXPECT_EQ(found(loaded, "/poll_seconds")->as_int64(), 300);
  EXPECT_EQ(found(loaded, "/exports/mode")->as_string(), "live");
  EXPECT_EQ(found(loaded, "/contacts/name_detail")->as_string(), "single");
  EXPECT_EQ(found(loaded, "/settings/orders/export_shipments")->as_bool(), true);
  EXPECT_EQ(found(loaded, "/settings/products"), nullptr);
}

struct Typed {
  const char* yaml;
  const char* pointer;
  const char* json;
};

TEST(ShopConfig, TheCompleteExampleFitsAmazonsOwnSchema) {
  const test::Folder folder;
  const auto loaded = load_shop(folder.write("shop.yaml", kExample), [](std::string_view) {
    return std::optional(test::amazons_schema());
  });
  EXPECT_EQ(told(loaded.problems), Lines());
}

class ShopTyping : public testing::TestWithParam<Typed> {};

TEST_P(ShopTyping, ComesFromTheSchema) {
  const test::Folder folder;
  const auto loaded = load(folder, shop_yaml(std::string(GetParam().yaml) + "\n"));
  EXPECT_EQ(told(loaded.problems), Lines());
  const auto* value = found(loaded, GetParam().pointer);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(boost::json::serialize(*value), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Scalars, ShopTyping,
    testing::Values(
        Typed{"name: no", "/name", "\"no\""}, Typed{"name: 01067", "/name", "\"01067\""},
        Typed{"name: 1e3", "/name", "\"1e3\""}, Typed{"name: null", "/name", "\"null\""},
        Typed{"name: 2026-10-01", "/name", "\"2026-10-01\""},
        Typed{"name: 0x1F", "/name", "\"0x1F\""}, Typed{"name: 'a: b'", "/name", "\"a: b\""},
        Typed{"name: |\n  a\n  b", "/name", "\"a\\nb\\n\""},
        Typed{"name: Zo\u00eb \U0001F600", "/name", "\"Zo\u00eb \U0001F600\""},
        Typed{"enabled: yes", "/enabled", "true"}, Typed{"enabled: No", "/enabled", "false"},
        Typed{"enabled: TRUE", "/enabled", "true"},
        Typed{"vat_rates: { NO: { standard: 25 } }", "/vat_rates/NO/standard", "25"},
        Typed{"vat_rates: { FR: { reduced: 5.5 } }", "/vat_rates/FR/reduced", "5.5E0"},
        Typed{"payment_types: { default: 01, COD: yes }", "/payment_types",
              R"({"default":"01","COD":"yes"})"},
        Typed{"status_mapping: { PENDING: on }", "/status_mapping/PENDING", "\"on\""},
        Typed{"retention_days: 30", "/retention_days", "30"}));

TEST(ShopConfig, TellsEveryMistakeAtOnceWithItsLine) {
  const test::Folder folder;
  const auto loaded = load(folder, R"(id: Shop NL
nmae: x
plugin: amazon
enabled: "true"
currency: eur
vat_rates:
  Netherlands: { standard: 121 }
contacts: { name_detail: splitt }
carrier_mapping:
  - { default: true, carrier: Other }
  - { service_level: STANDARD }
exports:
  bulk_after_minutes: 007
retention_days: 0
poll_seconds: 1.5
poll_seconds: 20
settings:
  account:
    region: EU
    marketplaces: [NL, US]
    authorization:
      kind: self
      seller_id: 12345
      lwa_client_secret: amzn1.oa2-cs.v1.invented
      refresh_tokn: ${env:T}
  orders:
    start_date: 2026-02-30
    export_shipmets: yes
)");
  const Lines wanted{
      ("1 /id: does not have the expected form, for example shop-nl (pattern "
       "^[a-z0-9][a-z0-9_-]{0,63}$)"),
      "2 /nmae: is not known here",
      "4 /enabled: must be true or false",
      "5 /currency: does not have the expected form, for example EUR (pattern ^[A-Z]{3}$)",
      "7 /vat_rates/Netherlands/standard: must be at most 100",
      "7 /vat_rates/Netherlands: is not a country code",
      "8 /contacts/name_detail: must be one of single, split",
      "10 /carrier_mapping/0: is the default, but rules follow that could never fit",
      "10 /carrier_mapping/0/carrier_name: is required where carrier is Other",
      "11 /carrier_mapping/1/carrier: is required",
      "13 /exports/bulk_after_minutes: must be a whole number",
      "14 /retention_days: must be at least 1",
      "15 /poll_seconds: must be a whole number",
      "16 /poll_seconds: is given twice, first in line 15",
      "20 /settings/account/marketplaces/1: must be one of NL, DE, FR, SE",
      "21 /settings/account/authorization/lwa_client_id: is required",
      "21 /settings/account/authorization/refresh_token: is required",
      ("23 /settings/account/authorization/seller_id: does not have the expected form, for example "
       "A1EXAMPLE (pattern ^A[0-9A-Z]{5,}$)"),
      "24 /settings/account/authorization/lwa_client_secret: is a secret in plain text",
      "25 /settings/account/authorization/refresh_tokn: is not known here",
      "27 /settings/orders/start_date: must be a date such as 2026-01-31",
      "28 /settings/orders/export_shipmets: is not known here",
  };
  EXPECT_EQ(told(loaded.problems), wanted) << test::all_text(loaded.problems);
  for (const auto& problem : loaded.problems) {
    EXPECT_FALSE(problem.remedy.empty()) << problem.message;
    EXPECT_EQ(to_text(problem).find("invented"), std::string::npos) << "a secret's value";
  }
  const auto remedy = [&](const char* pointer) {
    const auto* problem = test::find_problem(loaded.problems, pointer);
    return problem == nullptr ? std::string() : problem->remedy;
  };
  EXPECT_TRUE(remedy("/nmae").starts_with("did you mean name?"));
  EXPECT_EQ(remedy("/enabled"), "write it without quotes");
  EXPECT_EQ(remedy("/contacts/name_detail"), "did you mean split?");
  EXPECT_EQ(remedy("/exports/bulk_after_minutes"), "write it without leading zeros");
  EXPECT_TRUE(remedy("/settings/account/authorization/refresh_tokn")
                  .starts_with("did you mean refresh_token?"));
  EXPECT_TRUE(
      remedy("/settings/orders/export_shipmets").starts_with("did you mean export_shipments?"));
}

TEST(ShopConfig, CodesOfAFewLettersAreNotGuessed) {
  const test::Folder folder;
  const auto remedy = [&](const std::string& code) {
    auto text = shop_yaml("");
    text.replace(text.find("[NL]"), 4, "[" + code + "]");
    const auto loaded = load_shop(folder.write("shop.yaml", text), [](std::string_view) {
      return std::optional(test::amazons_schema());
    });
    const auto* problem = test::find_problem(loaded.problems, "/settings/account/marketplaces/0");
    return problem == nullptr ? std::string() : problem->remedy;
  };
  for (const char* code : {"US", "NLD", "S"}) EXPECT_EQ(remedy(code), "use one of these") << code;
  EXPECT_EQ(remedy("nl"), "did you mean NL?");
}

TEST(ShopConfig, RefusesUnknownPlugins) {
  const test::Folder folder;
  const auto loaded = load(folder, "id: a\nplugin: amazn\nsettings: { x: \"${env:A}\" }\n");
  EXPECT_EQ(told(loaded.problems), (Lines{"2 /plugin: no plugin of that id is loaded"}));
  EXPECT_EQ(loaded.shop.id, "a");
}

TEST(ShopConfig, BlamesThePluginForItsSchema) {
  const test::Folder folder;
  const auto file = folder.write("shop.yaml", "id: a\nplugin: odd\n");
  for (const char* schema : {"{", R"({"allOf":[{}]})", R"({"$ref":"#/definitions/x"})"}) {
    const auto loaded =
        load_shop(file, [&](std::string_view) { return std::optional<std::string>(schema); });
    ASSERT_EQ(loaded.problems.size(), 1u) << schema;
    EXPECT_EQ(loaded.problems[0].pointer, "/plugin");
    EXPECT_TRUE(loaded.problems[0].message.starts_with("the plugin cannot be configured: its "));
    EXPECT_EQ(loaded.problems[0].remedy, "tell the plugin's author");
  }
}

TEST(ShopConfig, TellsAWrongChoiceByItsDiscriminator) {
  const test::Folder folder;
  auto yaml = shop_yaml("");
  yaml.replace(yaml.find("kind: self"), 10, "kind: slef");
  const auto loaded = load(folder, yaml);
  ASSERT_EQ(loaded.problems.size(), 1u) << test::all_text(loaded.problems);
  EXPECT_EQ(loaded.problems[0].pointer, "/settings/account/authorization/kind");
  EXPECT_EQ(loaded.problems[0].message, "must be one of self, website");
}

TEST(ShopConfig, MakesFileReferencesAbsolute) {
  const test::Folder folder;
  auto yaml = shop_yaml("");
  yaml.replace(yaml.find("${env:T}"), 8, "${file:keys/../token}");
  yaml.replace(yaml.find("${env:S}"), 8, "${file:/run/secret}");
  const auto loaded = load(folder, yaml);
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  const std::string at = "/settings/account/authorization/";
  EXPECT_EQ(found(loaded, (at + "refresh_token").c_str())->as_string(),
            "${file:" + folder.path("token") + "}");
  EXPECT_EQ(found(loaded, (at + "lwa_client_secret").c_str())->as_string(), "${file:/run/secret}");
}

TEST(ShopConfig, RefusesMalformedReferences) {
  const test::Folder folder;
  for (const char* text : {"${env:}", "${env:1A}", "${env:A B}", "${file:}", "${vault:x}",
                           "a${env:X}", "${env:A}${env:B}", "${env:A"}) {
    auto yaml = shop_yaml("");
    yaml.replace(yaml.find("${env:T}"), 8, text);
    const auto loaded = load(folder, yaml);
    const auto* problem =
        test::find_problem(loaded.problems, "/settings/account/authorization/refresh_token");
    ASSERT_NE(problem, nullptr) << text;
    EXPECT_EQ(problem->message, "is not a reference that is understood") << text;
    EXPECT_EQ(problem->line, 7) << text;
  }
}

TEST(ShopConfig, ReferencesOnlyStandForText) {
  const test::Folder folder;
  const auto loaded = load(folder, shop_yaml("poll_seconds: ${env:POLL}\ncurrency: ${env:CUR}\n"));
  EXPECT_EQ(told(loaded.problems), (Lines{"3 /poll_seconds: a reference is not possible here",
                                          "4 /currency: a reference is not possible here"}));
  EXPECT_EQ(loaded.problems[0].remedy, "write the value");
  auto yaml = shop_yaml("");
  yaml.replace(yaml.find("[NL]"), 4, "${env:MARKETPLACES}");
  const auto settings = load(folder, yaml);
  ASSERT_EQ(settings.problems.size(), 1u) << test::all_text(settings.problems);
  EXPECT_EQ(settings.problems[0].remedy, "write the value itself: only text can be a reference");
}

// Guards: a reference that nobody resolves passed for the value, whatever the schema says of it.
TEST(ShopConfig, ReferencesStandOnlyWhereSomebodyResolvesThem) {
  const test::Folder folder;
  auto yaml = shop_yaml(
      "exports: { mode: \"${env:MODE}\" }\nisolation: ${env:ISOLATION}\nname: ${file:name}\n"
      "status_mapping: { UNSHIPPED: \"${env:STATUS}\" }\ntokken: ${env:TOKEN}\n");
  yaml.replace(yaml.find("id: "), yaml.find('\n') - yaml.find("id: "), "id: ${env:SHOP}");
  const auto loaded = load(folder, yaml);
  EXPECT_EQ(told(loaded.problems),
            (Lines{"1 /id: a reference is not possible here",
                   "3 /exports/mode: a reference is not possible here",
                   "4 /isolation: a reference is not possible here",
                   "5 /name: a reference is not possible here",
                   "6 /status_mapping/UNSHIPPED: a reference is not possible here",
                   "7 /tokken: is not known here"}));
}

TEST(ShopFolder, LoadsFilesInOrderOfName) {
  const test::Folder folder;
  folder.write("shops.d/b.yaml", "id: bb\nplugin: amazon\n" + std::string(kSettings));
  folder.write("shops.d/a.yaml", "id: aa\nplugin: amazon\n" + std::string(kSettings));
  folder.write("shops.d/.a.yaml.swp", "x");
  folder.write("shops.d/.hidden.yaml", "x");
  folder.write("shops.d/notes.txt", "x");
  const auto shops = load_shops(folder.path("shops.d"), test::plugins);
  ASSERT_EQ(shops.size(), 2u);
  EXPECT_EQ(shops[0].shop.id, "aa");
  EXPECT_EQ(shops[1].shop.id, "bb");
  EXPECT_TRUE(shops[0].problems.empty() && shops[1].problems.empty());
}

TEST(ShopFolder, TellsDuplicateIdsWithBothFiles) {
  const test::Folder folder;
  for (const char* name : {"a.yaml", "b.yaml", "c.yaml"}) {
    folder.write(name, "plugin: amazon\nid: " + std::string(name[0] == 'c' ? "other" : "same") +
                           "\n" + kSettings);
  }
  const auto shops = load_shops(folder.path(), test::plugins);
  ASSERT_EQ(shops.size(), 3u);
  EXPECT_EQ(told(shops[0].problems),
            (Lines{"2 /id: the id \"same\" is also that of " + folder.path("b.yaml")}));
  EXPECT_EQ(told(shops[1].problems),
            (Lines{"2 /id: the id \"same\" is also that of " + folder.path("a.yaml")}));
  EXPECT_TRUE(shops[2].problems.empty());
}

TEST(ShopFolder, OverlooksNothing) {
  const test::Folder folder;
  folder.write("a.yml", "id: aa\n");
  folder.write("b.yaml", "");
  std::filesystem::create_directory(folder.path("c.yaml"));
  std::filesystem::create_symlink("nowhere", folder.path("d.yaml"));
  const auto shops = load_shops(folder.path(), test::plugins);
  ASSERT_EQ(shops.size(), 4u);
  const auto message = [&](std::size_t i) { return shops[i].problems.at(0).message; };
  EXPECT_EQ(message(0), "the file would be overlooked: its name ends in .yml");
  EXPECT_EQ(message(1), "the file is empty");
  EXPECT_EQ(message(2), "this is a folder, not a file");
  EXPECT_EQ(message(3), "the file does not exist");
  EXPECT_EQ(shops[3].problems[0].file, folder.path("d.yaml"));
}

TEST(ShopFolder, MustBeThereWhenNamed) {
  const test::Folder folder;
  const auto shops = load_shops(folder.path("none"), test::plugins);
  ASSERT_EQ(shops.size(), 1u);
  ASSERT_EQ(shops[0].problems.size(), 1u);
  EXPECT_TRUE(shops[0].problems[0].message.starts_with("the folder cannot be read"));
  EXPECT_TRUE(load_shops("", test::plugins).empty());
}

TEST(StoredShop, IsCheckedLikeAFile) {
  const test::Folder folder;
  auto document = load(folder, kExample).shop.document;
  const auto good = check_shop(document, test::plugins);
  EXPECT_EQ(told(good.problems), Lines());
  EXPECT_EQ(good.shop.id, "shop-nl");
  EXPECT_EQ(good.shop.document, document);

  boost::json::value broken(document);
  broken.as_object()["poll_seconds"] = "300";
  broken.as_object()["unknown"] = 1;
  *json::find_value(broken, "/settings/account/region") = "FE";
  *json::find_value(broken, "/settings/account/authorization/refresh_token") = "${file:token}";
  const auto bad = check_shop(broken.as_object(), test::plugins);
  EXPECT_EQ(
      told(bad.problems),
      (Lines{"0 /settings/account/authorization/refresh_token: names a file by a relative path",
             "0 /poll_seconds: must be a whole number", "0 /unknown: is not known here",
             "0 /settings/account/marketplaces/0: must be one of JP, AU",
             "0 /settings/account/marketplaces/1: must be one of JP, AU"}));
}

TEST(StoredShop, MayHoldSecretsThatWereEntered) {
  const test::Folder folder;
  boost::json::value document(load(folder, kExample).shop.document);
  *json::find_value(document, "/settings/account/authorization/refresh_token") = "Atzr|invented";
  EXPECT_EQ(told(check_shop(document.as_object(), test::plugins).problems), Lines());
}

}  // namespace
}  // namespace marketplug::config::shop_config_test
