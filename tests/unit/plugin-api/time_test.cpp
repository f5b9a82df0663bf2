#include "marketplug/model/time.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace marketplug {
namespace {

std::int64_t millis(TimePoint time) { return time.time_since_epoch().count(); }

struct Moment {
  const char* text;
  std::int64_t millis;
  const char* again;
};

TEST(Time, ReadsMoments) {
  const Moment moments[] = {
      {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
      {"2026-11-23T10:00:00Z", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-23t10:00:00z", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-23T10:00:00.5Z", 1795428000500, "2026-11-23T10:00:00.500Z"},
      {"2026-11-23T10:00:00.0009999Z", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-23T10:00:00.123456789Z", 1795428000123, "2026-11-23T10:00:00.123Z"},
      {"2026-11-23T10:00:00+00:00", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-23T11:30:00+01:30", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-22T23:00:00-11:00", 1795428000000, "2026-11-23T10:00:00Z"},
      {"2026-11-23T10:00:00.250-00:00", 1795428000250, "2026-11-23T10:00:00.250Z"},
      {"2024-02-29T00:00:00Z", 1709164800000, "2024-02-29T00:00:00Z"},
      {"2000-02-29T00:00:00Z", 951782400000, "2000-02-29T00:00:00Z"},
      {"2038-01-19T03:14:08Z", 2147483648000, "2038-01-19T03:14:08Z"},
      {"2106-02-07T06:28:16Z", 4294967296000, "2106-02-07T06:28:16Z"},
      {"0001-01-01T00:00:00Z", -62135596800000, "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999Z", 253402300799999, "9999-12-31T23:59:59.999Z"},
      {"2016-12-31T23:59:60Z", 1483228800000, "2017-01-01T00:00:00Z"},
  };
  for (const Moment& moment : moments) {
    const auto time = parse_time(moment.text);
    ASSERT_TRUE(time) << moment.text;
    EXPECT_EQ(millis(*time), moment.millis) << moment.text;
    EXPECT_EQ(format_time(*time), moment.again);
    EXPECT_EQ(parse_time(format_time(*time)), time);
  }
}

TEST(Time, RefusesWhatIsNoMoment) {
  for (const char* bad : {"",
                          "Z",
                          "2026-11-23",
                          "2026-11-23T10:00:00",
                          "2026-11-23 10:00:00Z",
                          "2026-11-23T10:00Z",
                          "2026-11-23T10:00:00.Z",
                          "2026-11-23T10:00:00,5Z",
                          "2026-13-01T00:00:00Z",
                          "2026-00-01T00:00:00Z",
                          "2026-02-29T00:00:00Z",
                          "1900-02-29T00:00:00Z",
                          "2026-11-31T00:00:00Z",
                          "2026-11-00T00:00:00Z",
                          "2026-11-23T24:00:00Z",
                          "2026-11-23T10:60:00Z",
                          "2026-11-23T10:00:61Z",
                          "2026-11-23T10:00:00+1:00",
                          "2026-11-23T10:00:00+0100",
                          "2026-11-23T10:00:00+24:00",
                          "2026-11-23T10:00:00+01:60",
                          "2026-11-23T10:00:00UTC",
                          "2026-11-23T10:00:00ZZ",
                          "2026-11-23T10:00:00Z ",
                          " 2026-11-23T10:00:00Z",
                          "-026-11-23T10:00:00Z",
                          "26-11-23T10:00:00Z",
                          "2026-11-23T1a:00:00Z",
                          "20261123T100000Z",
                          "1795428000",
                          "tomorrow at ten, please"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(Time, YearsOutsideOneToNineThousandNineHundredAndNinetyNineAreNone) {
  for (const char* bad :
       {"0000-01-01T00:00:00Z", "0000-12-31T23:59:59.999Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
  EXPECT_TRUE(parse_time("0000-12-31T23:59:00-00:01"));
}

TEST(Time, WindowsCompare) {
  const TimeWindow open;
  const TimeWindow closed{parse_time("2026-11-23T10:00:00Z"), parse_time("2026-11-24T10:00:00Z")};
  EXPECT_EQ(open, TimeWindow{});
  EXPECT_FALSE(open == closed);
}

}  // namespace
}  // namespace marketplug
