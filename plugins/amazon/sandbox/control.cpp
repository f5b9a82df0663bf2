// The control interface: what a test or a person may do to the simulator, as JSON over HTTP.

#include <functional>
#include <stdexcept>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/control_fields.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/simulator_impl.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace amazon_sandbox {
namespace {

/// One request to the control interface: its path's parts, its query, its body.
struct Control {
  Simulator& simulator;
  std::vector<std::string> path;
  Parameters query;
  ControlFields fields;
  TimePoint now{};
};

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
  json.close_object();
}

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
  auto& fields = control.fields;
  NewOrder order;
  const auto seller = fields.text("seller").value_or("");
  const auto given = fields.json("order");
  const auto count = fields.number("count").value_or(1);
  order.seed = fields.number("seed");
  order.marketplace = fields.marketplace("marketplace");
  order.status = fields.choice("status", status_by_name);
  order.fulfilled_by = fields.choice("fulfilled_by", fulfilled_by_by_name);
  order.updated = control.now - fields.duration("ago").value_or(std::chrono::milliseconds(0));
  order.created = order.updated;
  if (const auto ago = fields.duration("created_ago")) order.created = control.now - *ago;
  fields.done();
  if (order.created > order.updated) {
    ControlFields::refuse("created_ago", "an order is not created after its last change");
  }
  if (count == 0 || count > 100'000) ControlFields::refuse("count", "must be 1 to 100000");
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("orders");
  json.open_array();
  if (given) {
    json.text(control.simulator.add_order_json(*given, seller));
  } else {
    for (std::uint64_t i = 0; i < count; ++i) {
      json.text(control.simulator.add_order(order, seller));
      if (order.seed) ++*order.seed;
    }
  }
  json.close_array();
  json.close_object();
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
  change.at = control.now - fields.duration("ago").value_or(std::chrono::milliseconds(0));
  fields.done();
  control.simulator.change_order(control.path[1], std::move(change));
  return json_response(200, control.simulator.order_json(control.path[1]));
}

Response inject_fault(Control& control) {
  auto& fields = control.fields;
  Fault fault;
  fault.operation = fields.text("operation").value_or("*");
  const auto kind = fields.choice("kind", fault_by_name);
  fault.status = static_cast<int>(fields.number("status").value_or(500));
  fault.body = fields.text("body").value_or("");
  fault.delay = fields.duration("delay").value_or(std::chrono::milliseconds(0));
  fault.next = fields.number("next");
  fault.every = fields.number("every").value_or(1);
  fields.done();
  if (!kind) ControlFields::refuse("kind", "is missing");
  fault.kind = *kind;
  control.simulator.inject(fault);
  return json_response(201, "{}");
}

Response clear_faults(Control& control) {
  control.simulator.clear_faults();
  return json_response(200, "{}");
}

std::optional<MissingRole> missing_role_by_name(std::string_view name) {
  if (name == "omit") return MissingRole::kOmit;
  if (name == "403") return MissingRole::kForbidden;
  if (name == "400") return MissingRole::kBadRequest;
  return std::nullopt;
}

Response change_settings(Control& control) {
  auto& fields = control.fields;
  auto settings = control.simulator.settings();
  if (const auto* factor = fields.take("quota_factor")) {
    if (factor->is_string() && factor->get_string() == "off") {
      settings.quota_factor.reset();
    } else if (factor->is_number()) {
      settings.quota_factor = factor->to_number<double>();
    } else {
      ControlFields::refuse("quota_factor", "must be a number or \"off\"");
    }
  }
  if (const auto delay = fields.duration("visible_after")) {
    settings.visible_after_min = settings.visible_after_max = *delay;
  }
  if (const auto delay = fields.duration("visible_after_min")) settings.visible_after_min = *delay;
  if (const auto delay = fields.duration("visible_after_max")) settings.visible_after_max = *delay;
  if (const auto on = fields.boolean("pending_details")) settings.pending_details = *on;
  if (const auto way = fields.choice("missing_role", missing_role_by_name)) {
    settings.missing_role = *way;
  }
  if (const auto on = fields.boolean("rotate_refresh_tokens")) settings.rotate_refresh_tokens = *on;
  fields.done();
  control.simulator.configure(settings);
  return json_response(200, "{}");
}

std::set<std::string, std::less<>> role_set(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (name != role::kInventory && name != role::kDelivery && name != role::kTaxInvoicing &&
        name != role::kTaxRemittance) {
      ControlFields::refuse("roles", "unknown role \"" + name + "\"");
    }
  }
  return {names.begin(), names.end()};
}

