#pragma once
// Orders by their id, and answers about orders as canonical ones: with as much of the buyers' data
// as Amazon gives. One connector, one thread at a time.

#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/result.hpp"
#include "marketplug/step.hpp"
#include "src/buyers_data.hpp"
#include "src/orders_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class OrderAccess {
 public:
  /// All three must outlive it.
  OrderAccess(const Settings& settings, const Services& services, OrdersClient& client)
      : settings_(settings),
        services_(services),
        client_(client),
        buyers_data_(settings.orders.pii_access, services) {}

  BuyersDataAccess& buyers_data() noexcept { return buyers_data_; }
  /// One item, or one parked item with this id, or neither where Amazon does not know the order.
  /// Failures: the client's; kRemote, code "other_order": Amazon answered with another one.
  Result<Page<Order>> fetch(std::string_view id, QuotaPriority priority, StepContext& ctx);
  /// Appends to the page, parked where an order cannot be read.
  void map_all(const OrderTexts& texts, const StepContext& ctx, Page<Order>& page) const;

 private:
  Result<OrderTexts> get(std::string_view id, QuotaPriority priority, StepContext& ctx);

  const Settings& settings_;
  const Services& services_;
  OrdersClient& client_;
  BuyersDataAccess buyers_data_;
};

}  // namespace marketplug::amazon
