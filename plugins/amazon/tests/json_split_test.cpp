#include "src/json_split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace marketplug::amazon {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(JsonSplit, CutsObjects) {
  const auto members = split_object(R"( {"a" : 1, "b":"x,}\"y", "c":[{"d":[]}, 2] ,"e":{} } )");
  ASSERT_TRUE(members);
  EXPECT_THAT(*members, ElementsAre(Pair("a", "1"), Pair("b", R"("x,}\"y")"),
                                    Pair("c", R"([{"d":[]}, 2])"), Pair("e", "{}")));
  EXPECT_TRUE(split_object("{}")->empty());
}

TEST(JsonSplit, CutsArrays) {
  const auto elements = split_array(R"([1, {"a":"]"} ,[2,[3]],"x"])");
  ASSERT_TRUE(elements);
  EXPECT_THAT(*elements, ElementsAre("1", R"({"a":"]"})", "[2,[3]]", "\"x\""));
}

TEST(JsonSplit, WhatEndsTooEarlyIsRefused) {
  for (const char* text : {"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"x", "{\"a\":[1}",
                           "[1]", "{\"a\":1,}", "{\"a\":\"\\"}) {
    EXPECT_FALSE(split_object(text)) << text;
  }
  for (const char* text : {"", "[", "[1", "[1,", "[\"x", "{}", "[,]"}) {
    EXPECT_FALSE(split_array(text)) << text;
  }
}

TEST(JsonSplit, TheLastMemberOfANameCounts) {
  EXPECT_EQ(split_member(R"({"a":1,"b":2,"a":3})", "a"), "3");
  EXPECT_EQ(split_member(R"({"a":1})", "b"), "");
}

}  // namespace
}  // namespace marketplug::amazon
