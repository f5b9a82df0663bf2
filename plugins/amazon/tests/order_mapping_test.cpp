#include "src/order_mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <string>

#include "plugins/amazon/tests/harness.hpp"
#include "src/json.hpp"

namespace marketplug::amazon {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

json::value plain_order() {
  return json::parse(tests::order_json("1-1-1", "2026-11-22T10:00:00Z"));
}

json::value& at(json::value& from, std::string_view pointer) {
  return pointer.empty() ? from : from.at_pointer(pointer);
}

/// Puts a value, parsed from text, under a key of the object at a pointer.
void put(json::value& order, std::string_view pointer, std::string_view key,
         std::string_view text) {
  at(order, pointer).as_object()[key] = json::parse(text);
}

Order mapped(const json::value& source, const MappingOptions& options = {}) {
  MappedOrder out = map_order(source, options);
  EXPECT_TRUE(out.order) << (out.parked ? out.parked->message : "");
  return out.order.value_or(Order{});
}

ParkedItem parked(const json::value& source, const MappingOptions& options = {}) {
  MappedOrder out = map_order(source, options);
  EXPECT_TRUE(out.parked);
  EXPECT_FALSE(out.order);
  return out.parked.value_or(ParkedItem{});
}

struct StatusCase {
  const char* amazon;
  OrderState state;
};

class AmazonStatus : public ::testing::TestWithParam<StatusCase> {};

TEST_P(AmazonStatus, BecomesTheHostsState) {
  json::value source = plain_order();
  at(source, "/fulfillment/fulfillmentStatus") = GetParam().amazon;
  const Order order = mapped(source);
  EXPECT_EQ(order.state, GetParam().state);
  EXPECT_EQ(order.marketplace_status, GetParam().amazon);
  EXPECT_EQ(order.correction_reasons.empty(), order.state != OrderState::kNeedsCorrection);
}

INSTANTIATE_TEST_SUITE_P(
    All, AmazonStatus,
    ::testing::Values(StatusCase{"PENDING_AVAILABILITY", OrderState::kPending},
                      StatusCase{"PENDING", OrderState::kPending},
                      StatusCase{"UNSHIPPED", OrderState::kOpen},
                      StatusCase{"PARTIALLY_SHIPPED", OrderState::kPartiallyShipped},
                      StatusCase{"SHIPPED", OrderState::kShipped},
                      StatusCase{"CANCELLED", OrderState::kCancelled},
                      StatusCase{"UNFULFILLABLE", OrderState::kNeedsCorrection},
                      StatusCase{"BRAND_NEW", OrderState::kNeedsCorrection},
                      StatusCase{"unshipped", OrderState::kNeedsCorrection}));

TEST(AmazonOrder, WithoutAStatusNeedsAPerson) {
  json::value source = plain_order();
  source.as_object().erase("fulfillment");
  const Order order = mapped(source);
  EXPECT_EQ(order.state, OrderState::kNeedsCorrection);
  EXPECT_THAT(order.correction_reasons, ElementsAre(HasSubstr("without a status")));
}

TEST(AmazonOrder, WithoutLinesNeedsAPersonUnlessCancelled) {
  json::value source = plain_order();
  put(source, "", "orderItems", "[]");
  EXPECT_EQ(mapped(source).state, OrderState::kNeedsCorrection);
  at(source, "/fulfillment/fulfillmentStatus") = "CANCELLED";
  EXPECT_EQ(mapped(source).state, OrderState::kCancelled);
}

TEST(AmazonOrder, UnknownWordsAreKept) {
  json::value source = plain_order();
  at(source, "/fulfillment/fulfilledBy") = "ROBOTS";
  put(source, "", "programs", R"(["PRIME","BRAND_NEW"])");
  put(source, "", "associatedOrders",
      R"([{"orderId":"9","associationType":"SIBLING"},
          {"orderId":"8","associationType":"REPLACEMENT_ORIGINAL_ID"},
          {"orderId":"7","associationType":"EXCHANGE_ORIGINAL_ID"}])");
  put(source, "", "orderAliases",
      R"([{"aliasType":"SELLER_ORDER_ID","aliasId":"A"},{"aliasType":"NEW","aliasId":"B"},
          {"aliasType":"SELLER_ORDER_ID","aliasId":"C"}])");
  const Order order = mapped(source);
  EXPECT_EQ(order.fulfilled_by, FulfilledBy::kUnknown);
  EXPECT_THAT(order.attributes, HasSubstr(R"("fulfilled_by":"ROBOTS")"));
  EXPECT_THAT(order.programs, ElementsAre("PRIME", "BRAND_NEW"));
  EXPECT_THAT(order.related,
              ElementsAre(RelatedOrder{"9", "SIBLING"}, RelatedOrder{"8", "replacement_of"},
                          RelatedOrder{"7", "exchange_of"}));
  EXPECT_EQ(order.merchant_number, "A");
  EXPECT_THAT(
      order.attributes,
      HasSubstr(R"("aliases":[{"type":"NEW","id":"B"},{"type":"SELLER_ORDER_ID","id":"C"}])"));
}

