#include "src/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace marketplug::amazon {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Refused {
  const char* what;
  std::string text;
  const char* why;
};

class AmazonJson : public ::testing::TestWithParam<Refused> {};

TEST_P(AmazonJson, RefusesWithThePlaceAndWithoutTheValue) {
  JsonReader reader;
  std::string error;
  EXPECT_EQ(reader.parse(GetParam().text, error), nullptr) << GetParam().what;
  EXPECT_THAT(error, HasSubstr(GetParam().why)) << GetParam().what;
  EXPECT_THAT(error, AnyOf(HasSubstr(" at byte "), HasSubstr(" before byte "))) << GetParam().what;
  EXPECT_THAT(error, Not(HasSubstr("Secret"))) << GetParam().what;
  EXPECT_FALSE(JsonDocument::parse(GetParam().text, error)) << GetParam().what;
  ASSERT_NE(reader.parse(R"({"a":[1,"x"]})", error), nullptr) << "a reader goes on afterwards";
}

INSTANTIATE_TEST_SUITE_P(
    All, AmazonJson,
    ::testing::Values(
        Refused{"nothing", "", ""}, Refused{"half", R"({"a":"Secret)", ""},
        Refused{"more behind it", R"({"a":"Secret"} x)", "extra data at byte 15"},
        Refused{"a name twice", R"({"a":"Secret","b":{"c":1,"c":"Secret"}})",
                "a name is given twice in its object at byte 25"},
        Refused{"a name twice, once escaped", R"({"ab":1,"\u0061b":2})",
                "a name is given twice in its object before byte 20"},
        Refused{"NUL in a text", R"({"a":"Sec\u0000ret"})", "a NUL character in a text"},
        Refused{"NUL in a name", R"({"a\u0000":1})", "a NUL character in a text"},
        Refused{"a number beyond a double", R"({"a":1e400})", "a number is too large"},
        Refused{"minus infinity", R"({"a":-1e999})", "a number is too large"},
        Refused{"30 digits", R"({"a":123456789012345678901234567890})",
                "a whole number has too many digits"},
        Refused{"2^64", R"({"a":18446744073709551616})", "a whole number has too many digits"},
        Refused{"NaN", R"({"a":NaN})", ""}, Refused{"invalid UTF-8", "{\"a\":\"\xff\"}", ""},
        Refused{"overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", ""},
        Refused{"lone surrogate", R"({"a":"\ud800"})", ""},
        Refused{"byte order mark", "\xef\xbb\xbf{}", ""},
        Refused{"too deep", std::string(40, '[') + std::string(40, ']'), ""}));

TEST(AmazonJsonReader, TakesWhatIsFine) {
  JsonReader reader;
  std::string error;
  for (const char* text :
       {"{}", "[]", R"({"a":{"a":[{"a":1},{"a":2}]}})", R"({"":1,"A":2,"a":3})",
        R"(9223372036854775807)", R"(18446744073709551615)", "-0.5e-3", "\"\""}) {
    EXPECT_NE(reader.parse(text, error), nullptr) << text << ": " << error;
  }
}

TEST(AmazonJsonReader, ALongTextAfterAShortOneAndBack) {
  JsonReader reader;
  std::string error;
  const std::string big = "[\"" + std::string(300'000, 'x') + "\"]";
  for (int round = 0; round < 3; ++round) {
    ASSERT_NE(reader.parse(big, error), nullptr);
    const auto* value = reader.parse(R"({"a":"b"})", error);
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(text_member(*value, "a"), "b");
  }
}

TEST(AmazonJsonDocument, MovingItMovesNoValue) {
  std::string error;
  auto document = JsonDocument::parse(R"({"a":"b"})", error);
  ASSERT_TRUE(document);
  const auto* root = &document->root();
  const JsonDocument moved = std::move(*document);
  EXPECT_EQ(&moved.root(), root);
  EXPECT_EQ(text_member(moved.root(), "a"), "b");
}

}  // namespace
}  // namespace marketplug::amazon
