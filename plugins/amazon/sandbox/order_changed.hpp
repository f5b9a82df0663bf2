#pragma once
// What no longer follows from an order's seed, and the patches over what is rendered. Internal to
// the order store's sources.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "plugins/amazon/sandbox/order_store.hpp"

namespace amazon_sandbox {

/// A merge patch (RFC 7396), or JSON pointers with the values to put there.
struct OrderPatch {
  boost::json::object members;
  bool pointers = false;
};

struct OrderStore::Changed {
  std::optional<Order> order;
  std::string raw_id, raw_text;
  std::optional<boost::json::object> raw;
  std::vector<OrderPatch> patches;
};

/// Throws std::invalid_argument naming `what` when the text is no JSON object.
boost::json::object parse_object(std::string_view text, std::string_view what);

/// Throws std::invalid_argument where a pointer leads nowhere; not `strict`: leaves that one out,
/// because the view at hand may lack what the whole order has.
void apply_patch(boost::json::value& order, const OrderPatch& patch, bool strict);

}  // namespace amazon_sandbox
