#include "host/sync/order_events.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "host/json/order_codec.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {

std::string_view event_of_change(std::optional<OrderState> before, OrderState after) noexcept {
  const bool held =
      before && (*before == OrderState::kPending || *before == OrderState::kNeedsCorrection);
  switch (after) {
    case OrderState::kNeedsCorrection:
      return before == after ? "order.updated" : kOrderParked;
    case OrderState::kCancelled:
      return before == after ? "order.updated" : "order.cancelled";
    case OrderState::kPending:
      return !before || *before == OrderState::kNeedsCorrection ? "order.pending" : "order.updated";
    case OrderState::kOpen:
    case OrderState::kPartiallyShipped:
    case OrderState::kShipped:
      if (!before) return "order.imported";
      return held ? "order.ready" : "order.updated";
  }
  return "order.updated";
}

std::string parked_event_data(const ParkedItem& item, const store::OrderRow* row) {
  boost::json::object data;
  data["order_id"] = item.id;
  data["code"] = item.code.empty() ? "unspecified" : item.code;
  data["pointer"] = item.pointer;
  data["message"] = item.message;
  data["remedy"] = item.remedy;
  if (item.changed_at) data["changed_at"] = format_time(*item.changed_at);
  if (row != nullptr) {
    data["marketplace"] = row->marketplace;
    data["state"] = json::to_string(row->state);
    data["status"] = row->status;
    data["marketplace_status"] = row->marketplace_status;
  }
  return boost::json::serialize(data);
}

std::string shop_state_event_data(std::string_view before, std::string_view after,
                                  std::string_view reason) {
  boost::json::object data;
  data["state"] = after;
  data["previous"] = before;
  data["reason"] = reason;
  return boost::json::serialize(data);
}

}  // namespace marketplug::sync
