#include "src/json_split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(JsonSplit, CutsTheElementsOfAMemberAndLeavesTheFrame) {
  const auto cut =
      cut_member(R"( {"a" : 1, "c":[1, {"a":"]\\"} ,[2,{"x":[3]}],"x,\"" ] ,"e":{} } )", "c");
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->elements, ElementsAre("1", R"({"a":"]\\"})", R"([2,{"x":[3]}])", R"("x,\"")"));
  EXPECT_EQ(cut->value, R"([1, {"a":"]\\"} ,[2,{"x":[3]}],"x,\"" ])");
  EXPECT_EQ(cut->frame, R"( {"a" : 1, "c":null ,"e":{} } )");
}

TEST(JsonSplit, AMemberThatIsNoListHasNoElements) {
  const auto cut = cut_member(R"({"a":{"b":[1]},"c":2})", "a");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->value, R"({"b":[1]})");
  EXPECT_THAT(cut->elements, IsEmpty());
  EXPECT_EQ(cut->frame, R"({"a":null,"c":2})");
}

TEST(JsonSplit, AnAbsentMemberLeavesTheTextAsItIs) {
  for (const char* text : {"{}", R"({"b":[1]})"}) {
    const auto cut = cut_member(text, "a");
    ASSERT_TRUE(cut) << text;
    EXPECT_TRUE(cut->value.empty()) << text;
    EXPECT_EQ(cut->frame, text);
  }
}

TEST(JsonSplit, TheFrameShowsAMemberThatComesTwice) {
  const auto cut = cut_member(R"({"a":[1],"a":[2]})", "a");
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->elements, ElementsAre("1"));
  EXPECT_EQ(cut->frame, R"({"a":null,"a":[2]})");
}

TEST(JsonSplit, WhatEndsTooEarlyOrDoesNotMatchIsRefused) {
  for (const char* text :
       {"", "{", "[1]", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":"x)", R"({"a":[1})",
        R"({"a":[1)", R"({"a":[1,)", R"({"a":[,]})", R"({"a":[1,]})", R"({"a":[1]} x)",
        R"({"a":1,})", R"({"a":"\)", R"({"b":1)"}) {
    EXPECT_FALSE(cut_member(text, "a")) << text;
  }
}

/// Else the orders behind it would hide inside the damaged one.
TEST(JsonSplit, ABracketMissingOrTooManyNeverJoinsTwoElements) {
  for (const char* text : {R"({"a":[{"i":1,"x":{"y":1},{"i":2}]})", R"({"a":[{"i":1}},{"i":2}]})",
                           R"({"a":[{"i":1,"x":[1},{"i":2}]})", R"({"a":[{"i":1,"x":1]},{"i":2}]})",
                           R"({"a":[{"i":"1},{"i":"2"}]})"}) {
    EXPECT_FALSE(cut_member(text, "a")) << text;
  }
}

TEST(JsonSplit, FindsTheTextOfAMember) {
  EXPECT_EQ(split_member(R"({"a":1,"b":2,"a":3})", "a"), "1");
  EXPECT_EQ(split_member(R"({"a":1})", "b"), "");
  EXPECT_EQ(split_member(R"({"a":1,"b":{"c")", "a"), "1");
}

TEST(JsonSplit, FindsTheRepeatedName) {
  EXPECT_EQ(repeated_name(R"({"a":1,"a":2})"), 7u);
  EXPECT_EQ(repeated_name(R"([{"a":1},{"b":[{"c":1,"d":2,"c":3}]}])"), 28u);
  EXPECT_EQ(repeated_name(R"({"a":{"a":{"b":"a"}},"b":["a","a"]})"), std::nullopt);
}

}  // namespace
}  // namespace marketplug::amazon
