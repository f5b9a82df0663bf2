#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(OrderOperations, ListFiltersAndPages) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("a", "1", "open", 3);
  bench.add_order("a", "2", "in_picking", 2);
  bench.add_order("b", "3", "open", 1);
  const auto ids = [&](boost::json::object parameters) {
    std::string text;
    const auto answer = bench.call("orders.list", std::move(parameters));
    for (const auto& order : answer.at("orders").as_array()) {
      text += std::string(order.at("id").as_string());
    }
    return text;
  };
  EXPECT_EQ(ids({}), "321");
  EXPECT_EQ(ids({{"oldest_first", true}}), "123");
  EXPECT_EQ(ids({{"shop", "a"}}), "21");
  EXPECT_EQ(ids({{"status", "in_picking"}}), "2");
  EXPECT_EQ(ids({{"state", "cancelled"}}), "");
  EXPECT_EQ(ids({{"placed_from", "2026-11-23T09:58:30Z"}}), "3");
  const auto first = bench.call("orders.list", {{"limit", 2}});
  EXPECT_EQ(ids({{"limit", 2}, {"after", first.at("next")}}), "1");
  EXPECT_EQ(bench.problem("orders.list", {{"shop", "x"}}).status(), 404);
}

TEST(OrderOperations, AListedOrderIsASummaryWithoutPersonalData) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  const auto order = bench.call("orders.list").at("orders").at(0);
  EXPECT_EQ(order.at("total").at("amount"), "12.30");
  EXPECT_EQ(order.at("lines"), 1);
  EXPECT_EQ(order.at("marketplace_status"), "UNSHIPPED");
  EXPECT_EQ(order.at("priority"), 70);
  EXPECT_EQ(boost::json::serialize(order).find("Juno"), std::string::npos);
}

TEST(OrderOperations, PersonalDataOnlyWhereAskedForAndThenAudited) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  const auto bare = bench.call("orders.show", {{"order", "1"}});
  EXPECT_EQ(bare.at("shop"), "a");
  EXPECT_EQ(bare.at("status"), "open");
  EXPECT_EQ(bare.at("priority"), 70);
  EXPECT_FALSE(bare.as_object().contains("recipient"));
  EXPECT_EQ(bench.audited("order.personal_read"), 0u);
  const auto whole = bench.call("orders.show", {{"order", "1"}, {"personal", true}});
  EXPECT_EQ(whole.at("recipient").at("name"), "Juno Voorbeeld");
  EXPECT_EQ(whole.at("lines").at(0).at("quantity"), 2);
  EXPECT_EQ(bench.audited("order.personal_read"), 1u);
}

TEST(OrderOperations, AnIdThatTwoShopsHaveNeedsTheShop) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("a", "1");
  bench.add_order("b", "1");
  EXPECT_EQ(bench.problem("orders.show", {{"order", "1"}}).code(), "ambiguous_order");
  EXPECT_EQ(bench.call("orders.show", {{"order", "1"}, {"shop", "b"}}).at("shop"), "b");
  EXPECT_EQ(bench.problem("orders.show", {{"order", "2"}}).status(), 404);
  EXPECT_EQ(bench.problem("orders.show", {{"order", "2"}, {"shop", "a"}}).status(), 404);
}

TEST(OrderOperations, ExportGivesEveryOrderOnceOverAllPages) {
  Bench bench;
  bench.add_shop("a");
  bench.write("a", [&](store::ShopTransaction& transaction) {
    for (int i = 0; i < 405; ++i) {
      transaction.upsert_order(bench.row("order-" + std::to_string(1000 + i), "open", 1000 - i));
    }
  });
  const auto summary = bench.call("orders.export", {{"personal", true}});
  EXPECT_EQ(summary.at("exported"), 405);
  ASSERT_EQ(bench.emitted.size(), 405u);
  EXPECT_EQ(bench.emitted.front().at("id"), "order-1000");
  EXPECT_EQ(bench.emitted.back().at("id"), "order-1404");
  EXPECT_EQ(bench.emitted.back().at("recipient").at("name"), "Juno Voorbeeld");
  EXPECT_EQ(bench.audited("order.personal_list"), 3u);
  EXPECT_EQ(bench.call("orders.export", {{"limit", 201}}).at("exported"), 201);
  EXPECT_FALSE(bench.emitted.front().as_object().contains("recipient"));
}

TEST(OrderOperations, AnExportThatIsStoppedSaysWhereToGoOn) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  bench.stopping = true;
  EXPECT_EQ(bench.problem("orders.export").status(), 503);
}

TEST(OrderOperations, AListenerThatThrowsEndsTheExport) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  struct Gone {};
  EXPECT_THROW(bench.backend->call("orders.export", {}, [](const auto&) { throw Gone{}; }), Gone);
}

