#pragma once
// The back-fill of a long window of the order import. Where searchOrders must wait, a report tells
// the ids of what is still to be read. From then on the rest of the window is read in two parts,
// what has to be shipped and then everything else: searched for by status from the oldest change
// on, and at the same time fetched by id from the newest one down, until each order of the report
// was read. Where anything about it is odd, the window is left to the search. One connector, one
// thread at a time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/backlog_list.hpp"
#include "src/order_access.hpp"
#include "src/order_cursor.hpp"
#include "src/orders_client.hpp"
#include "src/report_run.hpp"
#include "src/reports_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class OrderBacklog {
 public:
  /// All must outlive it. `marketplace_ids`: of the shop, sorted.
  OrderBacklog(const Settings& settings, const Services& services, OrdersClient& client,
               ReportsClient& reports, OrderAccess& access,
               const std::vector<std::string_view>& marketplace_ids);

  /// Before a search: what the back-fill does instead. nullopt: it is the search's turn. Failures
  /// are those of an import; what is wrong with a report is none.
  Result<std::optional<Page<Order>>> step(OrderCursor& place, const Cursor& cursor,
                                          StepContext& ctx);
  /// After a page of a window: how far its search has come, in the order of changes.
  static void follow(OrderCursor& place, const Page<Order>& page);
  /// After a page with more to come: asks for a report where the search alone would take long.
  void consider(OrderCursor& place) const;
  /// After a page of a part. False: it shows what the report does not know, which is left then.
  bool saw(OrderCursor& place, const Page<Order>& page);
  /// The search of a part must wait after all: what is fetched by id goes on at once.
  Page<Order> without_search(const OrderCursor& place) const;
  /// What follows once this page is stored: the same part, the next one, or the next window.
  void settle(OrderCursor& place, Page<Order>& page);
  /// The place that the host is given for the next step; what is in memory belongs to it.
  void keep_at(std::string_view cursor) { at_ = cursor; }
  /// The window is left to the search, with a line in the log.
  void leave(OrderCursor& place, std::string_view why);

  /// Which statuses the search of this part asks for; empty: all.
  static std::vector<std::string_view> statuses_of(const OrderCursor& place);

 private:
  Result<std::optional<Page<Order>>> look(OrderCursor& place, StepContext& ctx);
  Page<Order> begin_parts(OrderCursor& place, const DocumentInfo& document);
  Result<std::optional<Page<Order>>> load(OrderCursor& place, StepContext& ctx);
  Result<std::optional<Page<Order>>> fill(OrderCursor& place, const Cursor& cursor,
                                          StepContext& ctx);
  Result<Page<Order>> fetch(OrderCursor& place, std::size_t most, StepContext& ctx);
  std::optional<Failure> fetch_one(const std::string& id, Page<Order>& page, StepContext& ctx);
  bool fails_often(const std::string& id);
  bool is_of_the_shop(const Order& order) const;
  ReportSpec spec_of(const OrderCursor& place) const;
  Page<Order> wait(const OrderCursor& place, std::optional<TimePoint> until) const;

  const Settings& settings_;
  const Services& services_;
  OrdersClient& client_;
  OrderAccess& access_;
  const std::vector<std::string_view>& marketplace_ids_;
  ReportRun run_;
  BacklogList list_;
  std::string at_;        ///< the cursor that list_ belongs to
  int loads_failed_ = 0;  ///< in a row
  std::string failing_;   ///< the order whose fetching failed last, so many times in a row
  int fails_ = 0;
};

}  // namespace marketplug::amazon
