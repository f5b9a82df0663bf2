#include <boost/json/array.hpp>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

/// A shop that stands still is one as long as it does: its state is the alert.
bool stands_still(const store::ShopRecord& shop) { return shop.enabled && shop.state != "ok"; }

boost::json::object view_of_shop(const store::ShopRecord& shop) {
  store::AlertRecord record;
  record.shop = shop.id;
  record.kind = "shop";
  record.item = shop.id;
  record.alert.code = shop.state;
  record.alert.message = shop.state_reason;
  record.raised_at = shop.updated_at;
  return view_of(record);
}

boost::json::value list_alerts(const Call& call) {
  const auto only = call.arguments.text("shop");
  const auto limit = static_cast<std::size_t>(call.arguments.integer("limit", 100));
  std::vector<store::ShopRecord> shops;
  if (only.empty()) {
    shops = call.parts.store.shops().list();
  } else {
    shops.push_back(require_shop(call.parts.store, only));
  }
  boost::json::array alerts;
  for (const auto& shop : shops) {
    if (stands_still(shop) && alerts.size() < limit) alerts.push_back(view_of_shop(shop));
  }
  const bool open_only = !call.arguments.flag("all");
  for (const auto& record :
       call.parts.store.alerts().list(only, open_only, limit - alerts.size())) {
    alerts.push_back(view_of(record));
  }
  return boost::json::object{{"alerts", std::move(alerts)}};
}

}  // namespace

std::vector<Operation> alert_operations() {
  using Type = Parameter::Type;
  return {{"alerts.list",
           {{"shop"}, {"all", Type::kFlag}, {"limit", Type::kInteger, false, 1, 10'000}},
           list_alerts}};
}

}  // namespace marketplug::api
