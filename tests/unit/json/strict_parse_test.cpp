#include "host/json/strict_parse.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "host/json/append_text.hpp"
#include "host/json/pointer.hpp"

namespace marketplug::json::strict_parse_test {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(StrictParse, ReadsEveryKindOfValue) {
  ParseError error;
  const auto value = strict_parse(
      R"( {"a":[1,-2,3.5,1e2,true,false,null],"b":{"c":"x\u00e9\ud83d\ude00\n\"\\\/"},"":"é"} )",
      error);
  ASSERT_TRUE(value) << to_text(error);
  EXPECT_EQ(value->at("a").as_array().size(), 7u);
  EXPECT_TRUE(value->at("a").at(0).is_int64());
  EXPECT_TRUE(value->at("a").at(3).is_double());
  EXPECT_EQ(value->at("b").at("c").as_string(), "x\u00e9\U0001F600\n\"\\/");
  EXPECT_EQ(value->at("").as_string(), "é");
}

TEST(StrictParse, KeepsTheEdgesOf64Bits) {
  ParseError error;
  const auto value =
      strict_parse("[9223372036854775807,-9223372036854775808,18446744073709551615]", error);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->at(0).as_int64(), INT64_MAX);
  EXPECT_EQ(value->at(1).as_int64(), INT64_MIN);
  EXPECT_EQ(value->at(2).as_uint64(), UINT64_MAX);
}

struct Refused {
  std::string text;
  std::size_t offset;
  std::string pointer;
  std::string message;
};

class StrictParseRefuses : public testing::TestWithParam<Refused> {};

TEST_P(StrictParseRefuses, WithPlaceAndCause) {
  const auto& wanted = GetParam();
  ParseError error;
  EXPECT_FALSE(strict_parse(wanted.text, error));
  EXPECT_EQ(error.offset, wanted.offset);
  EXPECT_EQ(error.pointer, wanted.pointer);
  EXPECT_NE(error.message.find(wanted.message), std::string::npos) << error.message;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, StrictParseRefuses,
    testing::Values(
        Refused{"", 0, "", "ends too early"}, Refused{"   ", 3, "", "ends too early"},
        Refused{R"({"a":1,"a":2})", 7, "/a", "given twice"},
        Refused{R"({"x":{"a":1,"\u0061":2}})", 12, "/x/a", "given twice"},
        Refused{"[1,1e400]", 3, "/1", "out of range"}, Refused{"[-1e400]", 1, "/0", "out of range"},
        Refused{"[18446744073709551616]", 1, "/0", "64 bits"},
        Refused{"[-9223372036854775809]", 1, "/0", "64 bits"},
        Refused{"[123456789012345678901234567890]", 1, "/0", "64 bits"},
        Refused{"[NaN]", 1, "/0", "value is expected"}, Refused{"[01]", 2, "/0", "start with 0"},
        Refused{"[+1]", 1, "/0", "value is expected"}, Refused{"[.5]", 1, "/0", "value"},
        Refused{"[1.]", 3, "/0", "digit"}, Refused{"[1e]", 3, "/0", "digit"},
        Refused{"[-]", 2, "/0", "digit"}, Refused{R"(["a\u0000b"])", 9, "/0", "NUL"},
        Refused{std::string("[\"a\0b\"]", 7), 3, "/0", "NUL"},
        Refused{std::string("[1]\0", 4), 3, "", "nothing may follow"},
        Refused{"\xEF\xBB\xBF{}", 0, "", "byte order mark"},
        Refused{"[\"\xC3\x28\"]", 2, "/0", "UTF-8"},
        Refused{"[\"\xED\xA0\x80\"]", 2, "/0", "UTF-8"},
        Refused{"[\"\xC0\xAF\"]", 2, "/0", "UTF-8"},
        Refused{"[\"\xF4\x90\x80\x80\"]", 2, "/0", "UTF-8"},
        Refused{"[\"\xE2\x82", 2, "/0", "UTF-8"}, Refused{R"(["\ud800"])", 8, "/0", "surrogate"},
        Refused{R"(["\ud800\u0041"])", 14, "/0", "surrogate"},
        Refused{R"(["\udc00"])", 8, "/0", "surrogate"},
        Refused{R"(["\u12G4"])", 6, "/0", "hexadecimal"}, Refused{R"(["\x41"])", 3, "/0", "escape"},
        Refused{"[\"a\nb\"]", 3, "/0", "control"}, Refused{"[\"abc", 5, "/0", "inside a string"},
        Refused{"[\"abc\\", 6, "/0", "inside a string"}, Refused{"[1 2]", 3, "", "comma or ]"},
        Refused{"[1,]", 3, "", "comma before"}, Refused{R"({"a":1,})", 7, "", "comma before"},
        Refused{"{a:1}", 1, "", "double quotes"}, Refused{R"({"a" 1})", 5, "", "colon"},
        Refused{R"({"a":})", 5, "/a", "value is expected"}, Refused{"[", 1, "/0", "ends too early"},
        Refused{R"({"a":1)", 6, "", "ends too early"}, Refused{"{} x", 3, "", "nothing may follow"},
        Refused{"truex", 4, "", "nothing may follow"}, Refused{"tru", 0, "", "value is expected"},
        Refused{"/*c*/1", 0, "", "value is expected"}));

