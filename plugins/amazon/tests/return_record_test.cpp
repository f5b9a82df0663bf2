#include "src/return_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/amazon/tests/harness.hpp"

namespace marketplug::amazon {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tests::kSettings;

Settings settings_with(const std::string& marketplaces, bool pii = true) {
  std::string text = kSettings;
  text.replace(text.find(R"(["NL", "DE"])"), 12, marketplaces);
  if (!pii) text.replace(text.find("\"pii_access\": true"), 18, "\"pii_access\": false");
  return parse_settings(text);
}

ReturnRecord announced() {
  ReturnRecord record;
  record.texts = {{"order_id", "408-0000001-0000001"},
                  {"order_date", "2026-11-03T17:08:47Z"},
                  {"amazon_rma_id", "DExampleRRMA"},
                  {"return_request_date", "2026-11-12T12:44:17Z"},
                  {"return_request_status", "Approved"},
                  {"a_to_z_claim", "false"},
                  {"is_prime", "N"},
                  {"currency_code", "EUR"},
                  {"label_cost", "4.14"},
                  {"label_type", "AmazonUnPaidLabel"},
                  {"return_carrier", "DHL"},
                  {"tracking_id", "JD01"},
                  {"order_quantity", "3"}};
  record.items = {{{"item_name", "Mug"},
                   {"asin", "B000000001"},
                   {"return_reason_code", "AMZ-PG-BAD-DESC"},
                   {"merchant_sku", "MUG-1"},
                   {"in_policy", "Y"},
                   {"return_quantity", "2"},
                   {"resolution", "StandardRefund"},
                   {"refund_amount", "59.90"}}};
  return record;
}

ReturnRecord arrived() {
  ReturnRecord record;
  record.texts = {{"order_id", "408-0000001-0000001"},
                  {"return_date", "2026-11-14T09:00:00+00:00"},
                  {"sku", "MUG-1"},
                  {"asin", "B000000001"},
                  {"fnsku", "X0001"},
                  {"product_name", "Mug"},
                  {"quantity", "1"},
                  {"fulfillment_center_id", "AMS1"},
                  {"detailed_disposition", "SELLABLE"},
                  {"reason", "UNWANTED_ITEM"},
                  {"status", "Unit returned to inventory"},
                  {"license_plate_number", "LPN1"},
                  {"customer_comments", "My neighbour Jane has the same"}};
  return record;
}

Page<BuyerReturn> merchant(const ReturnRecord& record, const Settings& settings) {
  Page<BuyerReturn> page;
  add_merchant_return(record, settings, page);
  return page;
}

TEST(AmazonReturn, OfTheSellerIsMappedWhole) {
  const auto page = merchant(announced(), settings_with(R"(["NL"])"));
  ASSERT_EQ(page.items.size(), 1u);
  BuyerReturn expected;
  expected.id = "DExampleRRMA";
  expected.order_id = "408-0000001-0000001";
  expected.marketplace = "NL";
  expected.state = ReturnState::kAuthorized;
  expected.marketplace_status = "Approved";
  expected.fulfilled_by = FulfilledBy::kMerchant;
  expected.requested_at = parse_time("2026-11-12T12:44:17Z");
  expected.carrier = "DHL";
  expected.tracking_number = "JD01";
  expected.attributes =
      R"({"order_date":"2026-11-03T17:08:47Z","a_to_z_claim":"false","is_prime":"N",)"
      R"("label_type":"AmazonUnPaidLabel","label_cost":"4.14","order_quantity":"3",)"
      R"("currency_code":"EUR"})";
  ReturnLine line;
  line.sku = "MUG-1";
  line.product_id = "B000000001";
  line.title = "Mug";
  line.quantity = 2;
  line.reason = "AMZ-PG-BAD-DESC";
  line.resolution = "StandardRefund";
  line.refund_amount = Money{5990, 2, "EUR"};
  line.attributes = R"({"in_policy":"Y"})";
  expected.lines = {line};
  EXPECT_EQ(page.items[0], expected);
}

TEST(AmazonReturn, ThatAmazonReceivedIsMappedWhole) {
  Page<BuyerReturn> page;
  add_fba_return(arrived(), settings_with(R"(["NL", "DE"])"), page);
  ASSERT_EQ(page.items.size(), 1u);
  BuyerReturn expected;
  expected.id = "408-0000001-0000001/LPN1";
  expected.order_id = "408-0000001-0000001";
  expected.state = ReturnState::kReceived;
  expected.marketplace_status = "Unit returned to inventory";
  expected.fulfilled_by = FulfilledBy::kMarketplace;
  expected.received_at = parse_time("2026-11-14T09:00:00Z");
  ReturnLine line;
  line.sku = "MUG-1";
  line.product_id = "B000000001";
  line.title = "Mug";
  line.quantity = 1;
  line.reason = "UNWANTED_ITEM";
  line.condition = "SELLABLE";
  line.attributes =
      R"({"fnsku":"X0001","fulfillment_center_id":"AMS1","license_plate_number":"LPN1"})";
  line.buyer_comment = "My neighbour Jane has the same";
  expected.lines = {line};
  EXPECT_EQ(page.items[0], expected);
}

TEST(AmazonReturn, CommentsAreLeftOutWhereTheShopWantsNoPersonalData) {
  const Settings without = settings_with(R"(["NL"])", false);
  Page<BuyerReturn> page;
  add_fba_return(arrived(), without, page);
  EXPECT_EQ(page.items.at(0).lines.at(0).buyer_comment, "");
  ReturnRecord nameless = arrived();
  nameless.texts.erase("order_id");
  add_fba_return(nameless, without, page);
  EXPECT_THAT(page.parked.at(0).raw, Not(HasSubstr("Jane")));
  EXPECT_THAT(page.parked.at(0).raw, HasSubstr("MUG-1"));
}

TEST(AmazonReturn, WithoutAnOrderIsParkedAndTheOthersGoOn) {
  const Settings settings = settings_with(R"(["NL"])");
  ReturnRecord nameless = announced();
  nameless.texts["order_id"] = "not an id";
  Page<BuyerReturn> page = merchant(nameless, settings);
  add_merchant_return(announced(), settings, page);
  EXPECT_EQ(page.items.size(), 1u);
  ASSERT_EQ(page.parked.size(), 1u);
  EXPECT_EQ(page.parked[0].id, "DExampleRRMA");
  EXPECT_EQ(page.parked[0].code, "missing_field");
  EXPECT_EQ(page.parked[0].pointer, "/return/order_id");
  EXPECT_THAT(page.parked[0].raw, HasSubstr(R"("items":[{"asin":"B000000001")"));
  EXPECT_FALSE(page.parked[0].remedy.empty());
  EXPECT_EQ(merchant(ReturnRecord(), settings).parked.at(0).raw, "{}");
}

TEST(AmazonReturn, WithoutAnRmaHasAnIdThatStays) {
  const Settings settings = settings_with(R"(["NL"])");
  ReturnRecord record = announced();
  record.texts["merchant_rma_id"] = "OWN-7";
  record.texts.erase("amazon_rma_id");
  EXPECT_EQ(merchant(record, settings).items.at(0).id, "OWN-7");
  record.texts.erase("merchant_rma_id");
  EXPECT_EQ(merchant(record, settings).items.at(0).id, "408-0000001-0000001/2026-11-12");
  record.texts["return_request_date"] = "12-Nov-2026";
  EXPECT_EQ(merchant(record, settings).items.at(0).id, "408-0000001-0000001/2026-11-12")
      << "the flat file tells the day alone";
}

TEST(AmazonReturn, RowsOfOneReturnAreItsLines) {
  const Settings settings = settings_with(R"(["NL"])");
  Page<BuyerReturn> page = merchant(announced(), settings);
  ReturnRecord second = announced();
  second.items[0]["merchant_sku"] = "CUP-1";
  add_merchant_return(second, settings, page);
  ASSERT_EQ(page.items.size(), 1u);
  ASSERT_EQ(page.items[0].lines.size(), 2u);
  EXPECT_EQ(page.items[0].lines[1].sku, "CUP-1");
}

TEST(AmazonReturn, AUnitThatIsToldTwiceIsOne) {
  const Settings settings = settings_with(R"(["NL"])");
  Page<BuyerReturn> page;
  add_fba_return(arrived(), settings, page);
  ReturnRecord again = arrived();
  again.texts["return_date"] = "2026-11-16T09:00:00+00:00";
  add_fba_return(again, settings, page);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].lines.size(), 1u);
  EXPECT_EQ(page.items[0].received_at, parse_time("2026-11-16T09:00:00Z"));
  ReturnRecord bare = arrived();
  bare.texts.erase("license_plate_number");
  add_fba_return(bare, settings, page);
  add_fba_return(bare, settings, page);
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[1].id, "408-0000001-0000001/MUG-1/2026-11-14");
  EXPECT_EQ(page.items[1].lines.size(), 2u) << "units without a number are lines of one return";
}

