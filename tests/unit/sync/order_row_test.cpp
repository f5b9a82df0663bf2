#include "host/sync/order_row.hpp"

#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::at;
using testing::make_order;

const TimePoint kNow = at("10:00");

Order personal_order() {
  Order order = make_order("1");
  order.personal_data = PersonalData::kPresent;
  order.buyer = Buyer{"Berta Beispiel", "berta@example.org", "", ""};
  order.recipient = Address{};
  order.recipient->name = "Berta Beispiel";
  order.tax_registrations.push_back({"buyer", "", "VAT", "X1", {}, ""});
  order.personal_attributes = R"({"note":"Berta"})";
  order.lines[0].gift_message = "for Berta";
  order.lines[0].customization_url = "https://example.org/berta";
  order.lines[0].properties = {{"Engraving", "Berta"}};
  order.lines[0].personal_attributes = R"({"engraving":"Berta"})";
  order.raw = R"({"buyer":"Berta"})";
  return order;
}

store::OrderRow row_of(Order order, const ShopRules& rules = {}) {
  RowOrParked made = make_row(order, rules, kNow);
  if (const auto* parked = std::get_if<ParkedItem>(&made)) {
    ADD_FAILURE() << parked->code << " " << parked->message;
    return {};
  }
  return std::get<store::OrderRow>(std::move(made));
}

ParkedItem parked_of(Order order, const ShopRules& rules = {}) {
  RowOrParked made = make_row(order, rules, kNow);
  return std::holds_alternative<ParkedItem>(made) ? std::get<ParkedItem>(made) : ParkedItem{};
}

TEST(OrderRow, CarriesWhatTheStoreIndexes) {
  ShopRules rules;
  rules.own_status = [](const Order& order) { return "own_" + order.marketplace_status; };
  rules.priority = [](const Order& order) { return order.lines.empty() ? 1 : 90; };
  const store::OrderRow row = row_of(personal_order(), rules);
  EXPECT_EQ(row.priority, 90);
  EXPECT_EQ(row.id, "1");
  EXPECT_EQ(row.marketplace, "NL");
  EXPECT_EQ(row.state, OrderState::kOpen);
  EXPECT_EQ(row.status, "own_UNSHIPPED");
  EXPECT_EQ(row.marketplace_status, "UNSHIPPED");
  EXPECT_EQ(row.changed_at, at("09:00"));
  EXPECT_EQ(row.placed_at, at("08:00"));
  EXPECT_FALSE(row.content_hash.empty());
  ASSERT_EQ(row.lines.size(), 1u);
  EXPECT_EQ(row.lines[0].sku, "SKU-1");
  EXPECT_EQ(row.lines[0].quantity, 1);
  EXPECT_NE(row.personal.find("Berta"), std::string::npos);
  EXPECT_EQ(row.document.find("Berta"), std::string::npos);
}

TEST(OrderRow, WithoutRulesTheStatusIsTheState) {
  EXPECT_EQ(row_of(make_order("1")).status, "open");
}

TEST(OrderRow, DropsEverythingPersonalWhereTheRulesSaySo) {
  ShopRules rules;
  rules.keep_personal_data = false;
  rules.keep_raw = ShopRules::KeepRaw::kAlways;
  const store::OrderRow row = row_of(personal_order(), rules);
  EXPECT_TRUE(row.personal.empty());
  EXPECT_TRUE(row.raw.empty());
  EXPECT_EQ(row.document.find("Berta"), std::string::npos);
  EXPECT_EQ(row.personal_data, PersonalData::kNotAsked);
}

TEST(OrderRow, TheCountryThatTheTaxDependsOnStaysInTheClear) {
  Order order = personal_order();
  order.recipient->country = "DE";
  EXPECT_NE(row_of(order).document.find(R"("delivery_country":"DE")"), std::string::npos);
  order.delivery_country = "NL";
  EXPECT_NE(row_of(order).document.find(R"("delivery_country":"NL")"), std::string::npos)
      << "the plugin's own word wins";
  order.delivery_country.clear();
  ShopRules rules;
  rules.keep_personal_data = false;
  EXPECT_EQ(row_of(order, rules).document.find("delivery_country"), std::string::npos);
}

