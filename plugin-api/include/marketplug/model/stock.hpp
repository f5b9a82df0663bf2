#pragma once
// How much of a SKU may be sold: an absolute value, so sending it twice does no harm. Plain values;
// schema: schemas/stock.schema.json.

#include <cstdint>
#include <optional>
#include <string>

#include "marketplug/model/time.hpp"

namespace marketplug {

struct StockLevel {
  std::string key;  ///< the host's idempotency key
  std::string sku;
  std::int64_t quantity =
      0;  ///< units that may be sold, buffer and maximum applied; never negative
  std::optional<std::int64_t> lead_time_days;  ///< working days until it is sent; unset: unchanged
  std::optional<TimePoint> restock_at;         ///< when there will be more; unset: unknown
  std::string attributes;  ///< JSON object text of what these fields lack; empty: none

  bool operator==(const StockLevel&) const = default;
};

}  // namespace marketplug