TEST(StrictParse, LimitsDepthAndSize) {
  ParseError error;
  EXPECT_TRUE(strict_parse(nested(64), error));
  EXPECT_FALSE(strict_parse(nested(65), error));
  EXPECT_EQ(error.message, "the text is nested too deeply");
  EXPECT_FALSE(strict_parse(nested(4), error, {.depth = 3}));
  EXPECT_FALSE(strict_parse(std::string(1'000'000, '['), error));
  EXPECT_TRUE(strict_parse("12345", error, {.bytes = 5}));
  EXPECT_FALSE(strict_parse("123456", error, {.bytes = 5}));
  EXPECT_EQ(error.message, "the text is larger than 5 bytes");
}

TEST(StrictParse, CountsLinesAndColumns) {
  ParseError error;
  EXPECT_FALSE(strict_parse("{\n  \"a\": [\n    1,\n    nope\n  ]\n}", error));
  EXPECT_EQ(error.line, 4);
  EXPECT_EQ(error.column, 5);
  EXPECT_EQ(to_text(error), "line 4, column 5 (/a/1): a JSON value is expected here");
}

TEST(StrictParse, ThrowsWithTheNameGiven) {
  EXPECT_EQ(parse_or_throw("7", "settings"), boost::json::value(7));
  try {
    parse_or_throw("[secret]", "settings");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "settings: line 1, column 2 (/0): a JSON value is expected here");
  }
}

TEST(AppendCompactObject, CopiesWithoutBlanksAndKeepsNumbersAsWritten) {
  TextBuilder out(1);
  out << 'x';
  EXPECT_TRUE(append_compact_object(out, " { \"a\" : [ 1.50 , \"b c\\n\" ] ,\n \"d\" : { } } "));
  EXPECT_EQ(out.take(), R"(x{"a":[1.50,"b c\n"],"d":{}})");
}

TEST(AppendCompactObject, RefusesWhatIsNotOneObject) {
  for (const char* text :
       {"", "[]", "1", "{", "{}{}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{\"a\":1e999}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xFF\"}"}) {
    TextBuilder out(0);
    out << "before";
    EXPECT_FALSE(append_compact_object(out, text)) << text;
    EXPECT_EQ(out.take(), "before");
  }
  TextBuilder out(0);
  EXPECT_FALSE(append_compact_object(out, "{\"a\":" + nested(3) + "}", 3));
  EXPECT_TRUE(append_compact_object(out, "{\"a\":" + nested(2) + "}", 3));
}

TEST(Pointer, EscapesJoinsAndSplits) {
  EXPECT_EQ(escape_token("a/b~c"), "a~1b~0c");
  EXPECT_EQ(join_pointer("/x", "a/b"), "/x/a~1b");
  EXPECT_EQ(join_pointer("", 3), "/3");
  EXPECT_EQ(parent_pointer("/a/b"), "/a");
  EXPECT_EQ(parent_pointer("/a"), "");
  EXPECT_EQ(parent_pointer(""), "");
  EXPECT_EQ(split_pointer("/a~1b//~0"), (std::vector<std::string>{"a/b", "", "~"}));
  EXPECT_EQ(split_pointer(""), std::vector<std::string>());
  for (const char* text : {"a", "/~", "/~2", "a/b"}) EXPECT_FALSE(split_pointer(text)) << text;
  EXPECT_EQ(array_index("0"), 0u);
  EXPECT_EQ(array_index("12"), 12u);
  for (const char* text : {"", "01", "-1", "1a", "99999999999999999999"}) {
    EXPECT_FALSE(array_index(text)) << text;
  }
}

TEST(Pointer, FindsValues) {
  auto document = parse_or_throw(R"({"a":{"b/c":[10,20]},"":1})", "test");
  EXPECT_EQ(*find_value(document, "/a/b~1c/1"), boost::json::value(20));
  EXPECT_EQ(*find_value(document, "/"), boost::json::value(1));
  EXPECT_EQ(find_value(document, ""), &document);
  for (const char* text : {"/x", "/a/b~1c/2", "/a/b~1c/-", "/a/b~1c/01", "//x", "a"}) {
    EXPECT_EQ(find_value(document, text), nullptr) << text;
  }
  *find_value(document, "/a/b~1c/0") = 11;
  EXPECT_EQ(boost::json::serialize(document), R"({"a":{"b/c":[11,20]},"":1})");
}

}  // namespace
}  // namespace marketplug::json::strict_parse_test
