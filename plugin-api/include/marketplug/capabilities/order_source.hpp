#pragma once
// Orders, read from the marketplace: many by change time, few by id.

#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class OrderSource {
 public:
  static constexpr std::string_view kId = "order-source/1";
  virtual ~OrderSource() = default;
  /// The next page of orders that are new or have changed. The same cursor gives the same orders
  /// again (or newer versions of them); an empty one starts at the shop's start date.
  virtual Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) = 0;
  /// One order by the marketplace's id: one item, or one parked item, or neither where the
  /// marketplace does not know it. `next` is unused.
  virtual Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) = 0;
};

}  // namespace marketplug
