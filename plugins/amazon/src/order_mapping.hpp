#pragma once
// Amazon's Order (model orders_2026-01-01) to the canonical order. Every field of the model lands
// in a typed member, in `attributes` or in `personal_attributes`; fields that the model does not
// have yet are kept under personal_attributes "unknown". Pure functions, any thread.

#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"
#include "src/json.hpp"

namespace marketplug::amazon {

/// No order of Amazon is older: a time before this is none.
inline constexpr TimePoint kAmazonsOldest =
    std::chrono::sys_days{std::chrono::year{2016} / std::chrono::January / 1};

/// ParkedItem::code of an order that is no JSON: damaged on its way, perhaps.
inline constexpr std::string_view kNotJsonOrder = "not_json";

struct MappingOptions {
  bool personal_data = true;  ///< false: buyers' data are left out, in `raw` too
  bool keep_raw = false;      ///< Order::raw; ParkedItem::raw is always given
  /// Times of creation and change after this are refused: "newer wins" would shut out every later
  /// version. Before Amazon's oldest they are refused as well.
  TimePoint newest = TimePoint::max();
};

/// Exactly one of the two is set.
struct MappedOrder {
  std::optional<Order> order;
  std::optional<ParkedItem> parked;
  std::vector<std::string> unknown;  ///< JSON pointers of fields that the model does not have
};

/// `text` is the order's own text, for `raw`; empty: `source` is written out.
MappedOrder map_order(const boost::json::value& source, const MappingOptions& options,
                      std::string_view text = {});
/// From its text; one that is no JSON, or not to be believed, is parked with the place.
MappedOrder map_order_text(std::string_view text, const MappingOptions& options,
                           JsonReader& reader);

}  // namespace marketplug::amazon