TEST(AmazonOrder, AMarketplaceThatNobodyKnowsKeepsItsId) {
  json::value source = plain_order();
  at(source, "/salesChannel/marketplaceId") = "A38D8NSA03LJTC";
  at(source, "/salesChannel/channelName") = "NON_AMAZON";
  const Order order = mapped(source);
  EXPECT_EQ(order.marketplace, "A38D8NSA03LJTC");
  EXPECT_EQ(order.marketplace_id, "A38D8NSA03LJTC");
  EXPECT_EQ(order.attributes, R"({"channel":"NON_AMAZON"})");
  EXPECT_EQ(mapped(plain_order()).marketplace, "NL");
}

TEST(AmazonOrder, ChargesKeepTheirMeaning) {
  json::value source = plain_order();
  put(source, "/orderItems/0", "proceeds",
      R"({"breakdowns":[{"type":"TAX","subtotal":{"amount":"4.00","currencyCode":"EUR"},
          "detailedBreakdowns":[{"subtype":"SHIPPING","value":{"amount":"1.00","currencyCode":"EUR"}},
                                {"value":{"amount":"3.00","currencyCode":"EUR"}}]},
          {"type":"DISCOUNT","subtotal":{"amount":"-2.5","currencyCode":"EUR"}}]})");
  put(source, "", "proceeds",
      R"({"breakdowns":[{"type":"DELIVERY_TIP","status":"PENDING",
          "subtotal":{"amount":"5","currencyCode":"EUR"}}]})");
  const Order order = mapped(source);
  EXPECT_THAT(order.lines[0].charges, ElementsAre(Charge{"tax", "", "", {400, 2, "EUR"}},
                                                  Charge{"tax", "shipping", "", {100, 2, "EUR"}},
                                                  Charge{"tax", "other", "", {300, 2, "EUR"}},
                                                  Charge{"discount", "", "", {-25, 1, "EUR"}}));
  EXPECT_THAT(order.charges, ElementsAre(Charge{"delivery_tip", "", "PENDING", {5, 0, "EUR"}}));
}

TEST(AmazonOrder, AGiftIsOneEvenWithoutAMessage) {
  json::value source = plain_order();
  put(source, "/orderItems/0", "fulfillment", R"({"packing":{"giftOption":{}}})");
  EXPECT_EQ(mapped(source).lines[0].attributes, R"({"gift":true})");
}

TEST(AmazonOrder, CancellationsNameWho) {
  json::value source = plain_order();
  put(source, "/orderItems/0", "cancellation",
      R"({"cancellationRequest":{"requester":"BUYER","cancelReason":"late"},
          "cancellationExecution":{"cancelledBy":"AMAZON"}})");
  const Order order = mapped(source);
  EXPECT_EQ(order.lines[0].cancel_requested, (Cancellation{"buyer", "late"}));
  EXPECT_EQ(order.lines[0].cancelled, (Cancellation{"marketplace", ""}));
}

