// Pages on the wire: orders and returns each as the texts of their one codec, sightings by the
// table of host/json/audit_fields.hpp.
#include <boost/json/array.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "host/isolation/wire.hpp"
#include "host/isolation/wire_fields.hpp"
#include "host/json/audit_fields.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"

namespace marketplug::isolation::wire {
namespace {

using boost::json::object;
using boost::json::value;

/// What has a codec of its own, and how its items are called.
struct OrderTexts {
  static constexpr std::string_view kName = "order", kUnfit = "invalid_order";
  static std::string document(const Order& order) { return json::encode_order(order); }
  static std::string personal(const Order& order) { return json::encode_order_personal(order); }
  static Result<Order> item(std::string_view document, std::string_view personal) {
    return json::decode_order(document, personal);
  }
  static std::string_view raw(const Order& order) { return order.raw; }
  static void set_raw(Order& order, std::string text) { order.raw = std::move(text); }
  static std::optional<TimePoint> changed_at(const Order& order) {
    if (order.changed_at == TimePoint{}) return std::nullopt;
    return order.changed_at;
  }
};

struct ReturnTexts {
  static constexpr std::string_view kName = "return", kUnfit = "invalid_return";
  static std::string document(const BuyerReturn& one) { return json::encode_return(one); }
  static std::string personal(const BuyerReturn& one) { return json::encode_return_personal(one); }
  static Result<BuyerReturn> item(std::string_view document, std::string_view personal) {
    return json::decode_return(document, personal);
  }
  static std::string_view raw(const BuyerReturn&) { return {}; }
  static void set_raw(BuyerReturn&, const std::string&) {}
  static std::optional<TimePoint> changed_at(const BuyerReturn& one) { return one.changed_at; }
};

template <class Texts>
ParkedItem unfit(std::string id, std::string_view raw, std::optional<TimePoint> changed_at,
                 std::string_view why) {
  ParkedItem item;
  item.id = std::move(id);
  item.code = Texts::kUnfit;
  item.message.append("The ").append(Texts::kName).append(" cannot be stored: ").append(why);
  item.remedy = "Report it to the plugin's author; replay it after an update.";
  item.raw = raw;
  item.changed_at = changed_at;
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

/// The page around its items.
template <class T>
object envelope(const Page<T>& page, boost::json::array items, boost::json::array parked_items) {
  return {{"items", std::move(items)},
          {"parked", std::move(parked_items)},
          {"next", text(page.next.value)},
          {"caught_up", page.caught_up},
          {"look_again_at", time(page.look_again_at)},
          {"complete_until", time(page.complete_until)}};
}

template <class T>
Page<T> opened(const object& members) {
  Page<T> page;
  for (const auto& each : members.at("parked").as_array()) page.parked.push_back(parked_of(each));
  page.next.value = text_at(members, "next");
  page.caught_up = members.at("caught_up").as_bool();
  page.look_again_at = time_of(members.at("look_again_at"));
  page.complete_until = time_of(members.at("complete_until"));
  return page;
}

template <class T>
boost::json::array parked_list(const Page<T>& page) {
  boost::json::array list;
  for (const ParkedItem& item : page.parked) list.push_back(parked(item));
  return list;
}

template <class Texts, class T>
object text_page(const Page<T>& page) {
  boost::json::array items, parked_items = parked_list(page);
  items.reserve(page.items.size());
  for (const T& one : page.items) {
    try {
      object item{{"id", text(one.id)}, {Texts::kName, Texts::document(one)}};
      if (auto personal = Texts::personal(one); !personal.empty()) {
        item["personal"] = std::move(personal);
      }
      if (!Texts::raw(one).empty()) item["raw"] = text(Texts::raw(one));
      items.push_back(std::move(item));
    } catch (const std::exception& error) {
      parked_items.push_back(
          parked(unfit<Texts>(one.id, Texts::raw(one), Texts::changed_at(one), error.what())));
    }
  }
  return envelope(page, std::move(items), std::move(parked_items));
}

template <class Texts, class T>
Page<T> text_page_of(const value& from) {
  const auto& members = from.as_object();
  auto page = opened<T>(members);
  const auto& items = members.at("items").as_array();
  page.items.reserve(items.size());
  for (const auto& each : items) {
    const auto& item = each.as_object();
    std::string id = text_of(item.at("id"));
    const auto* personal = item.if_contains("personal");
    auto one = Texts::item(
        item.at(Texts::kName).as_string(),
        personal == nullptr ? std::string_view() : std::string_view(personal->as_string()));
    if (!one) {
      page.parked.push_back(
          unfit<Texts>(std::move(id), text_at(item, "raw"), std::nullopt, one.failure().message));
      continue;
    }
    one.value().id = std::move(id);  // whether it is a text is for the import to judge
    Texts::set_raw(one.value(), text_at(item, "raw"));
    page.items.push_back(std::move(one).value());
  }
  return page;
}

}  // namespace

object page(const Page<Order>& page) { return text_page<OrderTexts>(page); }
Page<Order> page_of(const value& from) { return text_page_of<OrderTexts, Order>(from); }

object returns(const Page<BuyerReturn>& page) { return text_page<ReturnTexts>(page); }
Page<BuyerReturn> returns_of(const value& from) {
  return text_page_of<ReturnTexts, BuyerReturn>(from);
}

object sightings(const Page<OrderSighting>& page) {
  return envelope(page, fields(page.items).as_array(), parked_list(page));
}

Page<OrderSighting> sightings_of(const value& from) {
  const auto& members = from.as_object();
  auto page = opened<OrderSighting>(members);
  page.items = fields_of<std::vector<OrderSighting>>(members.at("items"));
  return page;
}

value window(const AuditWindow& window) { return fields(window); }
AuditWindow window_of(const value& from) { return fields_of<AuditWindow>(from); }

}  // namespace marketplug::isolation::wire
