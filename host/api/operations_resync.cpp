#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "host/api/operation.hpp"
#include "host/api/views.hpp"

namespace marketplug::api {
namespace {

constexpr std::size_t kMostOrders = 1000;
constexpr std::size_t kWindowPage = 200;
/// For a quota; who has spent that of hours should hear of it.
constexpr std::chrono::minutes kLongestWait{10};

/// Ids have neither blanks nor commas at any marketplace that is known.
std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> ids;
  std::string id;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') {
      id += c;
    } else if (!id.empty()) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
      id.clear();
    }
  }
  if (!ids.empty() && ids.size() <= kMostOrders) return ids;
  throw OperationError(400, "bad_parameter",
                       fmt::format("orders.resync: {} order ids are named", ids.size()),
                       fmt::format("Give 1 to {} ids of the marketplace.", kMostOrders));
}

/// Where an order is that may not be here yet: the shop that has it, else the only one there is.
std::string shop_of(const Call& call, const std::vector<store::ShopRecord>& shops,
                    const std::string& order) {
  std::vector<std::string> having;
  for (const auto& shop : shops) {
    if (call.parts.store.orders().find(shop.id, order)) having.push_back(shop.id);
  }
  if (having.size() == 1) return having.front();
  if (having.empty() && shops.size() == 1) return shops.front().id;
  throw OperationError(409, "ambiguous_order",
                       having.empty() ? fmt::format("no shop has an order {} yet", order)
                                      : fmt::format("order {} is in shop {} and in shop {}", order,
                                                    having[0], having[1]),
                       "Name the shop too (--shop).");
}

/// Those placed in the window, of one shop or all.
std::vector<std::pair<std::string, std::string>> orders_in_window(const Call& call) {
  store::OrderFilter filter;
  filter.shop = call.arguments.text("shop");
  filter.placed_from = call.arguments.time("from");
  filter.placed_until = call.arguments.time("until");
  filter.limit = kWindowPage;
  filter.newest_first = false;
  std::vector<std::pair<std::string, std::string>> found;
  do {
    auto page = call.parts.store.orders().list(filter);
    for (auto& order : page.orders) found.emplace_back(order.shop, order.id);
    filter.after = std::move(page.next);
  } while (!filter.after.empty() && !call.parts.stopping());
  return found;
}

/// Waits for the marketplace's quota: many orders take the time that it allows.
Result<store::UpsertOutcome> fetch_patiently(const Call& call, const std::string& shop,
                                             const std::string& order) {
  for (;;) {
    auto result = call.parts.engine.fetch_order(shop, order);
    if (result || result.failure().kind != Failure::Kind::kThrottled) return result;
    const TimePoint now = call.parts.clock.now();
    const TimePoint again = result.failure().retry_at.value_or(now + kLongestWait);
    if (again >= now + kLongestWait || call.parts.stopping()) return result;
    call.emit(nullptr);
    call.parts.pause(std::max(again - now, std::chrono::milliseconds{1}));
  }
}

boost::json::object fetch(const Call& call, const std::string& shop, const std::string& order) {
  boost::json::object outcome{{"order", order}, {"shop", shop}};
  const auto result = fetch_patiently(call, shop, order);
  outcome["ok"] = static_cast<bool>(result);
  if (result) {
    outcome["message"] = text_of(result.value());
  } else {
    outcome["message"] = result.failure().message;
    outcome["remedy"] = result.failure().remedy;
  }
  return outcome;
}

boost::json::value resync(const Call& call) {
  const auto given = call.arguments.text("shop");
  if (!given.empty()) require_shop(call.parts.store, given);
  const auto shops = call.parts.store.shops().list();
  std::vector<std::pair<std::string, std::string>> wanted;
  const bool window = call.arguments.has("from") || call.arguments.has("until");
  if (window == call.arguments.has("orders")) {
    throw OperationError(400, "bad_parameter",
                         window ? "orders.resync: order ids and a window are given"
                                : "orders.resync: neither order ids nor a window is given",
                         "Give ids, or the window in which the orders were placed.");
  }
  if (window) wanted = orders_in_window(call);
  for (auto& id : window ? std::vector<std::string>() : ids_in(call.arguments.text("orders"))) {
    auto shop = given.empty() ? shop_of(call, shops, id) : given;
    wanted.emplace_back(std::move(shop), std::move(id));
  }
  std::int64_t fetched = 0, failed = 0;
  for (const auto& [shop, order] : wanted) {
    if (call.parts.stopping()) {
      throw OperationError(503, "stopping", "the service stopped before every order was fetched",
                           "Run it again; what was fetched stays so.");
    }
    auto outcome = fetch(call, shop, order);
    ++(outcome["ok"].get_bool() ? fetched : failed);
    call.emit(outcome);
  }
  return boost::json::object{{"fetched", fetched}, {"failed", failed}};
}

}  // namespace

std::vector<Operation> resync_operations() {
  using Type = Parameter::Type;
  return {{"orders.resync",
           {{"orders"}, {"shop"}, {"from", Type::kTime}, {"until", Type::kTime}},
           resync}};
}

}  // namespace marketplug::api
