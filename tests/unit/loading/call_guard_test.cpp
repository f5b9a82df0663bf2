#include "host/loading/call_guard.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace marketplug::loading {
namespace {

TEST(CallNoteTest, TellsTheInnermostCallOfThisThread) {
  EXPECT_EQ(current_call(), "");
  (void)call_plugin("outer", []() -> Status {
    EXPECT_EQ(current_call(), "outer");
    (void)call_plugin("inner", []() -> Status {
      EXPECT_EQ(current_call(), "inner");
      throw 42;
    });
    EXPECT_EQ(current_call(), "outer");
    return Done{};
  });
  EXPECT_EQ(current_call(), "");
}

TEST(CallGuard, PassesValuesAndFailuresThrough) {
  const auto value = call_plugin("x", []() -> Result<int> { return 7; });
  ASSERT_TRUE(value);
  EXPECT_EQ(value.value(), 7);
  Failure expected;
  expected.kind = Failure::Kind::kThrottled;
  expected.code = "slow_down";
  const auto failed = call_plugin("x", [&]() -> Result<int> { return expected; });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure(), expected);
}

TEST(CallGuard, TurnsExceptionsIntoFailures) {
  const auto standard = call_plugin("amazon: fetch_orders",
                                    []() -> Result<int> { throw std::out_of_range("item 3"); });
  ASSERT_FALSE(standard);
  EXPECT_EQ(standard.failure().kind, Failure::Kind::kInternal);
  EXPECT_EQ(standard.failure().code, "plugin_exception");
  EXPECT_EQ(standard.failure().message, "amazon: fetch_orders failed with an unexpected exception");
  EXPECT_EQ(standard.failure().detail, "std::out_of_range: item 3");

  const auto number = call_plugin("x", []() -> Result<int> { throw 42; });
  ASSERT_FALSE(number);
  EXPECT_EQ(number.failure().detail, "int");
}

}  // namespace
}  // namespace marketplug::loading
