#include "host/sync/order_alerts.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "host/json/event_catalog.hpp"
#include "host/json/schema.hpp"
#include "host/json/strict_parse.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

const TimePoint kToday = parse_time("2026-11-23T10:00:00Z").value();

Order wished() {
  Order order;
  order.id = "1";
  order.marketplace = "NL";
  order.state = OrderState::kOpen;
  order.marketplace_status = "UNSHIPPED";
  order.changed_at = kToday;
  order.ship_by.latest = kToday + std::chrono::hours{20};
  order.lines.resize(2);
  order.lines[0].id = "a";
  order.lines[1].id = "b";
  order.lines[1].cancel_requested = Cancellation{"buyer", "NO_LONGER_NEEDED"};
  return order;
}

TEST(OrderAlerts, TheBuyersWishIsOneWithTheShipByTimeAsItsLimit) {
  const auto alerts = order_alerts(wished(), kToday);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].code, kBuyerCancel);
  EXPECT_EQ(alerts[0].due_at, kToday + std::chrono::hours{20});
  EXPECT_EQ(alerts[0].ends_at, std::nullopt);
  EXPECT_FALSE(alerts[0].remedy.empty());
}

TEST(OrderAlerts, AWishIsOverOnceItIsGrantedOrTheOrderIsSent) {
  Order order = wished();
  order.lines[1].cancelled = Cancellation{"merchant", ""};
  EXPECT_THAT(order_alerts(order, kToday), IsEmpty());
  for (const auto state : {OrderState::kShipped, OrderState::kCancelled}) {
    order = wished();
    order.state = state;
    EXPECT_FALSE(wishes_cancellation(order));
    EXPECT_THAT(order_alerts(order, kToday), IsEmpty());
  }
}

TEST(OrderAlerts, WhatWasSentAndIsCancelledIsOneForAPerson) {
  Order order = wished();
  order.state = OrderState::kCancelled;
  order.lines[0].quantity_shipped = 1;
  EXPECT_THAT(order_alerts(order, kToday),
              ElementsAre(Field(&store::Alert::code, kCancelledAfterShipment)));
  order.lines[0].quantity_shipped = 0;
  EXPECT_THAT(order_alerts(order, kToday), IsEmpty());
  order.parcels.emplace_back();
  EXPECT_EQ(order_alerts(order, kToday).at(0).ends_at, kToday + std::chrono::days{30});
}

TEST(OrderAlerts, TheStoredStateTellsThatItWasSentToo) {
  const auto told = [](std::optional<OrderState> before, OrderState after) {
    return shipped_before(before, after, kToday).has_value();
  };
  EXPECT_TRUE(told(OrderState::kPartiallyShipped, OrderState::kCancelled));
  EXPECT_TRUE(told(OrderState::kShipped, OrderState::kCancelled));
  EXPECT_FALSE(told(OrderState::kOpen, OrderState::kCancelled));
  EXPECT_FALSE(told(OrderState::kCancelled, OrderState::kCancelled));
  EXPECT_FALSE(told(std::nullopt, OrderState::kCancelled));
  EXPECT_FALSE(told(OrderState::kShipped, OrderState::kShipped));
}

TEST(OrderAlerts, TheEventNamesLinesAndTheLimitAndFitsItsSchema) {
  Order order = wished();
  const auto data = json::parse_or_throw(cancel_requested_data(order, "open"), "event");
  EXPECT_EQ(data.at("decide_by"), "2026-11-24T06:00:00Z");
  ASSERT_EQ(data.at("lines").as_array().size(), 1u);
  EXPECT_EQ(data.at("lines").at(0).at("line_id"), "b");
  EXPECT_EQ(data.at("lines").at(0).at("by"), "buyer");
  EXPECT_FALSE(data.at("lines").at(0).as_object().contains("reason"))
      << "it may be the buyer's own words";
  const auto schema = json::Schema::compile(
      json::parse_or_throw(json::event_schema("order.cancel_requested"), "schema"));
  order.ship_by.latest.reset();
  for (const auto& text : {data, json::parse_or_throw(cancel_requested_data(order, ""), "event")}) {
    for (const auto& error : schema.validate(text)) ADD_FAILURE() << error.pointer << error.message;
  }
}

}  // namespace
}  // namespace marketplug::sync