TEST(AmazonReturn, AnItemThatIsToldTwiceCountsOnceWhereOnlyOneWasOrdered) {
  const Settings settings = settings_with(R"(["NL"])");
  ReturnRecord record = announced();
  record.items.push_back(record.items[0]);
  EXPECT_EQ(merchant(record, settings).items.at(0).lines.size(), 1u) << "four of three";
  record.texts["order_quantity"] = "4";
  EXPECT_EQ(merchant(record, settings).items.at(0).lines.size(), 2u);
  record.texts.erase("order_quantity");
  EXPECT_EQ(merchant(record, settings).items.at(0).lines.size(), 2u);
}

TEST(AmazonReturn, MoneyIsExactOrKeptAsText) {
  ReturnRecord record = announced();
  record.texts.erase("currency_code");
  EXPECT_EQ(merchant(record, settings_with(R"(["NL", "DE"])")).items[0].lines[0].refund_amount,
            (Money{5990, 2, "EUR"}))
      << "all marketplaces of the shop have one currency";
  const auto mixed = merchant(record, settings_with(R"(["NL", "SE"])")).items[0].lines[0];
  EXPECT_FALSE(mixed.refund_amount);
  EXPECT_THAT(mixed.attributes, HasSubstr(R"("refund_amount":"59.90")"));
  for (const char* text : {"$59.90", "59,90", "1.234,50", "NaN", "1e3"}) {
    record.items[0]["refund_amount"] = text;
    const auto line = merchant(record, settings_with(R"(["NL"])")).items[0].lines[0];
    EXPECT_FALSE(line.refund_amount) << text;
    EXPECT_THAT(line.attributes, HasSubstr(text));
  }
}

