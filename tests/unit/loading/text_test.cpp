#include "host/loading/text.hpp"

#include <gtest/gtest.h>

namespace marketplug::loading {
namespace {

TEST(Text, PrintableKeepsAsciiAndCutsTheRest) {
  EXPECT_EQ(printable("libz.so.1"), "libz.so.1");
  EXPECT_EQ(printable("a\x1b[31m\n\xc3\xa9"), "a?[31m???");
  EXPECT_EQ(printable("0123456789", 4), "0123...");
}

TEST(Text, CleanUtf8) {
  for (const char* good : {"", "Amazon", "Käufer", "注文", "\xf0\x9f\x93\xa6", "\xc2\xa0"}) {
    EXPECT_TRUE(is_clean_utf8(good)) << good;
  }
  for (const char* bad :
       {"\n", "\x1b[2J", "\x7f", "\xc2\x85", "\xff", "\xc3", "\xe2\x82", "\xc0\xaf", "\xe0\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x80\x80\xaf", "a\x80"}) {
    EXPECT_FALSE(is_clean_utf8(bad)) << printable(bad);
  }
}

TEST(Text, PluginIds) {
  for (const char* good : {"amazon", "a", "bol-com", "x1", "com.example.labels", "com.3m.shop"}) {
    EXPECT_TRUE(is_plugin_id(good)) << good;
  }
  for (const char* bad :
       {"", "Amazon", "1a", "-a", "a_b", "a b", ".a", "a.", "a..b", "a/b", "../etc", "ä"}) {
    EXPECT_FALSE(is_plugin_id(bad)) << bad;
  }
}

TEST(Text, Versions) {
  for (const char* good :
       {"0.0.0", "1.2.3", "10.20.30", "1.2.3-rc.1", "1.2.3+build.5", "1.0.0-alpha-x+exp.sha"}) {
    EXPECT_TRUE(is_version(good)) << good;
  }
  for (const char* bad : {"", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.x", "1.2.3-",
                          "1.2.3+", "1.2.3-a..b", "1..3", "1.2.3 ", "-1.2.3"}) {
    EXPECT_FALSE(is_version(bad)) << bad;
  }
}

TEST(Text, Capabilities) {
  for (const char* good : {"order-source/1", "com.example.labels/12"}) {
    EXPECT_TRUE(is_capability(good)) << good;
  }
  for (const char* bad : {"", "order-source", "order-source/", "order-source/0", "order-source/01",
                          "order-source/a", "/1", "Order/1", "a/1/2"}) {
    EXPECT_FALSE(is_capability(bad)) << bad;
  }
}

}  // namespace
}  // namespace marketplug::loading
