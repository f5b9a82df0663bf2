#include "host/sync/order_alerts.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {
namespace {

/// Long enough for a person who was away; nothing of the order would ever end it.
constexpr std::chrono::days kToldFor{30};
/// A shop with orders gets one within a day, most often.
constexpr std::chrono::days kLooked{1};

bool asks(const OrderLine& line) { return line.cancel_requested && !line.cancelled; }

bool was_sent(const Order& order) {
  return !order.parcels.empty() ||
         std::any_of(order.lines.begin(), order.lines.end(),
                     [](const OrderLine& line) { return line.quantity_shipped.value_or(0) > 0; });
}

store::Alert cancelled_after_shipment(TimePoint now) {
  store::Alert alert;
  alert.code = kCancelledAfterShipment;
  alert.message = "The marketplace cancelled the order after parcels of it were sent.";
  alert.remedy =
      "Stop the parcel where it can still be stopped, or claim the goods back at the marketplace.";
  alert.ends_at = now + kToldFor;
  return alert;
}

}  // namespace

bool wishes_cancellation(const Order& order) {
  if (order.state == OrderState::kCancelled || order.state == OrderState::kShipped) return false;
  return std::any_of(order.lines.begin(), order.lines.end(), asks);
}

std::vector<store::Alert> order_alerts(const Order& order, TimePoint now) {
  std::vector<store::Alert> alerts;
  if (wishes_cancellation(order)) {
    store::Alert& wish = alerts.emplace_back();
    wish.code = kBuyerCancel;
    wish.message = "The buyer asks to cancel the order.";
    wish.remedy =
        "Decide before the order must be sent: cancel it, or ship it all the same. With "
        "exports.buyer_cancel: hold its shipments wait until then.";
    wish.due_at = order.ship_by.latest;
  }
  if (order.state == OrderState::kCancelled && was_sent(order)) {
    alerts.push_back(cancelled_after_shipment(now));
  }
  return alerts;
}

std::optional<store::Alert> shipped_before(std::optional<OrderState> before, OrderState after,
                                           TimePoint now) {
  const bool sent = before == OrderState::kShipped || before == OrderState::kPartiallyShipped;
  if (!sent || after != OrderState::kCancelled) return std::nullopt;
  return cancelled_after_shipment(now);
}

bool lacks_buyers_data(const store::OrderRow& order) noexcept {
  const bool to_send =
      order.state == OrderState::kOpen || order.state == OrderState::kPartiallyShipped;
  return to_send && order.fulfilled_by == FulfilledBy::kMerchant &&
         order.personal_data == PersonalData::kMissing;
}

store::Alert buyers_data_missing(TimePoint now) {
  store::Alert alert;
  alert.code = kBuyersData;
  alert.message =
      "Orders that are to be sent come without the buyers' data that the shop asks for.";
  alert.remedy =
      "`marketplug check` names the permission that lacks. Once it is granted, `marketplug orders "
      "resync` fetches an order again.";
  alert.ends_at = now + kLooked;
  return alert;
}

std::string cancel_requested_data(const Order& order, std::string_view status) {
  boost::json::array lines;
  for (const OrderLine& line : order.lines) {
    if (!asks(line)) continue;
    // The reason may be the buyer's own words: it stays in the order.
    lines.push_back(boost::json::object{{"line_id", json::fit_text(line.id)},
                                        {"by", json::fit_text(line.cancel_requested->by)}});
  }
  boost::json::object data;
  data["order_id"] = order.id;
  data["marketplace"] = json::fit_text(order.marketplace);
  data["state"] = json::to_string(order.state);
  data["status"] = status;
  data["marketplace_status"] = json::fit_text(order.marketplace_status);
  data["changed_at"] = format_time(order.changed_at);
  if (order.ship_by.latest) data["decide_by"] = format_time(*order.ship_by.latest);
  data["lines"] = std::move(lines);
  return boost::json::serialize(data);
}

}  // namespace marketplug::sync