TEST(AmazonOrder, EmptyObjectsAndNullsAreNothing) {
  json::value source = plain_order();
  for (const char* key : {"buyer", "recipient", "proceeds", "payment", "tax"}) {
    put(source, "", key, "{}");
  }
  for (const char* key : {"packages", "fulfillmentOrders", "programs", "associatedOrders"}) {
    put(source, "", key, "null");
  }
  put(source, "/orderItems/0", "expense", "null");
  const Order order = mapped(source);
  Order expected = mapped(plain_order());
  EXPECT_EQ(order, expected);
}

// ---- personal data --------------------------------------------------------------------------

json::value personal_order() {
  json::value source = plain_order();
  put(source, "", "buyer", R"({"buyerName":"Secret Buyer","buyerEmail":"secret@example.org"})");
  put(source, "", "recipient",
      R"({"deliveryAddress":{"name":"Secret Person","addressLine1":"Secretstraat 1"},
          "deliveryPreference":{"addressInstruction":"Secret door"}})");
  put(source, "", "tax",
      R"({"taxRegistrations":[{"entityType":"BUYER","legalName":"Secret Ltd"}]})");
  put(source, "/orderItems/0/product", "customization",
      R"({"customizedUrl":"https://example.org/Secret"})");
  put(source, "/orderItems/0", "fulfillment",
      R"({"packing":{"giftOption":{"giftMessage":"Secret wish","giftWrapLevel":"PLAIN"}}})");
  put(source, "/orderItems/0", "newThing", R"({"who":"Secret Field"})");
  put(source, "", "odd/na~me", R"("Secret Name")");
  return source;
}

TEST(AmazonPersonalData, AreMappedWhereTheShopMayReadThem) {
  const Order order = mapped(personal_order(), {true, true});
  EXPECT_EQ(order.personal_data, PersonalData::kPresent);
  ASSERT_TRUE(order.buyer && order.recipient);
  EXPECT_EQ(order.buyer->name, "Secret Buyer");
  EXPECT_EQ(order.recipient->line1, "Secretstraat 1");
  EXPECT_EQ(order.tax_registrations[0].name, "Secret Ltd");
  EXPECT_EQ(order.lines[0].gift_message, "Secret wish");
  EXPECT_EQ(order.lines[0].customization_url, "https://example.org/Secret");
  EXPECT_EQ(order.personal_attributes,
            R"({"delivery_preference":{"address_instruction":"Secret door"},)"
            R"("unknown":{"/orderItems/0/newThing":{"who":"Secret Field"},)"
            R"("/odd~1na~0me":"Secret Name"}})");
  EXPECT_THAT(order.attributes + order.lines[0].attributes, Not(HasSubstr("Secret")));
}

TEST(AmazonPersonalData, AreNowhereWhereTheShopMayNot) {
  const Order order = mapped(personal_order(), {false, true});
  EXPECT_EQ(order.personal_data, PersonalData::kNotAsked);
  Order expected = mapped(personal_order(), {true, true});
  EXPECT_FALSE(order.buyer || order.recipient);
  EXPECT_THAT(order.tax_registrations, IsEmpty());
  EXPECT_THAT(order.raw, Not(HasSubstr("Secret")));
  EXPECT_THAT(order.raw, HasSubstr("\"giftWrapLevel\":\"PLAIN\""));
  EXPECT_TRUE(order.personal_attributes.empty());
  EXPECT_TRUE(order.lines[0].gift_message.empty() && order.lines[0].customization_url.empty());
  EXPECT_THAT(order.lines[0].attributes, HasSubstr("\"gift\":true"));
  EXPECT_EQ(map_order(personal_order(), {false, true}).unknown.size(), 2u);
  for (const char* damage : {"[[{\"buyer\":\"Secret\"}]]", "{\"name\":\"Secret\"}"}) {
    json::value source = personal_order();
    at(source, "/fulfillment") = json::parse(damage);
    EXPECT_THAT(map_order(source, {false, true}).parked.value_or(ParkedItem{}).raw,
                Not(HasSubstr("Secret")));
  }
}