TEST(AmazonReturn, OddQuantitiesAndDatesAreNotGuessed) {
  const Settings settings = settings_with(R"(["NL"])");
  for (const char* text : {"", "x", "1.5", "-1", "99999999999999999999", "2 "}) {
    ReturnRecord record = announced();
    record.items[0]["return_quantity"] = text;
    EXPECT_EQ(merchant(record, settings).items[0].lines[0].quantity, 0) << text;
  }
  EXPECT_EQ(return_time("14-Jul-2025"), parse_time("2025-07-14T00:00:00Z"));
  EXPECT_EQ(return_time("01-DEC-2025"), parse_time("2025-12-01T00:00:00Z"));
  EXPECT_EQ(return_time("2026-09-29"), parse_time("2026-09-29T00:00:00Z"));
  for (const char* text : {"", "31-Feb-2025", "14-Xyz-2025", "14/07/2025", "1-Jul-2025", "soon"}) {
    EXPECT_EQ(return_time(text), std::nullopt) << text;
  }
}

TEST(AmazonReturn, StatesAreThoseOfItsWords) {
  const std::pair<const char*, ReturnState> cases[] = {
      {"Approved", ReturnState::kAuthorized},
      {"Pending Approval", ReturnState::kRequested},
      {"Completed", ReturnState::kClosed},
      {"Cancelled", ReturnState::kClosed},
      {"Denied", ReturnState::kRejected},
      {"Genehmigt", ReturnState::kUnknown},
      {"", ReturnState::kUnknown}};
  for (const auto& [word, state] : cases) EXPECT_EQ(state_of_return_word(word), state) << word;
  const Settings settings = settings_with(R"(["NL"])");
  ReturnRecord record = announced();
  record.texts["return_delivery_date"] = "20-Nov-2026";
  EXPECT_EQ(merchant(record, settings).items[0].state, ReturnState::kReceived);
  EXPECT_EQ(merchant(record, settings).items[0].received_at, parse_time("2026-11-20T00:00:00Z"));
  record.texts["return_request_status"] = "Completed";
  EXPECT_EQ(merchant(record, settings).items[0].state, ReturnState::kClosed);
}

}  // namespace
}  // namespace marketplug::amazon
