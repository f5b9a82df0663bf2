#pragma once
// The order import: windows by change time, one page a step. The end of a window is Amazon's own
// lastUpdatedBefore, never the local clock; the next window begins ten minutes before it, so that
// what Amazon shows late is seen. Reading twice is harmless, missing is not: whatever is doubtful
// is read again, and a place is given up only after three tries. A long window is filled with the
// help of a report. One connector, one thread at a time.

#include <string>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/order_source.hpp"
#include "src/customization_fetch.hpp"
#include "src/order_access.hpp"
#include "src/order_backlog.hpp"
#include "src/order_cursor.hpp"
#include "src/orders_client.hpp"
#include "src/reports_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// Where the import of a shop without a start date began, in the connector's state.
inline constexpr std::string_view kImportOrigin = "orders.origin";

class OrderFeed {
 public:
  /// All four must outlive it.
  OrderFeed(const Settings& settings, const Services& services, OrdersClient& client,
            ReportsClient& reports);

  /// See OrderSource.
  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx);
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx);

 private:
  Result<Page<Order>> read(const Cursor& cursor, StepContext& ctx);
  void complete(Page<Order>& page, StepContext& ctx);
  void ask_again(Page<Order>& page, StepContext& ctx);
  OrderCursor first_window(TimePoint now) const;
  OrderCursor window_at(const Cursor& cursor, TimePoint now) const;
  SearchQuery query_of(const OrderCursor& place, BuyersData buyers_data) const;
  Result<SearchPage> search(OrderCursor& place, TimePoint now, StepContext& ctx);
  Result<Page<Order>> refused(const Failure& failure, OrderCursor place, const Cursor& cursor);
  bool tried_often(const Cursor& cursor);
  bool lies_ahead(const OrderCursor& place) const;
  bool place_is_in_the_future(const Result<SearchPage>& found, const OrderCursor& place);
  std::optional<Failure> go_on(const SearchPage& found, OrderCursor& place, const Page<Order>& page,
                               TimePoint asked_at) const;
  Result<Page<Order>> part_page(const SearchPage& found, OrderCursor place, Page<Order> page,
                                TimePoint asked_at);
  void finish_window(const SearchPage& found, OrderCursor place, Page<Order>& page,
                     TimePoint asked_at) const;
  Page<Order> lost(OrderCursor place, std::string_view why) const;
  void restarted(std::string_view why) const;
  void keep_origin(const OrderCursor& place) const;

  const Settings& settings_;
  const Services& services_;
  OrdersClient& client_;
  OrderAccess access_;
  Customizations customizations_;
  std::string marketplaces_;  ///< ids, sorted, comma-separated
  std::vector<std::string_view> marketplace_ids_;
  OrderBacklog backlog_;
  std::string failing_;  ///< the cursor of the last tries that failed by its own fault
  int tries_ = 0;
  int ahead_in_a_row_ = 0;
};

}  // namespace marketplug::amazon
