#include "host/api/currency_note.hpp"

#include <fmt/format.h>

#include "host/finance/finance.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::api {
namespace {

constexpr std::size_t kNewest = 200;

}  // namespace

std::optional<Finding> currency_note(store::Store& store, const store::ShopRecord& shop) {
  const auto rules = finance::rules_of(shop.document);
  if (rules.currency.empty()) return std::nullopt;
  store::OrderFilter filter;
  filter.shop = shop.id;
  filter.newest_first = true;
  filter.limit = kNewest;
  const auto page = store.orders().list(filter);
  std::size_t foreign = 0;
  std::string example;
  for (const auto& order : page.orders) {
    const auto decoded = json::decode_order(order.document, "");
    if (!decoded || finance::other_currency(decoded.value(), rules).empty()) continue;
    if (foreign++ == 0) example = order.id;
  }
  if (foreign == 0) return std::nullopt;
  Finding note;
  note.severity = Finding::Severity::kWarning;
  note.pointer = "/currency";
  note.message = fmt::format(
      "the shop's currency is {}, and {} of its {} newest orders have amounts in another one, "
      "such as {}; they are given as they are",
      rules.currency, foreign, page.orders.size(), example);
  note.remedy =
      "Where the back office books one currency per shop, make a shop for each currency with the "
      "marketplaces that sell in it.";
  return note;
}

}  // namespace marketplug::api
