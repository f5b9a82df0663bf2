#include "host/sync/order_events.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "host/json/event_catalog.hpp"

namespace marketplug::sync {
namespace {

using S = OrderState;

struct Row {
  std::optional<S> before;
  S after;
  const char* type;
};

class EventOfChange : public ::testing::TestWithParam<Row> {};

TEST_P(EventOfChange, IsAsTheTableSays) {
  EXPECT_EQ(event_of_change(GetParam().before, GetParam().after), GetParam().type);
  EXPECT_TRUE(json::is_event_type(event_of_change(GetParam().before, GetParam().after)));
}

const Row kTable[] = {
    {{}, S::kPending, "order.pending"},
    {{}, S::kOpen, "order.imported"},
    {{}, S::kPartiallyShipped, "order.imported"},
    {{}, S::kShipped, "order.imported"},
    {{}, S::kCancelled, "order.cancelled"},
    {{}, S::kNeedsCorrection, "order.parked"},
    {S::kPending, S::kPending, "order.updated"},
    {S::kPending, S::kOpen, "order.ready"},
    {S::kPending, S::kPartiallyShipped, "order.ready"},
    {S::kPending, S::kShipped, "order.ready"},
    {S::kPending, S::kCancelled, "order.cancelled"},
    {S::kPending, S::kNeedsCorrection, "order.parked"},
    {S::kOpen, S::kPending, "order.updated"},
    {S::kOpen, S::kOpen, "order.updated"},
    {S::kOpen, S::kPartiallyShipped, "order.updated"},
    {S::kOpen, S::kShipped, "order.updated"},
    {S::kOpen, S::kCancelled, "order.cancelled"},
    {S::kOpen, S::kNeedsCorrection, "order.parked"},
    {S::kShipped, S::kShipped, "order.updated"},
    {S::kShipped, S::kCancelled, "order.cancelled"},
    {S::kCancelled, S::kCancelled, "order.updated"},
    {S::kCancelled, S::kOpen, "order.updated"},
    {S::kCancelled, S::kNeedsCorrection, "order.parked"},
    {S::kNeedsCorrection, S::kPending, "order.pending"},
    {S::kNeedsCorrection, S::kOpen, "order.ready"},
    {S::kNeedsCorrection, S::kShipped, "order.ready"},
    {S::kNeedsCorrection, S::kCancelled, "order.cancelled"},
    {S::kNeedsCorrection, S::kNeedsCorrection, "order.updated"},
};
INSTANTIATE_TEST_SUITE_P(Table, EventOfChange, ::testing::ValuesIn(kTable));

TEST(OrderEvents, ParkedDataNamesTheReason) {
  ParkedItem item;
  item.id = "42";
  item.message = "why";
  const auto data = boost::json::parse(parked_event_data(item, nullptr)).as_object();
  EXPECT_EQ(data.at("order_id"), "42");
  EXPECT_EQ(data.at("code"), "unspecified");
  EXPECT_EQ(data.at("message"), "why");
  EXPECT_FALSE(data.contains("state"));
  EXPECT_FALSE(data.contains("raw"));
}

TEST(OrderEvents, ParkedDataOfAStoredOrderNamesItsState) {
  ParkedItem item;
  item.id = "42";
  item.code = "needs_correction";
  store::OrderRow row;
  row.state = S::kNeedsCorrection;
  row.marketplace = "NL";
  const auto data = boost::json::parse(parked_event_data(item, &row)).as_object();
  EXPECT_EQ(data.at("state"), "needs_correction");
  EXPECT_EQ(data.at("marketplace"), "NL");
}

TEST(OrderEvents, ShopStateDataNamesBothStates) {
  const auto data = boost::json::parse(shop_state_event_data("ok", "needs_attention", "why"));
  EXPECT_EQ(data.at("state"), "needs_attention");
  EXPECT_EQ(data.at("previous"), "ok");
  EXPECT_EQ(data.at("reason"), "why");
}

}  // namespace
}  // namespace marketplug::sync