TEST(OrderRow, TheHashKnowsOnlyWhatIsKept) {
  ShopRules rules;
  rules.keep_personal_data = false;
  Order other = personal_order();
  other.buyer->name = "Somebody Else";
  EXPECT_EQ(row_of(personal_order(), rules).content_hash, row_of(other, rules).content_hash);
  EXPECT_NE(row_of(personal_order()).content_hash, row_of(other).content_hash);
}

TEST(OrderRow, KeepsRawByTheRules) {
  ShopRules rules;
  rules.keep_raw = ShopRules::KeepRaw::kAlways;
  EXPECT_EQ(row_of(personal_order(), rules).raw, R"({"buyer":"Berta"})");
  rules.keep_raw = ShopRules::KeepRaw::kParked;
  EXPECT_TRUE(row_of(personal_order(), rules).raw.empty());
  rules.keep_raw = ShopRules::KeepRaw::kNever;
  EXPECT_TRUE(row_of(personal_order(), rules).raw.empty());
}

TEST(OrderRow, PersonalDataIsKeptFromTheLastShipment) {
  Order order = make_order("1", "09:00", OrderState::kShipped);
  order.deliver_by.latest = kNow + days{9};
  Parcel first, second;
  first.shipped_at = kNow - days{3};
  second.shipped_at = kNow - days{1};
  order.parcels = {second, first};
  EXPECT_EQ(keep_personal_until(order, 30), kNow - days{1} + days{30});
}

TEST(OrderRow, PersonalDataOfAnOpenOrderIsKeptFromTheEndOfTheDeliveryWindow) {
  Order order = make_order("1", "09:00", OrderState::kPartiallyShipped);
  Parcel parcel;
  parcel.shipped_at = kNow - days{300};
  order.parcels = {parcel};
  order.deliver_by.latest = kNow + days{2};
  order.lines[0].deliver_by.latest = kNow + days{75};
  EXPECT_EQ(keep_personal_until(order, 30), kNow + days{105});
}

TEST(OrderRow, ALateOrderThatIsNotShippedKeepsItsAddress) {
  using State = OrderState;
  for (const State state :
       {State::kPending, State::kOpen, State::kPartiallyShipped, State::kNeedsCorrection}) {
    Order order = make_order("1", "09:00", state);
    order.deliver_by.latest = kNow - days{40};
    EXPECT_EQ(keep_personal_until(order, 30), at("09:00") + days{90});
    EXPECT_EQ(keep_personal_until(order, 200), at("09:00") + days{200});
  }
  Order shipped = make_order("1", "09:00", State::kShipped);
  shipped.deliver_by.latest = kNow - days{40};
  EXPECT_EQ(keep_personal_until(shipped, 30), kNow - days{10});
}

TEST(OrderRow, PersonalDataIsKeptFromTheCancellation) {
  Order order = make_order("1", "09:00", OrderState::kCancelled);
  order.deliver_by.latest = kNow + days{50};
  EXPECT_EQ(keep_personal_until(order, 30), at("09:00") + days{30});
}

TEST(OrderRow, PersonalDataIsNeverKeptForEver) {
  EXPECT_EQ(keep_personal_until(make_order("1"), 30), at("09:00") + days{90});
  EXPECT_EQ(keep_personal_until(make_order("1"), 200), at("09:00") + days{200});
  Order shipped = make_order("1", "09:00", OrderState::kShipped);
  EXPECT_EQ(keep_personal_until(shipped, 30), at("09:00") + days{30});
  EXPECT_EQ(keep_personal_until(shipped, -4), at("09:00"));
  shipped.changed_at = TimePoint::max() - hours{1};
  EXPECT_EQ(keep_personal_until(shipped, 30), TimePoint::max());
}

