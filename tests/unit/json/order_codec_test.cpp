#include "host/json/order_codec.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>

#include "host/json/pointer.hpp"
#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::json::order_codec_test {
namespace {

TimePoint at(const char* text) { return parse_time(text).value(); }

Order minimal_order() {
  Order order;
  order.id = "902-0000001-0000001";
  return order;
}

Address full_address(const std::string& who) {
  return {who,       "Bakkerij Voorbeeld", "Voorbeeldstraat 1", "achter",         "bel 2",
          "Utrecht", "Binnenstad",         "Utrecht",           "Utrecht",        "01067",
          "NL",      "+31 30 0000000",     "residential",       R"({"lat":1.50})"};
}

OrderLine full_line(const std::string& id) {
  OrderLine line;
  line.id = id;
  line.sku = "SKU-\"1\"";
  line.product_id = "B000000001";
  line.title = "Kop \u2615 & \U0001F600 \\ schotel\n2 stuks";
  line.quantity = 3;
  line.quantity_shipped = 1;
  line.quantity_open = 2;
  line.unit_price = Money{1234, 2, "EUR"};
  line.total = Money{-500, 2, "EUR"};
  line.charges = {{"item", "", "CHARGED", {3702, 2, "EUR"}}, {"tax", "item", "", {1200, 0, "JPY"}}};
  line.tax_scheme = "IOSS";
  line.promotions = {"P-1", "P-2"};
  line.programs = {"TRANSPARENCY"};
  line.cancel_requested = Cancellation{"buyer", "NO_LONGER_NEEDED"};
  line.cancelled = Cancellation{};
  line.deliver_by = {at("2026-11-24T00:00:00Z"), std::nullopt};
  line.attributes = R"({"condition":"new","n":[1,2.50,{}]})";
  line.gift_message = "Fijne dag, Fenna!\n\u2764";
  line.customization_url = "https://example.com/c.zip?a=1&b=2";
  line.properties = {{"Front / Tekst", "Voor Wout \u2764\n2026"}, {"Kleur", ""}, {"Kleur", "rood"}};
  line.personal_attributes = R"({"engraving":"F"})";
  return line;
}

Order full_order() {
  Order order;
  order.id = "902-0000002-0000002";
  order.merchant_number = "M-1";
  order.marketplace = "NL";
  order.marketplace_id = "A1805IZSGTT6HS";
  order.sales_channel = "Amazon.nl";
  order.state = OrderState::kPartiallyShipped;
  order.marketplace_status = "PARTIALLY_SHIPPED";
  order.correction_reasons = {"currency of line 2 differs"};
  order.fulfilled_by = FulfilledBy::kMerchant;
  order.placed_at = at("2026-11-20T10:00:00Z");
  order.changed_at = at("2026-11-21T10:00:00.123Z");
  order.ship_by = {at("2026-11-21T00:00:00Z"), at("2026-11-22T00:00:00Z")};
  order.deliver_by = {std::nullopt, at("2026-11-25T22:59:59Z")};
  order.delivery_country = "NL";
  order.service_level = "STANDARD";
  order.programs = {"PRIME", "AMAZON_BUSINESS"};
  order.related = {{"902-0000009-0000009", "replacement_of"}, {"902-1", ""}};
  order.total = Money{3702, 2, "EUR"};
  order.charges = {{"shipping", "", "", {0, 2, "EUR"}}};
  order.payments = {{"CashOnDelivery", "cash_on_delivery", Money{3702, 3, "EUR"}, R"({"x":1})"},
                    {"Other", "", {}, ""}};
  order.lines = {full_line("L/1~\""), OrderLine{}};
  order.lines[1].id = "L2";
  order.lines[1].quantity = -1;
  Parcel parcel;
  parcel.reference = "R1";
  parcel.carrier = "PostNL";
  parcel.service = "Standaard";
  parcel.tracking_number = "3STEST000000001";
  parcel.status = "DELIVERED";
  parcel.created_at = at("2026-11-21T08:00:00Z");
  parcel.shipped_at = at("2026-11-21T09:00:00Z");
  parcel.ship_from = full_address("Magazijn");
  parcel.items = {{"L2", 1, {"CODE-1"}}, {"L/1~\"", 2, {}}};
  parcel.attributes = R"({"weight":"1 kg"})";
  order.parcels = {parcel, Parcel{}};
  order.personal_data = PersonalData::kPresent;
  order.attributes = R"({"payment_details":["COD"]})";
  order.buyer = Buyer{"Fenna de Test", "x1y2@marketplace.example", "Voorbeeld BV", "PO-7"};
  order.recipient = full_address("Fenna de Test");
  order.tax_registrations = {{"buyer", "Voorbeeld BV", "VAT", "NL000000000B00",
                              full_address("Voorbeeld BV"), R"({"y":true})"},
                             {"marketplace", "", "IOSS", "", {}, ""}};
  order.personal_attributes = R"({"note":"bel eerst"})";
  return order;
}

const Schema& order_schema() {
  static const Schema kSchema = [] {
    std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/schemas/order.schema.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return Schema::compile(parse_or_throw(text, "order.schema.json"));
  }();
  return kSchema;
}

std::string errors_of(const std::string& text) {
  std::string lines;
  for (const auto& error : order_schema().validate(parse_or_throw(text, "order"))) {
    lines += error.pointer + " " + error.message + "\n";
  }
  return lines;
}

void expect_round_trip(const Order& order) {
  const auto document = encode_order(order);
  const auto personal = encode_order_personal(order);
  const auto decoded = decode_order(document, personal);
  ASSERT_TRUE(decoded) << decoded.failure().message;
  EXPECT_EQ(decoded.value(), order);
  EXPECT_EQ(encode_order(decoded.value()), document);
  EXPECT_EQ(encode_order_personal(decoded.value()), personal);
  EXPECT_EQ(errors_of(join_order("", document, personal)), "");
}

TEST(OrderCodec, RoundTripsAMinimalOrder) {
  EXPECT_EQ(encode_order(minimal_order()),
            R"({"id":"902-0000001-0000001","state":"needs_correction","fulfilled_by":"unknown",)"
            R"("placed_at":"1970-01-01T00:00:00Z","changed_at":"1970-01-01T00:00:00Z","lines":[],)"
            R"("personal_data":"not_asked"})");
  EXPECT_EQ(encode_order_personal(minimal_order()), "");
  expect_round_trip(minimal_order());
  expect_round_trip(Order{});
}

TEST(OrderCodec, RoundTripsEveryMember) { expect_round_trip(full_order()); }

TEST(OrderCodec, RoundTripsEveryEnumValue) {
  auto order = minimal_order();
  for (unsigned i = 0; i <= 5; ++i) {
    order.state = static_cast<OrderState>(i);
    order.fulfilled_by = static_cast<FulfilledBy>(i % 3);
    order.personal_data = static_cast<PersonalData>(i % 3);
    expect_round_trip(order);
  }
}

TEST(OrderCodec, RoundTripsAmountsExactly) {
  auto order = minimal_order();
  for (const auto& money :
       {Money{0, 0, "JPY"}, Money{12000, 0, "JPY"}, Money{-1, 2, "EUR"}, Money{12340, 3, "EUR"},
        Money{std::numeric_limits<std::int64_t>::max(), 9, "EUR"},
        Money{std::numeric_limits<std::int64_t>::min(), 0, "EUR"}}) {
    order.total = money;
    expect_round_trip(order);
  }
}

TEST(OrderCodec, KeepsPersonalDataOutOfTheDocument) {
  const auto order = full_order();
  const auto document = encode_order(order);
  for (const char* secret : {"Fenna", "x1y2", "Voorbeeld BV", "PO-7", "NL000000000B00", "bel eerst",
                             "example.com/c.zip", "Voor Wout", "engraving"}) {
    EXPECT_EQ(document.find(secret), std::string::npos) << secret;
  }
  const auto personal = parse_or_throw(encode_order_personal(order), "personal");
  EXPECT_EQ(personal.at("buyer").at("name"), "Fenna de Test");
  EXPECT_EQ(*find_value(personal, "/lines/L~11~0\"/gift_message"), "Fijne dag, Fenna!\n\u2764");
  EXPECT_EQ(find_value(personal, "/lines/L2"), nullptr);
}

TEST(OrderCodec, KeepsAttributesAsWritten) {
  auto order = minimal_order();
  order.attributes = "{ \"price\" : 1.50 ,\n \"big\" : 1e5 }";
  const auto document = encode_order(order);
  EXPECT_NE(document.find(R"("attributes":{"price":1.50,"big":1e5})"), std::string::npos);
  EXPECT_EQ(document.find('\n'), std::string::npos);
  EXPECT_EQ(decode_order(document, "").value().attributes, R"({"price":1.50,"big":1e5})");
}

TEST(OrderCodec, ReplacesWhatJsonAndTheStoreCannotHold) {
  auto order = minimal_order();
  order.marketplace_status = std::string("a\0b\xFF\xC3", 5) + "\x01\x7F\xE2\x82\xAC";
  const auto document = encode_order(order);
  const auto decoded = decode_order(document, "");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded.value().marketplace_status, "a\uFFFDb\uFFFD\uFFFD\x01\x7F\u20AC");
  ParseError error;
  EXPECT_TRUE(strict_parse(document, error)) << to_text(error);
}

