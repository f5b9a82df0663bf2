#include "host/json/return_codec.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "host/json/pointer.hpp"
#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::json::return_codec_test {
namespace {

TimePoint at(const char* text) { return parse_time(text).value(); }

ReturnLine full_line() {
  ReturnLine line;
  line.line_id = "L/1~\"";
  line.sku = "SKU-\"1\"";
  line.product_id = "B000000001";
  line.title = "Kop \u2615 & schotel\n2 stuks";
  line.quantity = 3;
  line.reason = "DEFECTIVE";
  line.resolution = "StandardRefund";
  line.condition = "SELLABLE";
  line.refund_amount = Money{1234, 2, "EUR"};
  line.attributes = R"({"label_cost":1.50})";
  line.buyer_comment = "Gebarsten, helaas. Fenna \u2764";
  return line;
}

BuyerReturn full_return() {
  BuyerReturn one;
  one.id = "DX1abc";
  one.order_id = "902-0000002-0000002";
  one.marketplace = "NL";
  one.state = ReturnState::kAuthorized;
  one.marketplace_status = "Approved";
  one.fulfilled_by = FulfilledBy::kMerchant;
  one.requested_at = at("2026-11-20T10:00:00Z");
  one.received_at = at("2026-11-22T10:00:00Z");
  one.changed_at = at("2026-11-22T10:00:00.123Z");
  one.carrier = "PostNL";
  one.tracking_number = "3STEST000000001";
  one.lines = {ReturnLine{}, full_line(), full_line()};
  one.lines[2].buyer_comment = "tweede";
  one.attributes = R"({"in_policy":true,"prime":[]})";
  return one;
}

const Schema& return_schema() {
  static const Schema kSchema = [] {
    std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/schemas/return.schema.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return Schema::compile(parse_or_throw(text, "return.schema.json"));
  }();
  return kSchema;
}

std::string errors_of(const std::string& text) {
  std::string lines;
  for (const auto& error : return_schema().validate(parse_or_throw(text, "return"))) {
    lines += error.pointer + " " + error.message + "\n";
  }
  return lines;
}

void expect_round_trip(const BuyerReturn& one) {
  const auto document = encode_return(one);
  const auto personal = encode_return_personal(one);
  const auto decoded = decode_return(document, personal);
  ASSERT_TRUE(decoded) << decoded.failure().message;
  EXPECT_EQ(decoded.value(), one);
  EXPECT_EQ(encode_return(decoded.value()), document);
  EXPECT_EQ(encode_return_personal(decoded.value()), personal);
  EXPECT_EQ(errors_of(join_return(R"({"shop":"shop-nl"})", document, personal)), "");
}

TEST(ReturnCodec, RoundTripsWhatIsEmpty) {
  EXPECT_EQ(encode_return(BuyerReturn()),
            R"({"id":"","order_id":"","state":"unknown","fulfilled_by":"unknown","lines":[]})");
  EXPECT_EQ(encode_return_personal(BuyerReturn()), "");
  expect_round_trip(BuyerReturn());
}

TEST(ReturnCodec, RoundTripsEveryMember) { expect_round_trip(full_return()); }

TEST(ReturnCodec, RoundTripsEveryEnumValue) {
  auto one = full_return();
  for (unsigned i = 0; i <= 5; ++i) {
    one.state = static_cast<ReturnState>(i);
    one.fulfilled_by = static_cast<FulfilledBy>(i % 3);
    expect_round_trip(one);
  }
  EXPECT_EQ(to_string(ReturnState::kRejected), "rejected");
  EXPECT_EQ(to_string(static_cast<ReturnState>(9)), "unknown");
}

// Lines need no id, and two may have the same one.
TEST(ReturnCodec, KeepsPersonalDataApartByTheLinesPlace) {
  const auto one = full_return();
  EXPECT_EQ(encode_return(one).find("Fenna"), std::string::npos);
  const auto personal = parse_or_throw(encode_return_personal(one), "personal");
  EXPECT_EQ(find_value(personal, "/lines/0"), nullptr);
  EXPECT_EQ(find_value(personal, "/lines/1/buyer_comment")->as_string(),
            one.lines[1].buyer_comment);
  EXPECT_EQ(*find_value(personal, "/lines/2/buyer_comment"), "tweede");
  const auto joined =
      parse_or_throw(join_return("", encode_return(one), encode_return_personal(one)), "joined");
  EXPECT_EQ(find_value(joined, "/lines/0/buyer_comment"), nullptr);
  EXPECT_EQ(find_value(joined, "/lines/1/buyer_comment")->as_string(), one.lines[1].buyer_comment);
  EXPECT_EQ(*find_value(joined, "/lines/2/buyer_comment"), "tweede");
  EXPECT_EQ(join_return("", encode_return(one), ""), encode_return(one));
  EXPECT_THROW(join_return("", "[]", ""), std::invalid_argument);
}

template <class Change>
std::string refusal(const Change& change) {
  auto one = full_return();
  change(one);
  try {
    encode_return(one);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(ReturnCodec, NamesTheReturnThatCannotBeKept) {
  EXPECT_EQ(refusal([](BuyerReturn&) {}), "");
  EXPECT_EQ(refusal([](BuyerReturn& r) { r.attributes = "[]"; }),
            "return DX1abc: \"attributes\" is not a JSON object that can be kept");
  EXPECT_NE(refusal([](BuyerReturn& r) { r.lines[1].attributes = "x"; }), "");
  EXPECT_EQ(refusal([](BuyerReturn& r) { r.lines[1].refund_amount->currency = "eur"; }),
            "return DX1abc: \"currency\" of an amount is not an ISO 4217 code");
  EXPECT_NE(refusal([](BuyerReturn& r) { r.lines[1].refund_amount->scale = 10; }), "");
}

struct Unreadable {
  const char* document;
  const char* personal;
  const char* pointer;
};
class DecodeReturnRefuses : public testing::TestWithParam<Unreadable> {};

TEST_P(DecodeReturnRefuses, WithThePlace) {
  const auto& given = GetParam();
  std::string document = given.document;
  if (const auto mark = document.find('$'); mark != std::string::npos) {
    document.replace(mark, 1, R"("order_id":"o","state":"closed","fulfilled_by":"unknown")");
  }
  const auto decoded = decode_return(document, given.personal);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.failure().kind, Failure::Kind::kInternal);
  EXPECT_FALSE(decoded.failure().remedy.empty());
  EXPECT_NE(decoded.failure().message.find("\"" + std::string(given.pointer) + "\""),
            std::string::npos)
      << decoded.failure().message;
  EXPECT_EQ(decoded.failure().message.find("Fenna"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DecodeReturnRefuses,
    testing::Values(Unreadable{"", "", ""}, Unreadable{"{}", "", "/id"},
                    Unreadable{R"({"id":"1",$})", "", "/lines"},
                    Unreadable{R"({"id":"1","lines":[],"refund":1,$})", "", "/refund"},
                    Unreadable{R"({"id":"1","lines":[{"sku":"a"}],$})", "", "/lines/0/quantity"},
                    Unreadable{R"({"id":"1","lines":[],"received_at":"soon",$})", "",
                               "/received_at"},
                    Unreadable{R"({"id":"1","state":"lost","lines":[]})", "", "/state"},
                    Unreadable{R"({"id":"1","lines":[],$})", R"({"buyer":"Fenna"})", "/buyer"},
                    Unreadable{R"({"id":"1","lines":[],$})", R"({"lines":{"0":{}}})", "/lines/0"},
                    Unreadable{R"({"id":"1","lines":[{"quantity":1}],$})", R"({"lines":{"00":{}}})",
                               "/lines/00"},
                    Unreadable{R"({"id":"1","lines":[{"quantity":1}],$})", R"({"lines":{"-1":{}}})",
                               "/lines/-1"},
                    Unreadable{R"({"id":"1","lines":[{"quantity":1}],$})",
                               R"({"lines":{"0":{"sku":"Fenna"}}})", "/lines/0/sku"}));

}  // namespace
}  // namespace marketplug::json::return_codec_test
