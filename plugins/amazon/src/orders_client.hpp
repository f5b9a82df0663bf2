#pragma once
// Amazon's Orders API 2026-01-01: searchOrders and getOrder as requests and parsed answers. Knows
// parameters and shapes, not what an order means. One connector, one thread at a time.

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "src/json.hpp"
#include "src/settings.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon {

/// An order whose own text is not JSON, in a page whose other orders are.
struct BrokenOrder {
  std::string id;   ///< empty where not even that could be read
  std::string why;  ///< "syntax error at byte 17", counted in `raw`
  std::string raw;  ///< UTF-8: foreign bytes are replaced
};

/// The orders of one answer; `orders` point into `documents`.
struct OrderDocuments {
  std::vector<JsonDocument> documents;
  std::vector<const boost::json::value*> orders;
  std::vector<BrokenOrder> broken;
  std::optional<TimePoint> server_time;  ///< the answer's Date
};

struct SearchPage : OrderDocuments {
  std::string next_token;                   ///< empty: the last page
  std::optional<TimePoint> updated_before;  ///< where the answer tells it, the end of the window
};

struct SearchQuery {
  TimePoint updated_after{};
  std::vector<std::string_view> marketplace_ids;
  std::vector<std::string_view> included_data;
  std::vector<std::string_view> statuses;      ///< empty: all
  std::vector<std::string_view> fulfilled_by;  ///< empty: all
  int page_size = 100;                         ///< 1 to 100
  std::string token;                           ///< empty: the first page
};

/// Every data set that the mapping uses; without personal data: BUYER, RECIPIENT and TAX are out.
std::vector<std::string_view> included_data(bool personal_data);

class OrdersClient {
 public:
  explicit OrdersClient(SpApi& api) : api_(api) {}

  Result<SearchPage> search(const SearchQuery& query, QuotaPriority priority, StepContext& ctx);
  /// An order that Amazon does not know (404) gives neither an order nor a broken one.
  Result<OrderDocuments> get(std::string_view order_id,
                             const std::vector<std::string_view>& included, QuotaPriority priority,
                             StepContext& ctx);
  double searches_left() const { return api_.left(kSearchOrders); }

 private:
  SpApi& api_;
};

}  // namespace marketplug::amazon
