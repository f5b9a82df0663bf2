#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <string>
#include <utility>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"
#include "host/json/return_codec.hpp"

namespace marketplug::api {
namespace {

ReturnState return_state_of(const std::string& name) {
  std::string known;
  for (const auto state :
       {ReturnState::kRequested, ReturnState::kAuthorized, ReturnState::kReceived,
        ReturnState::kClosed, ReturnState::kRejected, ReturnState::kUnknown}) {
    if (json::to_string(state) == name) return state;
    if (!known.empty()) known += ", ";
    known += json::to_string(state);
  }
  throw OperationError(400, "bad_parameter", fmt::format("a return has no state {}", name),
                       fmt::format("States: {}.", known));
}

boost::json::value list_returns(const Call& call) {
  store::ReturnFilter filter;
  filter.shop = call.arguments.text("shop");
  if (!filter.shop.empty()) require_shop(call.parts.store, filter.shop);
  filter.order_id = call.arguments.text("order");
  if (call.arguments.has("state")) filter.state = return_state_of(call.arguments.text("state"));
  filter.unlinked = call.arguments.flag("unlinked");
  filter.limit = static_cast<std::size_t>(call.arguments.integer("limit", 50));
  boost::json::array returns;
  for (const auto& each : call.parts.store.returns().list(filter)) {
    returns.push_back(full_view_of(each));
  }
  return boost::json::object{{"returns", std::move(returns)}};
}

OperationError no_such_return(const std::string& id, const std::string& shop) {
  return {404, "no_such_return",
          shop.empty() ? fmt::format("no shop has a return {}", id)
                       : fmt::format("shop {} has no return {}", shop, id),
          "Check the id with `marketplug returns list`."};
}

std::string shop_of_return(const Call& call, const std::string& id) {
  auto given = call.arguments.text("shop");
  if (!given.empty()) return require_shop(call.parts.store, given).id;
  std::string found;
  for (const auto& shop : call.parts.store.shops().list()) {
    if (!call.parts.store.returns().find(shop.id, id)) continue;
    if (!found.empty()) {
      throw OperationError(
          409, "ambiguous_return",
          fmt::format("return {} is in shop {} and in shop {}", id, found, shop.id),
          "Name the shop too (--shop).");
    }
    found = shop.id;
  }
  if (found.empty()) throw no_such_return(id, "");
  return found;
}

boost::json::value show_return(const Call& call) {
  const auto id = call.arguments.text("return");
  const auto shop = shop_of_return(call, id);
  auto& returns = call.parts.store.returns();
  auto found = returns.find(shop, id);
  if (!found) throw no_such_return(id, shop);
  if (call.arguments.flag("personal")) found = returns.find_personal(shop, id, call.who);
  return full_view_of(found.value());
}

}  // namespace

std::vector<Operation> return_operations() {
  using Type = Parameter::Type;
  return {{"returns.list",
           {{"shop"},
            {"order"},
            {"state"},
            {"unlinked", Type::kFlag},
            {"limit", Type::kInteger, false, 1, 1000}},
           list_returns},
          {"returns.show",
           {{"return", Type::kText, true}, {"shop"}, {"personal", Type::kFlag}},
           show_return}};
}

}  // namespace marketplug::api
