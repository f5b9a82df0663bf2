#include "host/json/event_catalog.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "embedded/order_cancel_requested_schema_json.hpp"
#include "embedded/order_cancelled_schema_json.hpp"
#include "embedded/order_imported_schema_json.hpp"
#include "embedded/order_parked_schema_json.hpp"
#include "embedded/order_pending_schema_json.hpp"
#include "embedded/order_ready_schema_json.hpp"
#include "embedded/order_updated_schema_json.hpp"
#include "embedded/return_imported_schema_json.hpp"
#include "embedded/return_parked_schema_json.hpp"
#include "embedded/return_updated_schema_json.hpp"
#include "embedded/shop_state_changed_schema_json.hpp"
#include "host/json/append_text.hpp"
#include "host/json/order_codec.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::json {
namespace {

constexpr std::array<std::string_view, 11> kEventTypes{
    "order.cancel_requested", "order.cancelled", "order.imported",     "order.parked",
    "order.pending",          "order.ready",     "order.updated",      "return.imported",
    "return.parked",          "return.updated",  "shop.state_changed",
};
constexpr std::array<std::string_view, kEventTypes.size()> kEventSchemas{
    embedded::order_cancel_requested_schema_json, embedded::order_cancelled_schema_json,
    embedded::order_imported_schema_json,         embedded::order_parked_schema_json,
    embedded::order_pending_schema_json,          embedded::order_ready_schema_json,
    embedded::order_updated_schema_json,          embedded::return_imported_schema_json,
    embedded::return_parked_schema_json,          embedded::return_updated_schema_json,
    embedded::shop_state_changed_schema_json,
};

}  // namespace

std::span<const std::string_view> event_types() noexcept { return kEventTypes; }

std::string_view event_schema(std::string_view type) noexcept {
  const auto* const found = std::lower_bound(kEventTypes.begin(), kEventTypes.end(), type);
  if (found == kEventTypes.end() || *found != type) return {};
  return kEventSchemas[static_cast<std::size_t>(found - kEventTypes.begin())];
}

bool is_event_type(std::string_view type) noexcept { return !event_schema(type).empty(); }

std::string order_event_data(const Order& order, std::string_view status) {
  TextBuilder data(256);
  const auto member = [&data](std::string_view name, std::string_view value) {
    data << (data.size() == 0 ? '{' : ',');
    append_text(data, name);
    data << ':';
    append_text(data, value);
  };
  member("order_id", order.id);
  member("marketplace", order.marketplace);
  member("state", to_string(order.state));
  member("status", status);
  member("marketplace_status", order.marketplace_status);
  member("changed_at", format_time(order.changed_at));
  data << '}';
  return data.take();
}

}  // namespace marketplug::json
