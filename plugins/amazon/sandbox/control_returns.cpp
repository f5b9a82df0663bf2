// The control interface: what buyers send back.

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/control_impl.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"

namespace amazon_sandbox {
namespace {

void write_return(JsonWriter& json, const CustomerReturn& each) {
  json.open_object();
  json.member("rma_id", each.rma_id);
  json.member_unless_empty("merchant_rma_id", each.merchant_rma_id);
  json.member("order", each.order_id);
  json.member("item", each.line_id);
  json.member("sku", each.sku);
  json.member("fulfilled_by", fulfilled_by_name(each.fulfilled_by));
  json.member("marketplace", each.marketplace->code);
  json.member("requested", marketplug::format_time(each.requested));
  if (each.delivered) json.member("delivered", marketplug::format_time(*each.delivered));
  json.member("quantity", each.quantity);
  json.member("reason", each.reason);
  json.member_unless_empty("comment", each.comment);
  json.member("status", each.status);
  json.member("resolution", each.resolution);
  json.member_unless_empty("carrier", each.carrier);
  json.member_unless_empty("tracking_number", each.tracking_number);
  json.member_unless_empty("disposition", each.disposition);
  json.member("refunded_amount", format_amount(each.refunded, each.marketplace->decimals));
  json.close_object();
}

std::optional<TimePoint> time_ago(Control& control, std::string_view name) {
  const auto ago = control.fields.duration(name);
  if (!ago) return std::nullopt;
  return control.now - *ago;
}

std::string text_or_empty(ControlFields& fields, std::string_view name) {
  return fields.text(name).value_or("");
}

}  // namespace

Response list_returns(Control& control) {
  std::string seller;
  for (const auto& [name, value] : control.query) {
    if (name == "seller") seller = value;
  }
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("returns");
  json.open_array();
  for (const auto& each : control.simulator.returns(seller)) write_return(json, each);
  json.close_array();
  json.close_object();
  return json_response(200, std::move(body));
}

Response add_return(Control& control) {
  auto& fields = control.fields;
  NewReturn wanted;
  wanted.order_id = text_or_empty(fields, "order");
  wanted.line_id = text_or_empty(fields, "item");
  wanted.sku = text_or_empty(fields, "sku");
  const auto quantity = fields.number("quantity").value_or(1);
  wanted.requested = time_ago(control, "ago").value_or(control.now);
  wanted.rma_id = text_or_empty(fields, "rma_id");
  wanted.merchant_rma_id = text_or_empty(fields, "merchant_rma_id");
  wanted.reason = text_or_empty(fields, "reason");
  wanted.comment = text_or_empty(fields, "comment");
  wanted.status = text_or_empty(fields, "status");
  wanted.resolution = text_or_empty(fields, "resolution");
  wanted.carrier = text_or_empty(fields, "carrier");
  wanted.tracking_number = text_or_empty(fields, "tracking_number");
  wanted.disposition = text_or_empty(fields, "disposition");
  wanted.refunded_amount = text_or_empty(fields, "refunded_amount");
  wanted.delivered = time_ago(control, "delivered_ago");
  wanted.in_policy = fields.boolean("in_policy").value_or(true);
  wanted.a_to_z_claim = fields.boolean("a_to_z_claim").value_or(false);
  fields.done();
  if (wanted.order_id.empty()) ControlFields::refuse("order", "is missing");
  if (quantity == 0 || quantity > 1'000'000) ControlFields::refuse("quantity", "starts at 1");
  wanted.quantity = static_cast<std::int64_t>(quantity);
  std::string body;
  JsonWriter json(body);
  write_return(json, control.simulator.add_return(wanted));
  return json_response(201, std::move(body));
}

Response change_one_return(Control& control) {
  auto& fields = control.fields;
  ReturnChange change;
  change.status = fields.text("status");
  change.resolution = fields.text("resolution");
  change.carrier = fields.text("carrier");
  change.tracking_number = fields.text("tracking_number");
  change.refunded_amount = fields.text("refunded_amount");
  change.delivered = time_ago(control, "delivered_ago");
  fields.done();
  control.simulator.change_return(control.path[1], change);
  return json_response(200, "{}");
}

}  // namespace amazon_sandbox