/// The store decides: a machine whose clock is wrong would leave out what is to be kept.
TEST(OrderRow, DataWhoseTimeHasPassedGoesToTheStoreWithThatTime) {
  ShopRules rules;
  rules.keep_raw = ShopRules::KeepRaw::kAlways;
  Order order = personal_order();
  order.state = OrderState::kShipped;
  Parcel parcel;
  parcel.shipped_at = kNow - days{31};
  order.parcels = {parcel};
  const store::OrderRow expired = row_of(order, rules);
  EXPECT_EQ(expired.keep_personal_until, kNow - days{1});
  EXPECT_FALSE(expired.personal.empty());
  rules.retention_days = 60;
  EXPECT_EQ(expired.content_hash, row_of(order, rules).content_hash);
}

TEST(OrderRow, ParksWhatTheStoreCouldNotGuard) {
  Order order = make_order("");
  EXPECT_EQ(parked_of(order).code, "missing_id");
  EXPECT_EQ(parked_of(order).id.substr(0, 8), "unknown:");
  EXPECT_EQ(parked_of(make_order(std::string(300, 'x'))).code, "long_id");
  const std::string garbage("\xff\0\x1b[2J", 6);
  for (const auto& id : {garbage, std::string("a\nb"), std::string("\u0085")}) {
    EXPECT_EQ(parked_of(make_order(id)).code, "bad_id");
    EXPECT_EQ(parked_of(make_order(id)).id.substr(0, 8), "unknown:");
    EXPECT_EQ(parked_of(make_order(id)).message.find('\0'), std::string::npos);
  }
  EXPECT_NE(parked_of(make_order("a\nb")).id, parked_of(make_order("a\nc")).id);
  order = make_order("1");
  order.changed_at = TimePoint{};
  EXPECT_EQ(parked_of(order).code, "missing_change_time");
  order.changed_at = kNow + days{2};
  EXPECT_EQ(parked_of(order).code, "future_change_time");
  EXPECT_EQ(parked_of(order).id, "1");
  order.changed_at = kNow + hours{23};
  EXPECT_EQ(row_of(order).id, "1");
  order.sales_channel.assign(4u << 20, 'x');
  EXPECT_EQ(parked_of(order).code, "too_large");
}

TEST(OrderRow, ParksAnOrderThatTheRulesCannotTake) {
  ShopRules rules;
  rules.own_status = [](const Order&) -> std::string { throw std::runtime_error("no status"); };
  const ParkedItem item = parked_of(personal_order(), rules);
  EXPECT_EQ(item.code, "invalid_order");
  EXPECT_NE(item.message.find("no status"), std::string::npos);
  EXPECT_EQ(item.raw, R"({"buyer":"Berta"})");
}

TEST(OrderRow, ParkedItemsKeepRawByTheRules) {
  const ParkedItem item = testing::make_parked("7");
  ShopRules rules;
  EXPECT_EQ(parked_by_rules(item, rules).raw, "{}");
  rules.keep_raw = ShopRules::KeepRaw::kNever;
  EXPECT_TRUE(parked_by_rules(item, rules).raw.empty());
  rules.keep_raw = ShopRules::KeepRaw::kAlways;
  rules.keep_personal_data = false;
  EXPECT_TRUE(parked_by_rules(item, rules).raw.empty());
}

TEST(OrderRow, ADocumentOfAParkedItemHasALimit) {
  ParkedItem item;
  item.id = "A-1";
  item.message = "The order cannot be read.";
  item.raw.assign(4u << 20, 'x');
  EXPECT_EQ(parked_by_rules(item, {}).raw.size(), item.raw.size());
  item.raw.push_back('x');
  const ParkedItem kept = parked_by_rules(item, {});
  EXPECT_TRUE(kept.raw.empty());
  EXPECT_EQ(kept.message,
            "The order cannot be read. (Its document of 4194305 bytes is not kept: the limit is "
            "4194304.)");
}

TEST(OrderRow, UnreadableItemsNeverReplaceEachOther) {
  ParkedItem one = testing::make_parked("");
  ParkedItem two = one;
  two.raw = "{ }";
  EXPECT_NE(parked_by_rules(one, {}).id, parked_by_rules(two, {}).id);
  EXPECT_EQ(parked_by_rules(one, {}).id, parked_by_rules(one, {}).id);
}

}  // namespace
}  // namespace marketplug::sync
