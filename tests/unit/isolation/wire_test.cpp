#include "host/isolation/wire.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "host/isolation/base64.hpp"

namespace marketplug::isolation {
namespace {

const TimePoint kTime{std::chrono::milliseconds{1'795'428'000'123}};

/// As it arrives on the other side.
boost::json::value over_the_wire(const boost::json::value& value) {
  return boost::json::parse(boost::json::serialize(value));
}

TEST(Base64, IsThatOfTheStandard) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
  for (const char* wrong : {"Z", "Zg", "Z===", "====", "Zm9v!mFy"}) {
    EXPECT_FALSE(decode_base64(wrong)) << wrong;
  }
}

TEST(Wire, BytesArriveAsTheyWere) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  for (const std::string& bytes :
       {std::string(), std::string("text"), std::string("\xc3\xa4\n\t\"\\"), all,
        std::string("a\0b", 3), std::string("\xff"), std::string(100, '\x01')}) {
    EXPECT_EQ(wire::text_of(over_the_wire(wire::text(bytes))), bytes);
  }
  EXPECT_TRUE(wire::text("plain \xc3\xa4").is_string());
  EXPECT_THROW(wire::text_of(boost::json::value(7)), std::exception);
  EXPECT_THROW(wire::text_of(boost::json::parse(R"({"base64":"?"})")), std::exception);
}

TEST(Wire, FailuresArriveAsTheyWere) {
  const Failure failure{Failure::Kind::kThrottled, "a", "b", "c", "d", kTime};
  EXPECT_EQ(wire::failure_of(over_the_wire(wire::failure(failure))), failure);
  EXPECT_EQ(wire::failure_of(over_the_wire(wire::failure({}))), Failure());
  EXPECT_THROW(wire::failure_of(boost::json::parse(R"({"kind":99,"retry_at":null})")),
               std::exception);
}

TEST(Wire, PagesArriveAsTheyWere) {
  Page<Order> page;
  Order& order = page.items.emplace_back();
  order.id = "171-1234567-1234567";
  order.state = OrderState::kPartiallyShipped;
  order.placed_at = kTime;
  order.changed_at = kTime;
  order.total = Money{1234, 2, "EUR"};
  order.attributes = R"({"a":[1,2]})";
  order.buyer = Buyer{"Test Person", "someone@example.org", "", ""};
  order.personal_attributes = R"({"b":1})";
  order.raw = "{\"x\": \"\xff\"}";
  order.lines.emplace_back().id = "1";
  order.lines[0].quantity = 2;
  order.lines[0].gift_message = "For you";
  order.lines[0].properties = {{"Text", "For you"}};
  page.parked.push_back({"9", "code", "/p", "message", "remedy", "raw", kTime});
  page.next.value = std::string("opaque\0\xfe", 8);
  page.caught_up = true;
  page.look_again_at = kTime;
  const auto arrived = wire::page_of(over_the_wire(wire::page(page)));
  EXPECT_EQ(arrived.items, page.items);
  EXPECT_EQ(arrived.parked, page.parked);
  EXPECT_EQ(arrived.next, page.next);
  EXPECT_TRUE(arrived.caught_up);
  EXPECT_EQ(arrived.look_again_at, page.look_again_at);
  EXPECT_EQ(arrived.complete_until, std::nullopt);
}

TEST(Wire, AnOrderThatCannotBeReadAgainIsParked) {
  Page<Order> page;
  page.items.resize(2);
  page.items[0].id = "odd";
  page.items[0].placed_at = std::chrono::sys_days{std::chrono::year{0} / 6 / 1};
  page.items[1].id = "fine";
  const auto arrived = wire::page_of(over_the_wire(wire::page(page)));
  ASSERT_EQ(arrived.items.size(), 1u);
  EXPECT_EQ(arrived.items[0].id, "fine");
  ASSERT_EQ(arrived.parked.size(), 1u);
  EXPECT_EQ(arrived.parked[0].id, "odd");
  EXPECT_EQ(arrived.parked[0].code, "invalid_order");
}

TEST(Wire, FindingsAndOptionsArriveAsTheyWere) {
  const std::vector<Finding> findings{
      {Finding::Severity::kError, "/orders", {"NL", "role", "operation"}, "m", "r", "l"}, {}};
  EXPECT_EQ(wire::findings_of(over_the_wire(wire::findings(findings))), findings);
  const std::vector<Option> options{{"NL", "Amazon.nl", "Europe", false, "not yours"}, {}};
  EXPECT_EQ(wire::options_of(over_the_wire(wire::options(options))), options);
}

TEST(Wire, HttpArrivesAsItWas) {
  HttpRequest request{"POST", "https://example.org/?a=b", {{"A", "b"}}, "\xff", "op", true, true};
  const auto sent = wire::request_of(over_the_wire(wire::request(request)));
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, request.url);
  EXPECT_EQ(sent.headers, request.headers);
  EXPECT_EQ(sent.body, "\xff");
  EXPECT_EQ(sent.operation, "op");
  EXPECT_TRUE(sent.repeatable);
  EXPECT_TRUE(sent.secret_url);
  const auto answer = wire::response_of(over_the_wire(wire::response({429, {{"X", "y"}}, "body"})));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("x"), "y");
  EXPECT_EQ(answer.body, "body");
  const DownloadLimits limits{1, 2, true, std::chrono::seconds{3}};
  const auto limited = wire::limits_of(over_the_wire(wire::limits(limits)));
  EXPECT_EQ(limited.max_bytes, 1u);
  EXPECT_EQ(limited.max_inflated, 2u);
  EXPECT_TRUE(limited.gunzip);
  EXPECT_EQ(limited.lifetime, limits.lifetime);
  const DocumentInfo info{"doc-1", 7, "text/plain", kTime};
  EXPECT_EQ(wire::document_of(over_the_wire(wire::document(info))), info);
}

TEST(Wire, OnlyObjectsAreFrames) {
  EXPECT_TRUE(wire::parse(R"({"a":1})"));
  for (const char* text : {"", "[]", "7", "{", "{}x", "{\"a\":\"\xff\"}"}) {
    EXPECT_FALSE(wire::parse(text)) << text;
  }
  EXPECT_FALSE(wire::parse(R"({"a":)" + std::string(1000, '[')));
}

}  // namespace
}  // namespace marketplug::isolation