TEST(AmazonPersonalData, AreNotInAParkedOrderEither) {
  json::value source = personal_order();
  at(source, "/orderItems/0/quantityOrdered") = "x";
  const ParkedItem item = parked(source, {false, false});
  EXPECT_THAT(item.raw, Not(HasSubstr("Secret")));
  EXPECT_THAT(item.raw, HasSubstr("\"orderId\":\"1-1-1\""));
  EXPECT_THAT(parked(source, {true, false}).raw, HasSubstr("Secret Person"));
  JsonReader reader;
  const MappedOrder damaged =
      map_order_text(R"({"orderId":"1","name":"Secret\q"})", {false, false}, reader);
  EXPECT_EQ(damaged.parked.value_or(ParkedItem{}).raw, "{}");
}

TEST(AmazonPersonalData, AreMissingWhereNobodyCouldDeliver) {
  json::value source = plain_order();
  EXPECT_EQ(mapped(source).personal_data, PersonalData::kMissing);
  put(source, "", "recipient",
      R"({"deliveryAddress":{"name":"","addressLine1":"","city":"Delft","countryCode":"NL"}})");
  EXPECT_EQ(mapped(source).personal_data, PersonalData::kMissing);
  EXPECT_EQ(mapped(source).recipient->city, "Delft");
}

// ---- what is not accepted -------------------------------------------------------------------

struct BadCase {
  const char* pointer;  ///< the value to replace; ends in "-" to erase
  const char* value;
  const char* code;
  const char* where;
};

class AmazonBadOrder : public ::testing::TestWithParam<BadCase> {};

TEST_P(AmazonBadOrder, IsParkedWithItsPlace) {
  const BadCase& bad = GetParam();
  json::value source = plain_order();
  const std::string pointer = bad.pointer;
  const std::size_t slash = pointer.rfind('/');
  json::object& parent = at(source, pointer.substr(0, slash)).as_object();
  if (std::string(bad.value) == "-") {
    parent.erase(pointer.substr(slash + 1));
  } else {
    parent[pointer.substr(slash + 1)] = json::parse(bad.value);
  }
  const ParkedItem item = parked(source);
  EXPECT_EQ(item.code, bad.code) << item.message;
  EXPECT_EQ(item.pointer, bad.where);
  EXPECT_FALSE(item.message.empty());
  EXPECT_FALSE(item.remedy.empty());
  EXPECT_EQ(json::parse(item.raw), json::parse(to_text(source)));
}

