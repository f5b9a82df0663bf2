#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "host/api/contact_views.hpp"
#include "host/api/export_views.hpp"
#include "host/api/finance_views.hpp"
#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::api {
namespace {

constexpr std::size_t kExportPage = 200;

OrderState state_of(const std::string& name) {
  std::string known;
  for (const auto state :
       {OrderState::kPending, OrderState::kOpen, OrderState::kPartiallyShipped,
        OrderState::kShipped, OrderState::kCancelled, OrderState::kNeedsCorrection}) {
    if (json::to_string(state) == name) return state;
    if (!known.empty()) known += ", ";
    known += json::to_string(state);
  }
  throw OperationError(400, "bad_parameter", fmt::format("there is no order state {}", name),
                       fmt::format("States: {}.", known));
}

store::OrderFilter filter_of(const Call& call) {
  store::OrderFilter filter;
  filter.shop = call.arguments.text("shop");
  if (!filter.shop.empty()) require_shop(call.parts.store, filter.shop);
  filter.marketplace = call.arguments.text("marketplace");
  filter.status = call.arguments.text("status");
  if (call.arguments.has("state")) filter.state = state_of(call.arguments.text("state"));
  filter.placed_from = call.arguments.time("placed_from");
  filter.placed_until = call.arguments.time("placed_until");
  filter.after = call.arguments.text("after");
  return filter;
}

boost::json::value list_orders(const Call& call) {
  auto filter = filter_of(call);
  filter.limit = static_cast<std::size_t>(call.arguments.integer("limit", 50));
  filter.newest_first = !call.arguments.flag("oldest_first");
  const auto page = call.parts.store.orders().list(filter);
  boost::json::array orders;
  for (const auto& order : page.orders) orders.push_back(view_of(order));
  return boost::json::object{{"orders", std::move(orders)}, {"next", page.next}};
}

/// The shop that has the order; asked for when the caller names none.
std::string shop_of_order(const Call& call, const std::string& id) {
  auto given = call.arguments.text("shop");
  if (!given.empty()) {
    require_shop(call.parts.store, given);
    if (call.parts.store.orders().find(given, id)) return given;
    throw OperationError(404, "no_such_order", fmt::format("shop {} has no order {}", given, id),
                         "Check the id with `marketplug orders list`.");
  }
  std::string found;
  for (const auto& shop : call.parts.store.shops().list()) {
    if (!call.parts.store.orders().find(shop.id, id)) continue;
    if (!found.empty()) {
      throw OperationError(409, "ambiguous_order",
                           fmt::format("order {} is in shop {} and in shop {}", id, found, shop.id),
                           "Name the shop too (--shop).");
    }
    found = shop.id;
  }
  if (found.empty()) {
    throw OperationError(404, "no_such_order", fmt::format("no shop has an order {}", id),
                         "Check the id with `marketplug orders list`.");
  }
  return found;
}

/// Orders as people and back offices get them: contacts, books and exports as their shop has
/// chosen.
class OrderView {
 public:
  explicit OrderView(const Call& call) : call_(call) {}

  boost::json::value operator()(const store::StoredOrder& order) {
    auto view = full_view_of(order);
    const Chosen& chosen = chosen_by(order.shop);
    if (!order.personal.empty()) add_contact_parts(view, chosen.contacts);
    const auto decoded = json::decode_order(order.document, "");
    if (auto* members = view.if_object(); members != nullptr && decoded) {
      add_finances(*members, decoded.value(), chosen.books);
      add_exports(*members, decoded.value(), chosen.buyer_cancel);
    }
    return view;
  }

 private:
  struct Chosen {
    ContactDetail contacts;
    finance::Rules books;
    sync::BuyerCancel buyer_cancel = sync::BuyerCancel::kHold;
  };

  const Chosen& chosen_by(const std::string& shop) {
    const auto [known, fresh] = chosen_.try_emplace(shop);
    if (fresh) {
      const auto record = call_.parts.store.shops().find(shop);
      if (record) {
        known->second = {contact_detail_of(record->document), finance::rules_of(record->document),
                         buyer_cancel_of(record->document)};
      }
    }
    return known->second;
  }

  const Call& call_;
  std::map<std::string, Chosen> chosen_;
};

boost::json::value show_order(const Call& call) {
  const auto id = call.arguments.text("order");
  const auto shop = shop_of_order(call, id);
  auto& orders = call.parts.store.orders();
  const auto order = call.arguments.flag("personal") ? orders.find_personal(shop, id, call.who)
                                                     : orders.find(shop, id);
  if (!order) {
    throw OperationError(404, "no_such_order", fmt::format("shop {} has no order {}", shop, id),
                         "Check the id with `marketplug orders list`.");
  }
  return OrderView(call)(*order);
}

boost::json::value export_orders(const Call& call) {
  auto filter = filter_of(call);
  filter.newest_first = false;
  const auto limit = static_cast<std::size_t>(call.arguments.integer("limit", 0));
  const bool personal = call.arguments.flag("personal");
  auto& orders = call.parts.store.orders();
  OrderView view(call);
  std::size_t exported = 0;
  while (!call.parts.stopping()) {
    filter.limit = limit == 0 ? kExportPage : std::min(kExportPage, limit - exported);
    const auto page = personal ? orders.list_personal(filter, call.who) : orders.list(filter);
    for (const auto& order : page.orders) call.emit(view(order));
    exported += page.orders.size();
    const bool enough = limit != 0 && exported >= limit;
    if (page.next.empty() || enough) {
      return boost::json::object{{"exported", exported}, {"next", page.next}};
    }
    filter.after = page.next;
  }
  throw OperationError(503, "stopping", "the service stopped before the export was complete",
                       fmt::format("Go on with `--after {}`.", filter.after));
}

}  // namespace

std::vector<Operation> order_operations() {
  using Type = Parameter::Type;
  const std::vector<Parameter> filter{{"shop"},
                                      {"marketplace"},
                                      {"status"},
                                      {"state"},
                                      {"after"},
                                      {"placed_from", Type::kTime},
                                      {"placed_until", Type::kTime}};
  auto list = filter;
  list.push_back({"limit", Type::kInteger, false, 1, 1000});
  list.push_back({"oldest_first", Type::kFlag});
  auto exported = filter;
  exported.push_back({"limit", Type::kInteger, false, 1});
  exported.push_back({"personal", Type::kFlag});
  return {{"orders.list", std::move(list), list_orders},
          {"orders.show",
           {{"order", Type::kText, true}, {"shop"}, {"personal", Type::kFlag}},
           show_order},
          {"orders.export", std::move(exported), export_orders}};
}

}  // namespace marketplug::api
