#include "marketplug/model/money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace marketplug {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

struct Good {
  const char* text;
  std::int64_t units;
  int scale;
  const char* again;
};

TEST(Money, ReadsExactly) {
  const Good goods[] = {
      {"0", 0, 0, "0"},
      {"12.34", 1234, 2, "12.34"},
      {"12.340", 12340, 3, "12.340"},
      {"-0.05", -5, 2, "-0.05"},
      {"-12", -12, 0, "-12"},
      {"0.000000001", 1, 9, "0.000000001"},
      {"007.10", 710, 2, "7.10"},
      {"-0", 0, 0, "0"},
      {"0.00", 0, 2, "0.00"},
      {"9223372036854775807", kMax, 0, "9223372036854775807"},
      {"-9223372036854775808", kMin, 0, "-9223372036854775808"},
      {"-9223372036.854775808", kMin, 9, "-9223372036.854775808"},
  };
  for (const Good& good : goods) {
    const auto money = parse_money(good.text, "EUR");
    ASSERT_TRUE(money) << good.text;
    EXPECT_EQ(money->units, good.units) << good.text;
    EXPECT_EQ(money->scale, good.scale) << good.text;
    EXPECT_EQ(money->currency, "EUR");
    EXPECT_EQ(format_amount(*money), good.again);
    EXPECT_EQ(parse_money(format_amount(*money), "EUR"), money);
  }
}

TEST(Money, RefusesWhatIsNoAmount) {
  for (const char* bad : {"",
                          "-",
                          ".",
                          "1.",
                          ".5",
                          "-.5",
                          "+1",
                          "1e3",
                          "1,5",
                          " 1",
                          "1 ",
                          "1.2.3",
                          "--1",
                          "1-",
                          "0x1",
                          "NaN",
                          "inf",
                          "١",
                          "1.0000000000",
                          "9223372036854775808",
                          "-9223372036854775809",
                          "99999999999999999999",
                          "92233720368547758.08"}) {
    EXPECT_FALSE(parse_money(bad, "EUR")) << bad;
  }
}

TEST(Money, RefusesWhatIsNoCurrency) {
  for (const char* bad : {"", "EU", "eur", "EURO", "E1R", "EÜ"}) {
    EXPECT_FALSE(parse_money("1", bad)) << bad;
  }
}

TEST(Money, AddsExactlyWithTheLargerScale) {
  const Money a{1234, 2, "EUR"}, b{5, 3, "EUR"};
  const Money sum{12345, 3, "EUR"};
  EXPECT_EQ(add(a, b), sum);
  EXPECT_EQ(add(b, a), sum);
  EXPECT_EQ(add({kMax, 0, "EUR"}, {kMin, 0, "EUR"}), (Money{-1, 0, "EUR"}));
  EXPECT_EQ(add({1, 9, "JPY"}, {1, 0, "JPY"}), (Money{1'000'000'001, 9, "JPY"}));
}

TEST(Money, RefusesSumsThatAreNone) {
  EXPECT_FALSE(add({1, 0, "EUR"}, {1, 0, "USD"}));
  EXPECT_FALSE(add({kMax, 0, "EUR"}, {1, 0, "EUR"}));
  EXPECT_FALSE(add({kMin, 0, "EUR"}, {-1, 0, "EUR"}));
  EXPECT_FALSE(add({kMax, 0, "EUR"}, {0, 1, "EUR"}));  // scaling alone overflows
}

}  // namespace
}  // namespace marketplug
