// Pages of orders on the wire: each order as the texts of the one codec.
#include <boost/json/array.hpp>
#include <exception>
#include <utility>

#include "host/isolation/wire.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::isolation::wire {
namespace {

using boost::json::object;
using boost::json::value;

ParkedItem unfit(const Order& order, const std::string& why) {
  ParkedItem item;
  item.id = order.id;
  item.code = "invalid_order";
  item.message = "The order cannot be stored: " + why;
  item.remedy = "Report it to the plugin's author; replay it after an update.";
  item.raw = order.raw;
  if (order.changed_at != TimePoint{}) item.changed_at = order.changed_at;
  return item;
}

object parked(const ParkedItem& item) {
  return {{"id", text(item.id)},
          {"code", text(item.code)},
          {"pointer", text(item.pointer)},
          {"message", text(item.message)},
          {"remedy", text(item.remedy)},
          {"raw", text(item.raw)},
          {"changed_at", time(item.changed_at)}};
}

ParkedItem parked_of(const value& from) {
  const auto& members = from.as_object();
  return {text_at(members, "id"),           text_at(members, "code"),   text_at(members, "pointer"),
          text_at(members, "message"),      text_at(members, "remedy"), text_at(members, "raw"),
          time_of(members.at("changed_at"))};
}

}  // namespace

object page(const Page<Order>& page) {
  boost::json::array items, parked_items;
  items.reserve(page.items.size());
  for (const ParkedItem& item : page.parked) parked_items.push_back(parked(item));
  for (const Order& order : page.items) {
    try {
      object item{{"id", text(order.id)}, {"order", json::encode_order(order)}};
      if (auto personal = json::encode_order_personal(order); !personal.empty()) {
        item["personal"] = std::move(personal);
      }
      if (!order.raw.empty()) item["raw"] = text(order.raw);
      items.push_back(std::move(item));
    } catch (const std::exception& error) {
      parked_items.push_back(parked(unfit(order, error.what())));
    }
  }
  return {{"items", std::move(items)},
          {"parked", std::move(parked_items)},
          {"next", text(page.next.value)},
          {"caught_up", page.caught_up},
          {"look_again_at", time(page.look_again_at)},
          {"complete_until", time(page.complete_until)}};
}

Page<Order> page_of(const value& from) {
  const auto& members = from.as_object();
  Page<Order> page;
  for (const auto& each : members.at("parked").as_array()) page.parked.push_back(parked_of(each));
  const auto& items = members.at("items").as_array();
  page.items.reserve(items.size());
  for (const auto& each : items) {
    const auto& item = each.as_object();
    const auto* personal = item.if_contains("personal");
    auto order = json::decode_order(
        item.at("order").as_string(),
        personal == nullptr ? std::string_view() : std::string_view(personal->as_string()));
    if (!order) {
      Order unread;
      unread.id = text_at(item, "id");
      unread.raw = text_at(item, "raw");
      page.parked.push_back(unfit(unread, order.failure().message));
      continue;
    }
    order.value().raw = text_at(item, "raw");
    page.items.push_back(std::move(order).value());
  }
  page.next.value = text_at(members, "next");
  page.caught_up = members.at("caught_up").as_bool();
  page.look_again_at = time_of(members.at("look_again_at"));
  page.complete_until = time_of(members.at("complete_until"));
  return page;
}

}  // namespace marketplug::isolation::wire