// contacts: { name_detail, address_detail }

class ContactDetailOfOrders : public ::testing::Test {
 protected:
  void SetUp() override {
    choose("single", "single");
    auto row = bench_.row("1", "open", 0);
    Order order = json::decode_order(row.document, row.personal).value();
    order.recipient->name = "Juno van der Voorbeeld";
    order.recipient->line1 = "Teststraat 12 A bis";
    order.recipient->line2 = "t.a.v. Receptie";
    order.recipient->country = "NL";
    order.buyer.emplace();
    order.buyer->name = "Proef B.V.";
    order.tax_registrations.emplace_back();
    order.tax_registrations.back().address = order.recipient;
    row.document = json::encode_order(order);
    row.personal = json::encode_order_personal(order);
    row.content_hash = json::content_hash(order);
    bench_.write("a", [&](store::ShopTransaction& transaction) { transaction.upsert_order(row); });
  }

  void choose(const std::string& names, const std::string& addresses) {
    bench_.add_shop("a", "store", true,
                    R"({"id":"a","plugin":"fake","settings":{},"contacts":{"name_detail":")" +
                        names + R"(","address_detail":")" + addresses + R"("}})");
  }

  boost::json::value shown(bool personal = true) {
    return bench_.call("orders.show", {{"order", "1"}, {"personal", personal}});
  }

  Bench bench_;
};

TEST_F(ContactDetailOfOrders, SingleGivesTheMarketplacesFieldsAlone) {
  const auto order = shown();
  EXPECT_EQ(order.at("recipient").at("line1"), "Teststraat 12 A bis");
  EXPECT_EQ(boost::json::serialize(order).find("_parts"), std::string::npos);
}

TEST_F(ContactDetailOfOrders, SplitPutsThePartsBesideTheMarketplacesFields) {
  const auto single = shown();
  choose("split", "split");
  auto order = shown();
  auto& recipient = order.at("recipient").as_object();
  EXPECT_EQ(boost::json::serialize(recipient.at("name_parts")),
            R"({"split":true,"given":"Juno","infix":"van der","family":"Voorbeeld"})");
  EXPECT_EQ(boost::json::serialize(recipient.at("address_parts")),
            R"({"split":true,"kind":"street","street":"Teststraat","house_number":"12",)"
            R"("extension":"A bis","additional":"t.a.v. Receptie"})");
  EXPECT_EQ(boost::json::serialize(order.at("buyer").at("name_parts")), R"({"split":false})");
  auto& tax = order.at("tax_registrations").at(0).at("address").as_object();
  EXPECT_EQ(tax.at("address_parts"), recipient.at("address_parts"));
  for (auto* address : {&recipient, &tax}) {
    address->erase("name_parts");
    address->erase("address_parts");
  }
  order.at("buyer").as_object().erase("name_parts");
  EXPECT_EQ(order, single) << "nothing else changes, and nothing was stored";
}

TEST_F(ContactDetailOfOrders, EachOfTheTwoIsChosenAlone) {
  choose("split", "single");
  EXPECT_TRUE(shown().at("recipient").as_object().contains("name_parts"));
  EXPECT_FALSE(shown().at("recipient").as_object().contains("address_parts"));
  choose("single", "split");
  EXPECT_FALSE(shown().at("recipient").as_object().contains("name_parts"));
  EXPECT_TRUE(shown().at("recipient").as_object().contains("address_parts"));
}

TEST_F(ContactDetailOfOrders, AnExportFollowsEachShopsOwnChoice) {
  choose("split", "split");
  bench_.add_shop("b");
  bench_.add_order("b", "2");
  bench_.call("orders.export", {{"personal", true}});
  ASSERT_EQ(bench_.emitted.size(), 2u);
  for (const auto& order : bench_.emitted) {
    EXPECT_EQ(order.at("recipient").as_object().contains("name_parts"), order.at("shop") == "a");
  }
}

TEST_F(ContactDetailOfOrders, WithoutPersonalDataThereIsNothingToSplit) {
  choose("split", "split");
  EXPECT_EQ(boost::json::serialize(shown(false)).find("_parts"), std::string::npos);
}

TEST_F(ContactDetailOfOrders, TheAnswerFitsItsSchema) {
  std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/schemas/order.schema.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto schema = json::Schema::compile(json::parse_or_throw(text, "order.schema.json"));
  choose("split", "split");
  for (const auto& error : schema.validate(shown())) {
    ADD_FAILURE() << error.pointer << " " << error.message;
  }
}

// vat_rates, payment_types, currency

