// The control interface: what a test or a person may do to the simulator, as JSON over HTTP.

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/control_impl.hpp"
#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"
#include "plugins/amazon/sandbox/simulator_impl.hpp"

namespace amazon_sandbox {
namespace {

Response inject_fault(Control& control) {
  auto& fields = control.fields;
  Fault fault;
  fault.operation = fields.text("operation").value_or("*");
  const auto kind = fields.choice("kind", fault_by_name);
  const auto status = fields.number("status");
  fault.status = static_cast<int>(std::min<std::uint64_t>(status.value_or(500), 1000));
  fault.body = fields.text("body").value_or("");
  fault.delay = fields.duration("delay").value_or(std::chrono::milliseconds(0));
  fault.next = fields.number("next");
  fault.every = fields.number("every").value_or(1);
  fields.done();
  if (!kind) ControlFields::refuse("kind", "is missing");
  if (status && *kind != FaultKind::kStatus) {
    ControlFields::refuse("status", "goes with the kind status only");
  }
  if (fault.delay.count() != 0 && *kind != FaultKind::kDelay) {
    ControlFields::refuse("delay",
                          "goes with the kind delay; another fault that is late too is two faults");
  }
  fault.kind = *kind;
  control.simulator.inject(fault);
  return json_response(201, "{}");
}

Response clear_faults(Control& control) {
  control.simulator.clear_faults();
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
    {"GET", "orders", 1, list_orders},
    {"POST", "orders", 1, add_orders},
    {"GET", "orders", 2, get_one_order},
    {"PATCH", "orders", 2, change_one_order},
    {"POST", "faults", 1, inject_fault},
    {"DELETE", "faults", 1, clear_faults},
    {"PATCH", "settings", 1, change_settings},
    {"POST", "sellers", 1, add_seller},
    {"POST", "sellers", 3, act_on_seller},
    {"POST", "secret", 1, rotate_secret},
    {"GET", "statistics", 1, get_statistics},
    {"POST", "reset", 1, reset},
    {"GET", "returns", 1, list_returns},
    {"POST", "returns", 1, add_return},
    {"PATCH", "returns", 2, change_one_return},
    {"GET", "settled", 1, get_settled},
    {"POST", "settle", 1, settle},
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
