#pragma once
// The requests of the control interface, one function each. Internal to the control's sources.
// Any thread; what cannot be done is thrown as std::invalid_argument or std::out_of_range.

#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/control_fields.hpp"
#include "plugins/amazon/sandbox/http_text.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"

namespace amazon_sandbox {

/// One request to the control interface: its path's parts, its query, its body.
struct Control {
  Simulator& simulator;
  std::vector<std::string> path;
  Parameters query;
  ControlFields fields;
  TimePoint now{};
};

Response list_orders(Control& control);
Response add_orders(Control& control);
Response get_one_order(Control& control);
Response change_one_order(Control& control);
Response get_settled(Control& control);
Response settle(Control& control);

Response list_returns(Control& control);
Response add_return(Control& control);
Response change_one_return(Control& control);

Response add_seller(Control& control);
Response act_on_seller(Control& control);
Response rotate_secret(Control& control);

Response change_settings(Control& control);

}  // namespace amazon_sandbox