class FinancesOfOrders : public ::testing::Test {
 protected:
  void SetUp() override {
    bench_.add_shop("a", "store", true,
                    R"({"id":"a","plugin":"fake","settings":{},"currency":"EUR",)"
                    R"("vat_rates":{"NL":{"standard":21}},"payment_types":{"default":"pay"}})");
    auto row = bench_.row("1", "open", 0);
    Order order = json::decode_order(row.document, row.personal).value();
    const auto eur = [](const char* amount) { return parse_money(amount, "EUR").value(); };
    order.total = eur("131.00");
    order.lines[0].total = eur("121.00");
    order.lines[0].charges = {{"item", "", "", eur("100.00")}, {"tax", "", "", eur("21.00")}};
    order.lines.push_back(order.lines[0]);
    order.lines[1].id = "2";
    order.lines[1].total = eur("10.00");
    order.lines[1].charges = {{"item", "", "", eur("9.99")}};
    row.document = json::encode_order(order);
    row.content_hash = json::content_hash(order);
    bench_.write("a", [&](store::ShopTransaction& transaction) { transaction.upsert_order(row); });
  }

  boost::json::value shown() { return bench_.call("orders.show", {{"order", "1"}}); }

  Bench bench_;
};

TEST_F(FinancesOfOrders, AreShownByTheShopsSettings) {
  const auto order = shown();
  EXPECT_EQ(boost::json::serialize(order.at("lines").at(0).at("vat")),
            R"({"tariff":"standard","rate":"21"})");
  EXPECT_EQ(boost::json::serialize(order.at("lines").at(1).at("vat")), R"({"tariff":"unmatched"})");
  EXPECT_EQ(boost::json::serialize(order.at("payments")),
            R"([{"type":"pay","amount":{"amount":"131.00","currency":"EUR"}}])");
  ASSERT_EQ(order.at("flags").as_array().size(), 2u);
  EXPECT_EQ(order.at("flags").at(0).at("code"), "unreconciled");
  EXPECT_EQ(order.at("flags").at(0).at("pointer"), "/lines/1/total");
  EXPECT_EQ(order.at("flags").at(1).at("code"), "vat_unmatched");
}

TEST_F(FinancesOfOrders, ASettingChangedLaterHoldsForWhatIsStoredAlready) {
  bench_.add_shop("a", "store", true,
                  R"({"id":"a","plugin":"fake","settings":{},"currency":"SEK"})");
  const auto order = shown();
  EXPECT_FALSE(order.at("lines").at(0).as_object().contains("vat"));
  EXPECT_EQ(order.at("flags").at(1).at("code"), "other_currency");
}

TEST_F(FinancesOfOrders, FitTheirSchemaInTheExportToo) {
  std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/schemas/order.schema.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto schema = json::Schema::compile(json::parse_or_throw(text, "order.schema.json"));
  const auto order = shown();
  bench_.call("orders.export");
  ASSERT_EQ(bench_.emitted.size(), 1u);
  EXPECT_EQ(bench_.emitted[0], order);
  for (const auto& error : schema.validate(order)) {
    ADD_FAILURE() << error.pointer << " " << error.message;
  }
}

// exports: { buyer_cancel }

TEST(ExportsOfAnOrder, AreShownByTheRulesAndTheShopsChoice) {
  Bench bench;
  const auto shown = [&](const char* buyer_cancel) {
    bench.add_shop("a", "store", true,
                   R"({"id":"a","plugin":"fake","settings":{},"exports":{"buyer_cancel":")" +
                       std::string(buyer_cancel) + R"("}})");
    auto row = bench.row("1", "open", 0);
    Order order = json::decode_order(row.document, row.personal).value();
    order.fulfilled_by = FulfilledBy::kMerchant;
    order.lines[0].cancel_requested = Cancellation{"buyer", "NO_LONGER_NEEDED"};
    row.document = json::encode_order(order);
    row.content_hash = json::content_hash(order);
    bench.write("a", [&](store::ShopTransaction& transaction) { transaction.upsert_order(row); });
    return boost::json::serialize(bench.call("orders.show", {{"order", "1"}}).at("exports"));
  };
  EXPECT_EQ(shown("hold"), R"({"shipment":{"answer":"held","code":"buyer_cancel","reason":)"
                           R"("The buyer asks to cancel; a person or the back office decides."},)"
                           R"("cancellation":{"answer":"allowed"},)"
                           R"("refund":{"answer":"refused","code":"not_shipped","reason":)"
                           R"("Nothing of the order is shipped: cancel it instead."}})");
  EXPECT_EQ(shown("pass").find(R"({"shipment":{"answer":"allowed"})"), 0u);
}

}  // namespace
}  // namespace marketplug::api
