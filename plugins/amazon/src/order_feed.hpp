#pragma once
// The order import: windows by change time, one page a step. The end of a window is Amazon's own
// lastUpdatedBefore, never the local clock; the next window begins ten minutes before it, so that
// what Amazon shows late is seen. Reading twice is harmless, missing is not: whatever is doubtful
// is read again, and a place is given up only after three tries. One connector, one thread at a
// time.

#include <string>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/order_source.hpp"
#include "src/buyers_data.hpp"
#include "src/customization_fetch.hpp"
#include "src/order_cursor.hpp"
#include "src/order_mapping.hpp"
#include "src/orders_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// Where the import of a shop without a start date began, in the connector's state.
inline constexpr std::string_view kImportOrigin = "orders.origin";

class OrderFeed {
 public:
  /// All three must outlive it.
  OrderFeed(const Settings& settings, const Services& services, OrdersClient& client);

  /// See OrderSource.
  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx);
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx);

 private:
  OrderCursor first_window(TimePoint now) const;
  OrderCursor window_at(const Cursor& cursor, TimePoint now) const;
  SearchQuery query_of(const OrderCursor& place, BuyersData buyers_data) const;
  Result<SearchPage> search(OrderCursor& place, TimePoint now, StepContext& ctx);
  Result<Page<Order>> read_page(const Cursor& cursor, StepContext& ctx);
  Result<OrderTexts> get(std::string_view id, QuotaPriority priority, StepContext& ctx);
  void complete(Page<Order>& page, StepContext& ctx);
  void ask_again(Page<Order>& page, StepContext& ctx);
  Result<Page<Order>> refused(const Failure& failure, OrderCursor place, const Cursor& cursor);
  bool tried_often(const Cursor& cursor);
  bool lies_ahead(const OrderCursor& place) const;
  bool place_is_in_the_future(const Result<SearchPage>& found, const OrderCursor& place);
  Result<Page<Order>> next_page(const SearchPage& found, OrderCursor place, Page<Order> page,
                                TimePoint asked_at) const;
  void finish_window(const SearchPage& found, OrderCursor place, Page<Order>& page,
                     TimePoint asked_at) const;
  void map_all(const OrderTexts& texts, const StepContext& ctx, Page<Order>& page) const;
  Page<Order> lost(OrderCursor place, std::string_view why) const;
  void restarted(std::string_view why) const;
  void keep_origin(const OrderCursor& place) const;

  const Settings& settings_;
  const Services& services_;
  OrdersClient& client_;
  BuyersDataAccess buyers_data_;
  Customizations customizations_;
  std::string marketplaces_;  ///< ids, sorted, comma-separated
  std::vector<std::string_view> marketplace_ids_;
  std::string failing_;  ///< the cursor of the last tries that failed by its own fault
  int tries_ = 0;
  int ahead_in_a_row_ = 0;
};

}  // namespace marketplug::amazon
