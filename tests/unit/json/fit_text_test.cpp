#include "host/json/fit_text.hpp"

#include <gtest/gtest.h>

namespace marketplug::json {
namespace {

constexpr std::size_t kPlenty = 1000;

TEST(FitText, LeavesTextAlone) {
  for (const char* text : {"", "plain", "Grüße, 東京, 🚚", "two\nlines\tand \x1b[1m"}) {
    EXPECT_EQ(fit_text(text, kPlenty), text);
  }
}

TEST(FitText, ReplacesWhatIsNoText) {
  EXPECT_EQ(fit_text("a\xff"
                     "b",
                     kPlenty),
            "a\uFFFD"
            "b");
  EXPECT_EQ(fit_text(std::string("a\0b", 3), kPlenty),
            "a\uFFFD"
            "b");
  EXPECT_EQ(fit_text("\xc0\x80", kPlenty), "\uFFFD\uFFFD") << "an overlong NUL";
  EXPECT_EQ(fit_text("\xed\xa0\x80", kPlenty), "\uFFFD\uFFFD\uFFFD") << "half a pair";
  EXPECT_EQ(fit_text("cut \xe6\x9d", kPlenty), "cut \uFFFD\uFFFD");
}

TEST(FitText, CutsBetweenCharacters) {
  EXPECT_EQ(fit_text("abcdef", 6), "abcdef");
  EXPECT_EQ(fit_text("abcdefg", 6), "abcdef...");
  EXPECT_EQ(fit_text("ab東京", 4), "ab...");
  EXPECT_EQ(fit_text("ab東京", 5), "ab東...");
}

TEST(FitText, AKeyHasNoControlCharacters) {
  for (const char* key : {"", "123-4567890", "Größe 42", "🚚"}) EXPECT_TRUE(is_fit_key(key)) << key;
  for (const char* none : {"a\nb", "\x1b[2J", "\x7f", "\u0085", "\xff", "\xc2"}) {
    EXPECT_FALSE(is_fit_key(none)) << none;
  }
  EXPECT_FALSE(is_fit_key(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace marketplug::json