Response add_seller(Control& control) {
  auto& fields = control.fields;
  SellerSpec seller;
  seller.id = fields.text("id").value_or("");
  seller.store_name = fields.text("store_name").value_or("Simulated Store");
  seller.region = fields.choice("region", region_by_name).value_or(Region::kEurope);
  seller.marketplaces =
      fields.marketplaces("marketplaces").value_or(std::vector<const Marketplace*>{});
  seller.roles = role_set(fields.texts("roles").value_or(
      std::vector<std::string>{std::string(role::kInventory), std::string(role::kDelivery),
                               std::string(role::kTaxInvoicing)}));
  const auto token = fields.text("refresh_token");
  fields.done();
  if (seller.marketplaces.empty()) ControlFields::refuse("marketplaces", "is missing or empty");
  control.simulator.add_seller(seller);
  if (token) {
    control.simulator.accounts().authorize(Credentials{}.client_id, seller.id, *token);
  }
  return json_response(201, "{}");
}

Response act_on_seller(Control& control) {
  auto& fields = control.fields;
  auto& accounts = control.simulator.accounts();
  const auto& seller = control.path[1];
  const auto& action = control.path[2];
  const auto client = Credentials{}.client_id;
  std::string body = "{}";
  if (action == "roles") {
    const auto roles = fields.texts("roles");
    fields.done();
    if (!roles) ControlFields::refuse("roles", "is missing");
    accounts.set_roles(seller, role_set(*roles));
  } else if (action == "revoke") {
    fields.done();
    accounts.revoke(seller);
  } else if (action == "authorize") {
    const auto token = fields.text("refresh_token");
    fields.done();
    if (!token || !token->starts_with("Atzr|")) {
      ControlFields::refuse("refresh_token", "must be a text that starts with Atzr|");
    }
    accounts.authorize(client, seller, *token);
  } else if (action == "code") {
    fields.done();
    body = R"({"code":")" + accounts.issue_code(client, seller, control.now) + "\"}";
  } else {
    throw std::out_of_range("unknown action; use roles, revoke, authorize or code");
  }
  return json_response(200, std::move(body));
}

Response rotate_secret(Control& control) {
  const auto secret = control.fields.text("client_secret");
  const auto old = control.fields.duration("old_valid").value_or(std::chrono::days(7));
  control.fields.done();
  if (!secret || secret->empty()) ControlFields::refuse("client_secret", "is missing");
  control.simulator.accounts().rotate_secret(Credentials{}.client_id, *secret, control.now + old);
  return json_response(200, "{}");
}

Response get_statistics(Control& control) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  for (const auto& [name, entry] : control.simulator.statistics()) {
    json.key(name);
    json.open_object();
    json.member("requests", static_cast<std::int64_t>(entry.requests));
    json.member("throttled", static_cast<std::int64_t>(entry.throttled));
    json.member("orders", static_cast<std::int64_t>(entry.orders));
    json.member("bytes", static_cast<std::int64_t>(entry.bytes));
    json.key("by_status");
    json.open_object();
    for (const auto& [status, count] : entry.by_status) {
      json.member(std::to_string(status), static_cast<std::int64_t>(count));
    }
    json.close_object();
    json.close_object();
  }
  json.close_object();
  return json_response(200, std::move(body));
}

Response reset(Control& control) {
  control.simulator.reset();
  return json_response(200, "{}");
}

struct ControlRoute {
  std::string_view method, first;
  std::size_t parts;
  Response (*handler)(Control&);
};

constexpr ControlRoute kControlRoutes[] = {
    {"GET", "orders", 1, list_orders},         {"POST", "orders", 1, add_orders},
    {"GET", "orders", 2, get_one_order},       {"PATCH", "orders", 2, change_one_order},
    {"POST", "faults", 1, inject_fault},       {"DELETE", "faults", 1, clear_faults},
    {"PATCH", "settings", 1, change_settings}, {"POST", "sellers", 1, add_seller},
    {"POST", "sellers", 3, act_on_seller},     {"POST", "secret", 1, rotate_secret},
    {"GET", "statistics", 1, get_statistics},  {"POST", "reset", 1, reset},
};

Response control_error(int status, std::string_view text) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("error", text);
  json.close_object();
  return json_response(status, std::move(body));
}

}  // namespace

Response handle_control(Simulator& simulator, const Request& request, TimePoint now) {
  try {
    const auto target = parse_target(request.target);
    const auto path = target ? path_segments(target->path) : std::nullopt;
    if (!path) return control_error(400, "malformed path or query");
    for (const auto& route : kControlRoutes) {
      if (route.method != request.method || route.parts != path->size() ||
          route.first != path->front()) {
        continue;
      }
      Control control{simulator, *path, target->query, ControlFields(request.body), now};
      return route.handler(control);
    }
    return control_error(404, "unknown control request; see the simulator's README");
  } catch (const std::invalid_argument& problem) {
    return control_error(400, problem.what());
  } catch (const std::out_of_range& problem) {
    return control_error(404, problem.what());
  }
}

}  // namespace amazon_sandbox
