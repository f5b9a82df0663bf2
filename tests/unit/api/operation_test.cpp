#include "host/api/operation.hpp"

#include <gtest/gtest.h>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(Operations, AnUnknownOneIsRefused) {
  Bench bench;
  const auto problem = bench.problem("orders.steal");
  EXPECT_EQ(problem.status(), 404);
  EXPECT_EQ(problem.code(), "unknown_operation");
  EXPECT_NE(problem.remedy(), "");
}

TEST(Operations, UnknownParametersAreRefusedWithTheKnownOnes) {
  Bench bench;
  const auto problem = bench.problem("orders.list", {{"shopp", "a"}});
  EXPECT_EQ(problem.status(), 400);
  EXPECT_STREQ(problem.what(), "orders.list: there is no parameter \"shopp\"");
  EXPECT_NE(problem.remedy().find("shop, marketplace"), std::string::npos) << problem.remedy();
}

TEST(Operations, ParametersOfAnotherTypeOrRangeAreRefused) {
  Bench bench;
  const auto status = [&](std::string_view operation, boost::json::object parameters) {
    return bench.problem(operation, std::move(parameters)).status();
  };
  EXPECT_EQ(status("orders.list", {{"shop", 7}}), 400);
  EXPECT_EQ(status("orders.list", {{"limit", "10"}}), 400);
  EXPECT_EQ(status("orders.list", {{"limit", 0}}), 400);
  EXPECT_EQ(status("orders.list", {{"limit", 1001}}), 400);
  EXPECT_EQ(status("orders.list", {{"oldest_first", "yes"}}), 400);
  EXPECT_EQ(status("orders.list", {{"placed_from", "yesterday"}}), 400);
  EXPECT_EQ(status("orders.list", {{"state", "odd"}}), 400);
  EXPECT_EQ(status("orders.show", {}), 400);
  EXPECT_EQ(status("orders.list", {{"limit", 1000}}), 0);
}

TEST(Operations, StoreErrorsKeepTheirCauseAndGetAStatus) {
  using Kind = store::StoreError::Kind;
  const auto status = [](Kind kind) {
    return to_operation_error(store::StoreError(kind, "the cause")).status();
  };
  EXPECT_EQ(status(Kind::kNotFound), 404);
  EXPECT_EQ(status(Kind::kFenced), 409);
  EXPECT_EQ(status(Kind::kConstraint), 409);
  EXPECT_EQ(status(Kind::kBusy), 503);
  EXPECT_EQ(status(Kind::kDiskFull), 507);
  EXPECT_EQ(status(Kind::kCorrupt), 500);
  const auto error = to_operation_error(store::StoreError(Kind::kDiskFull, "the cause"));
  EXPECT_STREQ(error.what(), "the cause");
  EXPECT_EQ(error.code(), "disk_full");
}

TEST(Operations, FailuresKeepTheirRemedy) {
  Failure failure;
  failure.kind = Failure::Kind::kAuth;
  failure.message = "no access";
  failure.remedy = "grant it";
  const auto error = to_operation_error(failure);
  EXPECT_EQ(error.status(), 409);
  EXPECT_EQ(error.code(), "auth");
  EXPECT_EQ(error.remedy(), "grant it");
  failure.kind = Failure::Kind::kThrottled;
  failure.code = "quota";
  EXPECT_EQ(to_operation_error(failure).status(), 503);
  EXPECT_EQ(to_operation_error(failure).code(), "quota");
}

}  // namespace
}  // namespace marketplug::api
