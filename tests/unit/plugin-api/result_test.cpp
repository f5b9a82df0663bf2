#include "marketplug/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

namespace marketplug {
namespace {

TEST(Result, HoldsAValueOrAFailure) {
  Result<std::string> good(std::string("text"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good.value(), "text");
  EXPECT_THROW(static_cast<void>(good.failure()), std::bad_variant_access);

  Failure failure;
  failure.code = "invalid_grant";
  Result<std::string> bad(failure);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.failure().code, "invalid_grant");
  EXPECT_EQ(bad.failure().kind, Failure::Kind::kInternal);  // what was not thought of is a bug
  EXPECT_THROW(static_cast<void>(bad.value()), std::bad_variant_access);
}

TEST(Result, GivesUpWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, StatusIsSuccessWithoutAValue) {
  const Status done = Done{};
  EXPECT_TRUE(done);
  EXPECT_EQ(done.value(), Done{});
}

}  // namespace
}  // namespace marketplug