template <class Change>
std::string refusal(const Change& change) {
  auto order = full_order();
  change(order);
  try {
    encode_order(order);
    encode_order_personal(order);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(OrderCodec, NamesTheOrderThatCannotBeKept) {
  const std::string start = "order 902-0000002-0000002: ";
  EXPECT_EQ(refusal([](Order&) {}), "");
  for (const char* text : {"[]", "{", "{\"a\":1,\"a\":2}", "null", "{\"a\":1e999}"}) {
    EXPECT_EQ(refusal([&](Order& o) { o.attributes = text; }),
              start + "\"attributes\" is not a JSON object that can be kept");
  }
  EXPECT_NE(refusal([](Order& o) { o.lines[0].attributes = "x"; }), "");
  EXPECT_NE(refusal([](Order& o) { o.lines[0].personal_attributes = "x"; }), "");
  EXPECT_NE(refusal([](Order& o) { o.recipient->attributes = "x"; }), "");
  EXPECT_NE(refusal([](Order& o) {
              o.attributes = "{\"a\":" + std::string(60, '[') + std::string(60, ']') + "}";
            }),
            "");
  for (const char* currency : {"", "eur", "EURO", "E1R"}) {
    EXPECT_EQ(refusal([&](Order& o) { o.total->currency = currency; }),
              start + "\"currency\" of an amount is not an ISO 4217 code");
  }
  EXPECT_NE(refusal([](Order& o) { o.total->scale = 10; }), "");
  EXPECT_EQ(refusal([](Order& o) { o.lines[1].id = o.lines[0].id; }),
            start + "\"lines\" has one id twice");
}

TEST(OrderCodec, JoinsLinesWithTheirPersonalMembers) {
  auto order = full_order();
  const auto joined = join_order(R"({"shop":"shop-nl","status":"open"})", encode_order(order),
                                 encode_order_personal(order));
  EXPECT_TRUE(joined.starts_with(R"({"shop":"shop-nl","status":"open","id":"902-)")) << joined;
  EXPECT_EQ(errors_of(joined), "");
  const auto value = parse_or_throw(joined, "joined");
  EXPECT_EQ(value.at("lines").at(0).at("gift_message"), "Fijne dag, Fenna!\n\u2764");
  EXPECT_EQ(value.at("lines").at(1).as_object().if_contains("gift_message"), nullptr);
  EXPECT_EQ(value.at("recipient").at("postal_code"), "01067");
  EXPECT_EQ(join_order(R"({"shop":"shop-nl","status":"open"})", encode_order(order),
                       encode_order_personal(order)),
            joined);
}

TEST(OrderCodec, JoinsWhateverIsThere) {
  const auto order = full_order();
  const auto document = encode_order(order);
  EXPECT_EQ(join_order("", document, ""), document);
  EXPECT_EQ(join_order("", "", ""), "{}");
  EXPECT_EQ(join_order(R"({"shop":"s"})", "", ""), R"({"shop":"s"})");
  const auto only_personal = join_order("", "", encode_order_personal(order));
  EXPECT_EQ(parse_or_throw(only_personal, "x").as_object().if_contains("lines"), nullptr);
  EXPECT_EQ(join_order(R"({"id":"mine"})", encode_order(minimal_order()), "").find("902-"),
            std::string::npos);
  EXPECT_THROW(join_order("[]", document, ""), std::invalid_argument);
  EXPECT_THROW(join_order("", "{", ""), std::invalid_argument);
  EXPECT_THROW(join_order("", document, "x"), std::invalid_argument);
}

struct Unreadable {
  const char* document;
  const char* personal;
  const char* pointer;
};

class DecodeOrderRefuses : public testing::TestWithParam<Unreadable> {};

TEST_P(DecodeOrderRefuses, WithThePlace) {
  const auto& given = GetParam();
  const std::string base =
      R"("state":"open","fulfilled_by":"unknown","placed_at":"1970-01-01T00:00:00Z",)"
      R"("changed_at":"1970-01-01T00:00:00Z","personal_data":"missing")";
  std::string document = given.document;
  if (const auto mark = document.find('$'); mark != std::string::npos) {
    document.replace(mark, 1, base);
  }
  const auto decoded = decode_order(document, given.personal);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.failure().kind, Failure::Kind::kInternal);
  EXPECT_FALSE(decoded.failure().remedy.empty());
  EXPECT_NE(decoded.failure().message.find("\"" + std::string(given.pointer) + "\""),
            std::string::npos)
      << decoded.failure().message;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DecodeOrderRefuses,
    testing::Values(
        Unreadable{"", "", ""}, Unreadable{"[]", "", ""}, Unreadable{"{}", "", "/id"},
        Unreadable{R"({"id":"1",$})", "", "/lines"},
        Unreadable{R"({"id":1,"lines":[],$})", "", "/id"},
        Unreadable{R"({"id":"1","lines":[],"new_member":1,$})", "", "/new_member"},
        Unreadable{R"({"id":"1","lines":[{"id":"a"}],$})", "", "/lines/0/quantity"},
        Unreadable{R"({"id":"1","lines":[{"id":"a","quantity":1.5}],$})", "", "/lines/0/quantity"},
        Unreadable{R"({"id":"1","lines":[],"total":{"amount":"1,5","currency":"EUR"},$})", "",
                   "/total"},
        Unreadable{R"({"id":"1","lines":[],"total":{"amount":"1"},$})", "", "/total"},
        Unreadable{R"({"id":"1","lines":[],"ship_by":{"latest":"tomorrow"},$})", "",
                   "/ship_by/latest"},
        Unreadable{R"({"id":"1","lines":[],"attributes":[],$})", "", "/attributes"},
        Unreadable{R"({"id":"1","state":"lost","lines":[]})", "", "/state"},
        Unreadable{R"({"id":"1","lines":[],$} x)", "", ""},
        Unreadable{R"({"id":"1","lines":[],$})", "{", ""},
        Unreadable{R"({"id":"1","lines":[],$})", R"({"buyer":1})", "/buyer"},
        Unreadable{R"({"id":"1","lines":[],$})", R"({"x":1})", "/x"},
        Unreadable{R"({"id":"1","lines":[],$})", R"({"lines":{"a":{}}})", "/lines/a"},
        Unreadable{R"({"id":"1","lines":[{"id":"a","quantity":1}],$})",
                   R"({"lines":{"a":{"sku":"x"}}})", "/lines/a/sku"}));

TEST(OrderCodec, FailuresQuoteNoPersonalData) {
  const auto decoded = decode_order(encode_order(minimal_order()),
                                    R"({"buyer":{"name":"Fenna de Test","email":7}})");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.failure().message.find("Fenna"), std::string::npos);
}

TEST(ContentHash, ChangesWithEverythingTheMarketplaceSaid) {
  const auto hash = content_hash(full_order());
  EXPECT_EQ(hash.size(), 64u);
  EXPECT_EQ(content_hash(full_order()), hash);
  EXPECT_EQ(content_hash(encode_order(full_order()), encode_order_personal(full_order())), hash);
  const auto changed = [&](auto change) {
    auto order = full_order();
    change(order);
    return content_hash(order) != hash;
  };
  EXPECT_TRUE(changed([](Order& o) { o.recipient->line1 += "a"; }));
  EXPECT_TRUE(changed([](Order& o) { o.lines[0].gift_message.clear(); }));
  EXPECT_TRUE(changed([](Order& o) { o.lines[0].properties.back().value = "blauw"; }));
  EXPECT_TRUE(changed([](Order& o) { o.attributes = "{}"; }));
  EXPECT_TRUE(changed([](Order& o) { o.total->units += 1; }));
  EXPECT_FALSE(changed([](Order& o) { o.raw = "{}"; }));
  // SHA-256 of "a\nb".
  EXPECT_EQ(content_hash("a", "b"),
            "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78");
}

/// 13,000 orders a second over the whole host leave the codec a small part of 77 microseconds.
/// The bound is wide enough for sanitizers and busy machines, and narrow enough to catch a
/// codec that went quadratic.
TEST(OrderCodec, IsQuickEnoughForTheHotPath) {
  auto order = full_order();
  for (int i = 0; i < 200; ++i) order.lines.push_back(full_line(std::to_string(i)));
  const auto start = std::chrono::steady_clock::now();
  std::size_t bytes = 0;
  for (int i = 0; i < 20; ++i) {
    const auto document = encode_order(order);
    const auto personal = encode_order_personal(order);
    bytes += document.size() + personal.size() + content_hash(document, personal).size();
  }
  const auto spent = std::chrono::steady_clock::now() - start;
  std::printf("%.2f MB/s\n",
              static_cast<double>(bytes) / std::chrono::duration<double>(spent).count() / 1e6);
  EXPECT_LT(spent, std::chrono::seconds(5));
}

}  // namespace
}  // namespace marketplug::json::order_codec_test
