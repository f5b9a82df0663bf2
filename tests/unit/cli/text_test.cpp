#include "host/cli/text.hpp"

#include <gtest/gtest.h>

namespace marketplug::cli {
namespace {

TEST(Harmless, OrdinaryTextStaysAsItIs) {
  EXPECT_EQ(harmless("Café Zürich 東京 😀 'x' \"y\""), "Café Zürich 東京 😀 'x' \"y\"");
}

TEST(Harmless, WhatSteersATerminalBecomesVisible) {
  EXPECT_EQ(harmless("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(harmless("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(harmless(std::string_view("a\0b\x7f", 4)), "a\\x00b\\x7f");
  EXPECT_EQ(harmless("a\xc2\x9b"
                     "31m"),
            "a\\x9b31m")
      << "C1: an escape sequence in one character";
  EXPECT_EQ(harmless("a\u202eb\u2066c"), "a\\u{202e}b\\u{2066}c");
}

TEST(Harmless, BytesThatAreNotUtf8AreShown) {
  EXPECT_EQ(harmless("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(harmless("\xc0\xaf"), "\\xc0\\xaf") << "an overlong slash";
  EXPECT_EQ(harmless("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(harmless("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "behind the last character";
}

TEST(Harmless, JsonStaysJson) {
  EXPECT_EQ(harmless_json("{\"a\":\"\xc2\x9b\u202e東\"}"), "{\"a\":\"\\u009b\\u202e東\"}");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("Zürich"), 6u);
  EXPECT_EQ(display_width("u\u0308"), 1u) << "a combining diaeresis takes no column";
  EXPECT_EQ(display_width("東京"), 4u);
  EXPECT_EQ(display_width("😀"), 2u);
}

TEST(Fitted, CutsByColumnsAndNeverACharacterInTwo) {
  EXPECT_EQ(fitted("abcdef", 6), "abcdef");
  EXPECT_EQ(fitted("abcdef", 4), "abc…");
  EXPECT_EQ(fitted("東京都", 4), "東…");
  EXPECT_EQ(fitted("abc", 0), "");
}

TEST(TableText, AlignsByWidthAndEscapes) {
  Table table({{"NAME"}, {"TOTAL", Align::kRight}});
  table.add({"東京", "1.00"});
  table.add({"Zoë\n", "120.50"});
  table.add({"short"});
  EXPECT_EQ(table.text(2),
            "  NAME    TOTAL\n"
            "  東京     1.00\n"
            "  Zoë\\n  120.50\n"
            "  short\n");
}

}  // namespace
}  // namespace marketplug::cli
