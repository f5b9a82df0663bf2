// The control interface: orders, and what searches show of them.

#include <charconv>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/control_impl.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"

namespace amazon_sandbox {
namespace {

using std::chrono::milliseconds;

std::string query_value(const Control& control, std::string_view name) {
  for (const auto& [key, value] : control.query) {
    if (key == name) return value;
  }
  return {};
}

void write_summary(JsonWriter& json, const OrderSummary& order) {
  json.open_object();
  json.member("id", order.id);
  json.member("marketplace", order.marketplace->code);
  json.member("status", status_name(order.status));
  json.member("fulfilled_by", fulfilled_by_name(order.fulfilled_by));
  json.member("created", marketplug::format_time(order.created));
  json.member("updated", marketplug::format_time(order.updated));
  if (order.hidden) {
    json.key("hidden");
    json.boolean(true);
  }
  json.close_object();
}

void write_ids(std::string& body, const std::vector<std::string>& ids) {
  JsonWriter json(body);
  json.open_object();
  json.key("orders");
  json.open_array();
  for (const auto& id : ids) json.text(id);
  json.close_array();
  json.close_object();
}

/// "text", or "text_base64" where the bytes are none that JSON can carry.
std::string raw_text(ControlFields& fields) {
  const auto text = fields.text("text");
  const auto encoded = fields.text("text_base64");
  if (text && encoded) ControlFields::refuse("text", "give it once, as text or as text_base64");
  if (!encoded) return text.value_or("");
  const auto bytes = decode_base64(*encoded);
  if (!bytes) ControlFields::refuse("text_base64", "is no base64");
  return *bytes;
}

std::string add_raw(Control& control, const std::string& seller, std::string json) {
  RawOrder order;
  order.json = std::move(json);
  order.text = raw_text(control.fields);
  order.visible_after = control.fields.duration("visible_after");
  order.hidden = control.fields.boolean("hidden").value_or(false);
  control.fields.done("an order given as JSON says everything itself");
  return control.simulator.add_raw_order(std::move(order), seller);
}

std::vector<std::string> add_drawn(Control& control, const std::string& seller) {
  auto& fields = control.fields;
  NewOrder order;
  const auto count = fields.number("count").value_or(1);
  order.seed = fields.number("seed");
  order.marketplace = fields.marketplace("marketplace");
  order.status = fields.choice("status", status_by_name);
  order.fulfilled_by = fields.choice("fulfilled_by", fulfilled_by_by_name);
  order.visible_after = fields.duration("visible_after");
  order.hidden = fields.boolean("hidden").value_or(false);
  order.updated = control.now - fields.duration("ago").value_or(milliseconds(0));
  order.created = order.updated;
  if (const auto ago = fields.duration("created_ago")) order.created = control.now - *ago;
  fields.done("\"text\" and \"text_base64\" go with \"order\"");
  if (order.created > order.updated) {
    ControlFields::refuse("created_ago", "an order is not created after its last change");
  }
  if (count == 0 || count > 100'000) ControlFields::refuse("count", "must be 1 to 100000");
  std::vector<std::string> ids;
  for (std::uint64_t i = 0; i < count; ++i) {
    ids.push_back(control.simulator.add_order(order, seller));
    if (order.seed) ++*order.seed;
  }
  return ids;
}

}  // namespace

Response list_orders(Control& control) {
  const auto orders = control.simulator.orders(query_value(control, "seller"));
  const auto limit_text = query_value(control, "limit");
  std::size_t limit = 0;
  std::from_chars(limit_text.data(), limit_text.data() + limit_text.size(), limit);
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("count", static_cast<std::int64_t>(orders.size()));
  json.key("orders");
  json.open_array();
  const auto first = limit != 0 && limit < orders.size() ? orders.size() - limit : 0;
  for (auto i = first; i < orders.size(); ++i) write_summary(json, orders[i]);
  json.close_array();
  json.close_object();
  return json_response(200, std::move(body));
}

Response add_orders(Control& control) {
  const auto seller = control.fields.text("seller").value_or("");
  std::vector<std::string> ids;
  if (auto given = control.fields.json("order")) {
    ids.push_back(add_raw(control, seller, std::move(*given)));
  } else {
    ids = add_drawn(control, seller);
  }
  std::string body;
  write_ids(body, ids);
  return json_response(201, std::move(body));
}

Response get_one_order(Control& control) {
  return json_response(200, control.simulator.order_json(control.path[1]));
}

Response change_one_order(Control& control) {
  auto& fields = control.fields;
  OrderChange change;
  change.status = fields.choice("status", status_by_name);
  change.cancelled_by = fields.text("cancelled_by").value_or("");
  change.cancel_reason = fields.text("cancel_reason").value_or("");
  change.cancel_request = fields.text("cancel_request");
  change.merge = fields.json("merge").value_or("");
  change.set = fields.json("set").value_or("");
  change.backwards = fields.boolean("backwards").value_or(false);
  change.visible_after = fields.duration("visible_after");
  change.at = control.now - fields.duration("ago").value_or(milliseconds(0));
  fields.done();
  if (change.status != Status::kCancelled &&
      !(change.cancelled_by.empty() && change.cancel_reason.empty())) {
    ControlFields::refuse("cancelled_by",
                          "goes with \"status\": \"CANCELLED\", as cancel_reason does");
  }
  control.simulator.change_order(control.path[1], std::move(change));
  return json_response(200, control.simulator.order_json(control.path[1]));
}

Response get_settled(Control& control) {
  const auto unsettled = control.simulator.unsettled();
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("hidden", static_cast<std::int64_t>(unsettled.hidden));
  json.member("all_visible_at", marketplug::format_time(unsettled.all_visible_at));
  json.close_object();
  return json_response(200, std::move(body));
}

Response settle(Control& control) {
  control.simulator.settle();
  return get_settled(control);
}

}  // namespace amazon_sandbox
