#include "src/text.hpp"

#include <gtest/gtest.h>

#include "marketplug/model/time.hpp"

namespace marketplug::amazon {
namespace {

TEST(AmazonText, EncodesEverythingButUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b&c=d/é+%"), "a%20b%26c%3Dd%2F%C3%A9%2B%25");
  EXPECT_EQ(encode_form({{"a", "1 2"}, {"b", "|"}}), "a=1%202&b=%7C");
}

TEST(AmazonText, ShowsForeignTextWithoutControlCharacters) {
  EXPECT_EQ(shown("a\nb\x1b[0m\x7f"), "a b [0m ");
  EXPECT_EQ(shown("gr\xc3\xbc\xc3\x9f", 4), "gr\xc3\xbc…");
  EXPECT_EQ(shown("gr\xc3\xbc", 3), "gr…");
  EXPECT_EQ(shown("bad\xff"), "bad?");
}

TEST(AmazonText, KnowsUtf8) {
  EXPECT_TRUE(is_utf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"));
  for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                          "\xc3", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
  EXPECT_EQ(to_utf8("a\xff\xc3\xa9"), "a\xef\xbf\xbd\xc3\xa9");
}

TEST(AmazonText, ReadsDatesOfHttp) {
  EXPECT_EQ(parse_http_date("Mon, 23 Nov 2026 10:00:05 GMT"), parse_time("2026-11-23T10:00:05Z"));
  for (const char* bad : {"", "Monday, 23-Nov-26 10:00:05 GMT", "Mon, 23 Nov 2026 10:00:05 UTC",
                          "Mon, 32 Nov 2026 10:00:05 GMT", "Mon, 23 Nop 2026 10:00:05 GMT"}) {
    EXPECT_FALSE(parse_http_date(bad)) << bad;
  }
}

TEST(AmazonText, EscapesJsonStrings) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01é");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000A\\u0001é\"");
}

}  // namespace
}  // namespace marketplug::amazon
