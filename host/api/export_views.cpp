#include "host/api/export_views.hpp"

#include <boost/json/parse.hpp>

#include "host/json/pointer.hpp"

namespace marketplug::api {

using boost::json::object;

sync::BuyerCancel buyer_cancel_of(std::string_view shop_document) {
  boost::system::error_code error;
  const auto shop = boost::json::parse(shop_document, error);
  const auto* chosen = error ? nullptr : json::find_value(shop, "/exports/buyer_cancel");
  const bool passes = chosen != nullptr && *chosen == "pass";
  return passes ? sync::BuyerCancel::kPass : sync::BuyerCancel::kHold;
}

void add_exports(object& view, const Order& order, sync::BuyerCancel buyer_cancel) {
  object exports;
  for (const auto kind :
       {sync::ExportKind::kShipment, sync::ExportKind::kCancellation, sync::ExportKind::kRefund}) {
    const auto answer = sync::export_answer(order, kind, buyer_cancel);
    object shown{{"answer", to_string(answer.kind)}};
    if (!answer.code.empty()) shown["code"] = answer.code;
    if (!answer.reason.empty()) shown["reason"] = answer.reason;
    exports[to_string(kind)] = std::move(shown);
  }
  view["exports"] = std::move(exports);
}

}  // namespace marketplug::api
