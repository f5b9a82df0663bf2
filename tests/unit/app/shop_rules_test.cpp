#include "host/app/shop_rules.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

config::HostConfig a_host() {
  config::HostConfig config;
  config.order_statuses = {"open", "in_picking", "fulfilled_by_marketplace"};
  config.carrier_accounts = {"postnl"};
  config.store.keep_raw = "always";
  return config;
}

constexpr std::string_view kDocument = R"({
  "status_mapping": {"UNSHIPPED": "in_picking", "SHIPPED": "gone", "CANCELLED": "withdrawn"},
  "marketplace_fulfilled_status": "fulfilled_by_marketplace",
  "fulfillment_priority": {"regular": 1, "premium": 2, "prime": 3},
  "poll_seconds": 15, "retention_days": 7})";

struct StatusCase {
  const char* name;
  OrderState state;
  const char* marketplace_status;
  FulfilledBy by;
  const char* expected;
};

class OwnStatus : public ::testing::TestWithParam<StatusCase> {};

TEST_P(OwnStatus, FollowsTheTable) {
  const auto rules = make_rules("a", object(kDocument), "{}", a_host());
  Order order;
  order.state = GetParam().state;
  order.marketplace_status = GetParam().marketplace_status;
  order.fulfilled_by = GetParam().by;
  EXPECT_EQ(rules.own_status(order), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OwnStatus,
    ::testing::Values(
        StatusCase{"mapped", OrderState::kOpen, "UNSHIPPED", FulfilledBy::kMerchant, "in_picking"},
        StatusCase{"automatic", OrderState::kPartiallyShipped, "PARTIALLY_SHIPPED",
                   FulfilledBy::kMerchant, "partially_shipped"},
        StatusCase{"pending", OrderState::kPending, "PENDING", FulfilledBy::kUnknown, "pending"},
        StatusCase{"theirs_is_never_sent_to_picking", OrderState::kOpen, "UNSHIPPED",
                   FulfilledBy::kMarketplace, "fulfilled_by_marketplace"},
        StatusCase{"theirs_shipped", OrderState::kShipped, "SHIPPED", FulfilledBy::kMarketplace,
                   "fulfilled_by_marketplace"},
        StatusCase{"theirs_cancelled_is_cancelled", OrderState::kCancelled, "CANCELLED",
                   FulfilledBy::kMarketplace, "withdrawn"},
        StatusCase{"a_person_must_look_whatever_is_mapped", OrderState::kNeedsCorrection,
                   "UNSHIPPED", FulfilledBy::kMerchant, "needs_correction"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ShopRules, WithoutMappingTheStatesNameIsTheStatus) {
  const auto rules = make_rules("a", object("{}"), "{}", a_host());
  Order order;
  order.state = OrderState::kShipped;
  order.fulfilled_by = FulfilledBy::kMarketplace;
  EXPECT_EQ(rules.own_status(order), "shipped");
}

TEST(ShopRules, TheMostUrgentProgrammeDecides) {
  const auto rules = make_rules("a", object(kDocument), "{}", a_host());
  Order order;
  EXPECT_EQ(rules.priority(order), 1);
  order.programs = {"AMAZON_BUSINESS", "PREMIUM"};
  EXPECT_EQ(rules.priority(order), 2);
  order.programs.push_back("PRIME");
  EXPECT_EQ(rules.priority(order), 3);
}

TEST(ShopRules, NumbersAndSwitches) {
  const auto schema = testing::FakePlugin().settings_schema();
  const auto rules = make_rules("a", object(kDocument), schema, a_host());
  EXPECT_EQ(rules.id, "a");
  EXPECT_EQ(rules.poll, std::chrono::seconds(15));
  EXPECT_EQ(rules.retention_days, 7);
  EXPECT_EQ(rules.keep_raw, sync::ShopRules::KeepRaw::kAlways);
  const auto imports = [&](std::string_view settings) {
    return make_rules("a", object(R"({"settings":)" + std::string(settings) + "}"), schema,
                      a_host())
        .import_orders;
  };
  EXPECT_TRUE(imports(R"({"orders":{"enabled":true,"import_new":true}})"));
  EXPECT_FALSE(imports(R"({"orders":{"enabled":true,"import_new":false}})"));
  EXPECT_FALSE(imports(R"({"orders":{"enabled":false,"import_new":true}})"));
}

TEST(CheckRules, WhatTheHostDoesNotHaveIsNamedWithItsPlace) {
  const auto problems = check_rules(object(R"({"status_mapping": {"A/B": "opne", "C": "open"},
                 "marketplace_fulfilled_status": "theirs",
                 "carrier_mapping": [{"carrier_account": "postnl"}, {"carrier_account": "dhl"},
                                     {"default": true}]})"),
                                    a_host());
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems[0].pointer, "/status_mapping/A~1B");
  EXPECT_EQ(problems[0].message, "opne is no order status of this installation");
  EXPECT_NE(problems[0].remedy.find("open, in_picking"), std::string::npos);
  EXPECT_EQ(problems[1].pointer, "/marketplace_fulfilled_status");
  EXPECT_EQ(problems[2].pointer, "/carrier_mapping/1/carrier_account");
}

}  // namespace
}  // namespace marketplug::app
