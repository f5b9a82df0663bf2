#include "host/app/stop_limit.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace marketplug::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(StopLimit, EndsAProcessThatDoesNotEndByItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const StopLimit limit(milliseconds{1}, 7, [] { std::fputs("last words", stderr); });
        StopFlag never;
        never.wait_for(hours{1});
      },
      ::testing::ExitedWithCode(7), "last words");
}

TEST(StopLimit, LeavesAProcessAloneThatEndsInTime) {
  bool said = false;
  {
    const StopLimit limit(hours{1}, 7, [&said] { said = true; });
  }
  EXPECT_FALSE(said);
}

}  // namespace
}  // namespace marketplug::app
