// Everything that sinks take and give arrives as it was, and what is not as it must be is refused.
#include "host/isolation/wire_sinks.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

#include "host/isolation/sink_calls.hpp"
#include "tests/unit/isolation/fillers.hpp"

namespace marketplug::isolation {
namespace {

using test::arrived;
using test::expect_faithful;
using test::whole;
using ::testing::HasSubstr;

TEST(WireSinks, ObjectsOfEverySinkArriveAsTheyWere) {
  AllSinks::each([]<class Sink>() { expect_faithful<typename SinkCalls<Sink>::Item>(); });
}

TEST(WireSinks, OutcomesAndVerdictsArriveAsTheyWere) {
  expect_faithful<ItemOutcome>();
  expect_faithful<ItemVerdict>();
}

// A member that a table forgets would be lost on the way to a worker.
TEST(WireSinks, NoTableForgetsAMember) {
  AllSinks::each(
      []<class Sink>() { EXPECT_TRUE(whole(typename SinkCalls<Sink>::Item())) << Sink::kId; });
  EXPECT_TRUE(whole(SinkStep()));
  EXPECT_TRUE(whole(VerifyStep()));
}

TEST(WireSinks, MoneyIsExactDecimalText) {
  OfferPrice price;
  price.price = {1234000, 5, "EUR"};
  EXPECT_EQ(boost::json::serialize(wire::fields(price)),
            R"({"key":"","price":{"amount":"12.34000","currency":"EUR"}})");
  for (const auto units :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    price.price = {units, 9, "JPY"};
    EXPECT_EQ(arrived(price), price);
  }
}

std::string why_unread(std::string_view text) {
  try {
    wire::fields_of<OfferPrice>(boost::json::parse(text));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(WireSinks, ObjectsThatAreNoneAreRefusedWithThePlace) {
  EXPECT_EQ(why_unread(R"({"key":"k","price":{"amount":"1","currency":"EUR"}})"), "");
  EXPECT_EQ(why_unread(R"({"key":"k"})"), "price: is missing");
  EXPECT_EQ(why_unread(R"({"key":"k","price":{"amount":"1","currency":"EUR"},"prize":1})"),
            "a member is unknown");
  EXPECT_THAT(why_unread(R"({"key":7,"price":{"amount":"1","currency":"EUR"}})"), HasSubstr("key"));
  for (const char* money :
       {R"({"amount":1.5,"currency":"EUR"})", R"({"amount":"1e3","currency":""})",
        R"({"amount":"1"})", R"({"amount":"1","currency":"EUR","tax":"0"})",
        R"({"amount":"1","value":"EUR"})", R"("1.50 EUR")", "null", "[]"}) {
    EXPECT_THAT(why_unread(R"({"key":"k","price":)" + std::string(money) + "}"),
                HasSubstr("price: "))
        << money;
  }
  EXPECT_THAT(why_unread("[]"), HasSubstr("object"));
}

const std::vector<StockLevel> kItems{{"a", "MUG", 1, {}, {}, ""}, {"b", "CUP", 2, {}, {}, ""}};

template <class Step>
std::string why_no_answer(std::string_view text) {
  try {
    wire::answer_of<Step>(boost::json::parse(text), std::span(kItems));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(WireSinks, StepsArriveAsTheyWere) {
  SinkStep pushed;
  pushed.outcomes.push_back({"a", ItemOutcome::Kind::kRejected, "", "bad", "No.", "Mend it.", {}});
  pushed.outcomes.push_back({"b", ItemOutcome::Kind::kRetryAt, "", "", "", "", TimePoint::max()});
  pushed.continuation.value = std::string("feed\0\xff", 6);
  pushed.resume_at = TimePoint{std::chrono::milliseconds{7}};
  const auto got = wire::answer_of<SinkStep>(wire::fields(pushed), std::span(kItems));
  EXPECT_EQ(got.outcomes, pushed.outcomes);
  EXPECT_EQ(got.continuation, pushed.continuation);
  EXPECT_EQ(got.resume_at, pushed.resume_at);
  VerifyStep read;
  read.verdicts.push_back({"b", ItemVerdict::Kind::kDifferent, "r", "3", TimePoint{}});
  read.continuation.value = "report";
  const auto shown = wire::answer_of<VerifyStep>(wire::fields(read), std::span(kItems));
  EXPECT_EQ(shown.verdicts, read.verdicts);
  EXPECT_EQ(shown.continuation, read.continuation);
  EXPECT_EQ(shown.resume_at, std::nullopt);
  EXPECT_TRUE(
      wire::answer_of<SinkStep>(wire::fields(SinkStep()), std::span(kItems)).outcomes.empty());
}

TEST(WireSinks, AnswersWithoutSenseAreRefused) {
  const auto no_push = why_no_answer<SinkStep>;
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"a","kind":1},{"key":"b","kind":0}]})"), "");
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"a","kind":0},{"key":"a","kind":1}]})"), "")
      << "undecided is no decision";
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"c","kind":1}]})"), "a key was not given");
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"c","kind":0}]})"), "a key was not given");
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"a","kind":1},{"key":"a","kind":2}]})"),
            "an item is decided twice");
  EXPECT_EQ(no_push(R"({"outcomes":[{"kind":1}]})"), "outcomes: key: is missing");
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"a"}]})"), "outcomes: kind: is missing");
  EXPECT_EQ(no_push(R"({"outcomes":[{"key":"a","kind":1,"sure":true}]})"),
            "outcomes: a member is unknown");
  EXPECT_EQ(no_push("{}"), "outcomes: is missing");
  for (const char* kind : {"4", "-1", "9223372036854775808", "\"accepted\"", "1.0", "null"}) {
    EXPECT_THAT(no_push(R"({"outcomes":[{"key":"a","kind":)" + std::string(kind) + "}]}"),
                HasSubstr("outcomes: kind: "))
        << kind;
  }
  for (const char* garbage :
       {"null", "7", "[]", R"({"verdicts":[]})", R"({"outcomes":{}})", R"({"outcomes":[7]})",
        R"({"outcomes":[],"resume_at":"soon"})", R"({"outcomes":[],"resume_at":null})",
        R"({"outcomes":[],"continuation":{"base64":"?"}})"}) {
    EXPECT_NE(no_push(garbage), "") << garbage;
  }
  const auto no_verify = why_no_answer<VerifyStep>;
  EXPECT_EQ(no_verify(R"({"verdicts":[{"key":"a","kind":3,"found":"5"}]})"), "");
  EXPECT_EQ(no_verify(R"({"verdicts":[{"key":"c","kind":1}]})"), "a key was not given");
  EXPECT_EQ(no_verify(R"({"verdicts":[{"key":"b","kind":1},{"key":"b","kind":2}]})"),
            "an item is decided twice");
  EXPECT_THAT(no_verify(R"({"verdicts":[{"key":"a","kind":4}]})"), HasSubstr("verdicts: kind: "));
}

}  // namespace
}  // namespace marketplug::isolation