INSTANTIATE_TEST_SUITE_P(
    Required, AmazonBadOrder,
    ::testing::Values(BadCase{"/orderId", "-", "missing_field", ""},
                      BadCase{"/orderId", "null", "missing_field", ""},
                      BadCase{"/orderId", "\"\"", "missing_field", ""},
                      BadCase{"/orderId", "\"a b\"", "bad_text", "/orderId"},
                      BadCase{"/orderId", "7", "wrong_type", "/orderId"},
                      BadCase{"/createdTime", "-", "missing_field", ""},
                      BadCase{"/lastUpdatedTime", "-", "missing_field", ""},
                      BadCase{"/salesChannel", "-", "missing_field", ""},
                      BadCase{"/salesChannel", "[]", "wrong_type", "/salesChannel"},
                      BadCase{"/orderItems", "-", "missing_field", ""},
                      BadCase{"/orderItems", "{}", "wrong_type", "/orderItems"},
                      BadCase{"/orderItems/0/orderItemId", "-", "missing_field", "/orderItems/0"},
                      BadCase{"/orderItems/0/orderItemId", "12345678901234567890", "wrong_type",
                              "/orderItems/0/orderItemId"},
                      BadCase{"/orderItems/0/quantityOrdered", "-", "missing_field",
                              "/orderItems/0"},
                      BadCase{"/orderItems/0/product", "-", "missing_field", "/orderItems/0"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, AmazonBadOrder,
    ::testing::Values(
        BadCase{"/createdTime", "\"yesterday\"", "bad_time", "/createdTime"},
        BadCase{"/createdTime", "1700000000", "wrong_type", "/createdTime"},
        BadCase{"/orderItems/0/quantityOrdered", "-1", "bad_number",
                "/orderItems/0/quantityOrdered"},
        BadCase{"/orderItems/0/quantityOrdered", "1.5", "bad_number",
                "/orderItems/0/quantityOrdered"},
        BadCase{"/orderItems/0/quantityOrdered", "123456789012345678901234567890", "bad_number",
                "/orderItems/0/quantityOrdered"},
        BadCase{"/orderItems/0/quantityOrdered", "\"2\"", "wrong_type",
                "/orderItems/0/quantityOrdered"},
        BadCase{"/orderItems/0/measurement", R"({"unit":"GRAMS","value":1e30})", "bad_number",
                "/orderItems/0/measurement/value"},
        BadCase{"/orderItems/0/proceeds",
                R"({"proceedsTotal":{"amount":12.5,"currencyCode":"EUR"}})", "wrong_type",
                "/orderItems/0/proceeds/proceedsTotal/amount"},
        BadCase{"/orderItems/0/proceeds",
                R"({"proceedsTotal":{"amount":"1e3","currencyCode":"EUR"}})", "bad_money",
                "/orderItems/0/proceeds/proceedsTotal"},
        BadCase{"/orderItems/0/proceeds", R"({"proceedsTotal":{"amount":"1"}})", "missing_field",
                "/orderItems/0/proceeds/proceedsTotal"},
        BadCase{"/proceeds", R"({"grandTotal":{"amount":"1","currencyCode":"euro"}})", "bad_money",
                "/proceeds/grandTotal"},
        BadCase{"/proceeds", R"({"breakdowns":[{"type":"TAX"}]})", "missing_field",
                "/proceeds/breakdowns/0"},
        BadCase{"/proceeds", R"({"breakdowns":[{"subtotal":{"amount":"1","currencyCode":"EUR"}}]})",
                "missing_field", "/proceeds/breakdowns/0"},
        BadCase{"/buyer", R"({"buyerName":"a\u0000b"})", "bad_text", "/buyer/buyerName"},
        BadCase{"/buyer", "\"Jansen\"", "wrong_type", "/buyer"},
        BadCase{"/programs", R"(["PRIME",{}])", "wrong_type", "/programs/1"},
        BadCase{"/packages", R"([7])", "wrong_type", "/packages/0"},
        BadCase{"/fulfillment/shipByWindow", R"({"latestDateTime":"soon"})", "bad_time",
                "/fulfillment/shipByWindow/latestDateTime"}));

/// None of them is a number, however much it looks like one.
TEST(AmazonOrder, IdsStayStrings) {
  json::value source = plain_order();
  at(source, "/orderId") = "007";
  json::object& item = at(source, "/orderItems/0").as_object();
  item["orderItemId"] = "00012345678901234567890123456789";
  item["product"].as_object()["sellerSku"] = "1e3";
  const Order order = mapped(source);
  EXPECT_EQ(order.id, "007");
  ASSERT_EQ(order.lines.size(), 1u);
  EXPECT_EQ(order.lines[0].id, "00012345678901234567890123456789");
  EXPECT_EQ(order.lines[0].sku, "1e3");
}

TEST(AmazonOrder, ATextOfTenMegabytesIsParked) {
  json::value source = plain_order();
  at(source, "/orderItems/0/product/title") = std::string(10u << 20, 'x');
  EXPECT_EQ(parked(source).code, "too_long");
}

TEST(AmazonOrder, TheSameLineTwiceIsParked) {
  json::value source = plain_order();
  json::array& items = at(source, "/orderItems").as_array();
  items.push_back(json::value(items[0]));
  const ParkedItem item = parked(source);
  EXPECT_EQ(item.code, "duplicate_line");
  EXPECT_EQ(item.pointer, "/orderItems/1");
}

TEST(AmazonOrder, AShipDateIn1995IsNoReasonToStop) {
  json::value source = plain_order();
  put(source, "/fulfillment", "shipByWindow", R"({"earliestDateTime":"1995-01-01T00:00:00Z"})");
  EXPECT_EQ(mapped(source).ship_by.earliest, parse_time("1995-01-01T00:00:00Z"));
}

TEST(AmazonOrder, AParkedOrderKeepsWhatCanBeRead) {
  json::value source = plain_order();
  at(source, "/orderItems") = 7;
  const ParkedItem item = parked(source);
  EXPECT_EQ(item.id, "1-1-1");
  EXPECT_EQ(item.changed_at, parse_time("2026-11-22T10:00:00Z"));
}

TEST(AmazonOrder, MessagesOfParkedOrdersHoldNoValues) {
  json::value source = personal_order();
  put(source, "/buyer", "buyerName", R"({"x":"Secret Buyer"})");
  const ParkedItem item = parked(source);
  EXPECT_THAT(item.message + item.remedy, Not(HasSubstr("Secret")));
}

struct Damage {
  const char* what;
  std::string text;
};

class AmazonOrderDamage : public ::testing::TestWithParam<Damage> {};

TEST_P(AmazonOrderDamage, IsParkedWithPlaceIdAndDocument) {
  const std::string text = R"({"orderId":"2-2-2","x":)" + GetParam().text + "}";
  JsonReader reader;
  const MappedOrder out = map_order_text(text, {}, reader);
  ASSERT_TRUE(out.parked) << GetParam().what;
  EXPECT_FALSE(out.order);
  EXPECT_EQ(out.parked->id, "2-2-2");
  EXPECT_EQ(out.parked->code, "not_json");
  EXPECT_THAT(out.parked->message, HasSubstr(" at byte "));
  EXPECT_THAT(out.parked->raw, HasSubstr("2-2-2"));
  const auto good = map_order_text(tests::order_json("1-1-1", "2026-11-22T10:00:00Z"), {}, reader);
  EXPECT_TRUE(good.order) << "the next one is read";
}

INSTANTIATE_TEST_SUITE_P(
    All, AmazonOrderDamage,
    ::testing::Values(
        Damage{"invalid UTF-8", "\"\xff\xfe\""}, Damage{"lone surrogate", "\"\\ud800\""},
        Damage{"too deep", std::string(40, '[') + std::string(40, ']')}, Damage{"NaN", "NaN"},
        Damage{"bad escape", "\"\\q\""}, Damage{"control character", "\"a\nb\""},
        Damage{"NUL", "\"\\u0000\""}, Damage{"a name twice", R"({"a":1,"a":2})"},
        Damage{"30 digits", "123456789012345678901234567890"}, Damage{"beyond a double", "1e400"}));

TEST(AmazonOrderText, TheRawDocumentIsAmazonsOwnText) {
  JsonReader reader;
  const std::string text = " " + tests::order_json("1-1-1", "2026-11-22T10:00:00Z");
  MappingOptions options;
  options.keep_raw = true;
  EXPECT_EQ(map_order_text(text, options, reader).order.value_or(Order{}).raw, text);
}

/// Every value replaced by every other type: accepted or parked, never anything else.
TEST(AmazonOrder, NoTypeAtNoPlaceCrashes) {
  json::value source = personal_order();
  put(source, "", "proceeds",
      R"({"grandTotal":{"amount":"1","currencyCode":"EUR"},"breakdowns":[]})");
  put(source, "", "packages", R"([{"packageReferenceId":"1","packageStatus":{"status":"X"}}])");
  const char* others[] = {"null", "true", "7", "-1.5", "\"x\"", "[]", "[[]]", "{}", "{\"x\":[{}]}"};
  int tried = 0;
  const std::function<void(json::value&)> replace_below = [&](json::value& value) {
    const json::value original = value;
    for (const char* other : others) {
      value = json::parse(other);
      for (const bool personal : {true, false}) {
        const MappedOrder out = map_order(source, {personal, true});
        EXPECT_NE(out.order.has_value(), out.parked.has_value());
        ++tried;
      }
    }
    value = original;
    if (json::object* object = value.if_object()) {
      for (auto& [key, inner] : *object) replace_below(inner);
    } else if (json::array* array = value.if_array()) {
      for (json::value& inner : *array) replace_below(inner);
    }
  };
  replace_below(source);
  EXPECT_GT(tried, 600);
}

// ---- who pays the tax, and how the buyer pays

struct TaxCase {
  const char* name;
  const char* tax;
  const char* scheme;
};

class AmazonTaxScheme : public ::testing::TestWithParam<TaxCase> {};

TEST_P(AmazonTaxScheme, IsNamedWhereAmazonCollects) {
  json::value source = plain_order();
  put(source, "/orderItems/0", "tax", GetParam().tax);
  EXPECT_EQ(mapped(source).lines[0].tax_scheme, GetParam().scheme);
}

INSTANTIATE_TEST_SUITE_P(
    All, AmazonTaxScheme,
    ::testing::Values(
        TaxCase{"Nothing", "{}", ""},
        TaxCase{"Ioss", R"({"taxCalculationBreakdowns":[{"reportingScheme":"IOSS"}]})", "IOSS"},
        TaxCase{"Uoss", R"({"taxCalculationBreakdowns":[{"reportingScheme":"UOSS"}]})", "UOSS"},
        TaxCase{"Facilitator",
                R"({"taxCollections":[{"model":"MARKETPLACE_FACILITATOR",)"
                R"("responsibleParty":"Amazon Services, Inc."}]})",
                "MARKETPLACE_FACILITATOR"},
        TaxCase{"Both",
                R"({"taxCollections":[{"model":"MARKETPLACE_FACILITATOR"}],)"
                R"("taxCalculationBreakdowns":[{"reportingScheme":"IOSS"}]})",
                "IOSS"}),
    [](const auto& tax) { return std::string(tax.param.name); });

TEST(AmazonOrder, PaymentsThatComeLaterAreKnown) {
  json::value source = plain_order();
  put(source, "", "payment",
      R"({"paymentExecutions":[{"paymentMethod":"CashOnDelivery"},{"paymentMethod":"Invoice"},)"
      R"({"paymentMethod":"CreditCard"}]})");
  const Order order = mapped(source);
  ASSERT_EQ(order.payments.size(), 3u);
  EXPECT_EQ(order.payments[0].kind, "cash_on_delivery");
  EXPECT_EQ(order.payments[1].kind, "invoice");
  EXPECT_EQ(order.payments[2].kind, "");
}

TEST(AmazonOrder, CashOnDeliveryIsKnownFromTheLinesToo) {
  json::value source = plain_order();
  put(source, "/orderItems/0", "fulfillment",
      R"({"shipping":{"shippingConstraints":{"cashOnDelivery":"MANDATORY"}}})");
  Order order = mapped(source);
  ASSERT_EQ(order.payments.size(), 1u);
  EXPECT_EQ(order.payments[0].method, "CashOnDelivery");
  EXPECT_EQ(order.payments[0].kind, "cash_on_delivery");
  put(source, "", "payment", R"({"paymentExecutions":[{"paymentMethod":"CreditCard"}]})");
  order = mapped(source);
  ASSERT_EQ(order.payments.size(), 1u);
  EXPECT_EQ(order.payments[0].method, "CreditCard") << "what Amazon tells wins";
}

}  // namespace
}  // namespace marketplug::amazon
