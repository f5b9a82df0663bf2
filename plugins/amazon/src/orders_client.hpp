#pragma once
// Amazon's Orders API 2026-01-01: searchOrders and getOrder as requests and answers. Knows
// parameters and frames, not what an order means. One connector, one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "src/settings.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon {

/// The orders of one answer as texts, each to be parsed by itself: a damaged one does not take the
/// others with it.
struct OrderTexts {
  std::vector<std::string_view> orders;     ///< into `body`
  std::unique_ptr<const std::string> body;  ///< behind a pointer: moving it moves no text
  std::optional<TimePoint> server_time;     ///< the answer's Date
};

struct SearchPage : OrderTexts {
  std::string next_token;                   ///< empty: the last page
  std::optional<TimePoint> updated_before;  ///< where the answer tells it, the end of the window
};

struct SearchQuery {
  TimePoint updated_after{};
  std::optional<TimePoint> updated_before;  ///< nullopt: up to now
  std::vector<std::string_view> marketplace_ids;
  std::vector<std::string_view> included_data;
  std::vector<std::string_view> statuses;      ///< empty: all
  std::vector<std::string_view> fulfilled_by;  ///< empty: all
  int page_size = 100;                         ///< 1 to 100
  std::string token;                           ///< empty: the first page
};
/// The largest page size at which an answer with a damaged order is cut open from its end.
inline constexpr int kSalvagedPage = 1;

/// Which of the data sets with buyers' data are asked for. The address needs another role than the
/// buyer and the tax data (Amazon's "Access orders PII").
enum class BuyersData : std::uint8_t { kAll = 0, kAddress, kBuyer, kNone };

/// Every data set that the mapping uses, with these of BUYER, RECIPIENT and TAX.
std::vector<std::string_view> included_data(BuyersData buyers_data);

class OrdersClient {
 public:
  explicit OrdersClient(SpApi& api) : api_(api) {}

  /// Where a page of one order is no JSON, but its end is: the order's text as it came.
  Result<SearchPage> search(const SearchQuery& query, QuotaPriority priority, StepContext& ctx);
  /// An order that Amazon does not know (404) gives none.
  Result<OrderTexts> get(std::string_view order_id, const std::vector<std::string_view>& included,
                         QuotaPriority priority, StepContext& ctx);
  /// When the present's imports can search again; nullopt: now.
  std::optional<TimePoint> search_again_at() { return api_.again_at(kSearchOrders); }
  /// Orders that the background can fetch by their ids now; 0 where nobody counts.
  double gets_left() { return api_.left(kGetOrder, QuotaPriority::kBackground); }
  /// See SpApi.
  std::optional<TimePoint> amazons_now() const { return api_.amazons_now(); }

 private:
  SpApi& api_;
};

}  // namespace marketplug::amazon
