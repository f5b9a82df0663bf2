#include "src/sighting_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

using Names = std::array<std::string_view, 1>;
constexpr Names kOrderIdName{"amazon-order-id"};
constexpr Names kPlacedName{"purchase-date"};
constexpr Names kChangedName{"last-updated-date"};
constexpr Names kStatusName{"order-status"};
constexpr Names kChannelName{"sales-channel"};
constexpr Names kFulfilledName{"fulfillment-channel"};

enum : std::size_t { kOrderId, kPlaced, kChanged, kStatus, kChannel, kFulfilled };
constexpr std::array<ReportColumn, 6> kSightingColumns = {{{kOrderIdName, true},
                                                           {kPlacedName, true},
                                                           {kChangedName, true},
                                                           {kStatusName, true},
                                                           {kChannelName, true},
                                                           {kFulfilledName, false}}};

constexpr std::string_view kOutsideAmazon = "non-amazon";

FulfilledBy fulfilled_by_of(std::string_view word) {
  const std::string small = lower(word);
  if (small == "merchant" || small == "mfn" || small == "seller") return FulfilledBy::kMerchant;
  // "Amazon", "AFN", "AMAZON_EU"
  if (small == "afn" || small == "amazon" || small.starts_with("amazon_")) {
    return FulfilledBy::kMarketplace;
  }
  return FulfilledBy::kUnknown;
}

}  // namespace

std::span<const ReportColumn> sighting_columns() { return kSightingColumns; }

bool looks_like_an_order_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_';
  });
}

std::optional<OrderSighting> sighting_of(const ReportTable& row) {
  OrderSighting order;
  order.id = row.field(kOrderId);
  if (!looks_like_an_order_id(order.id)) return std::nullopt;
  order.marketplace_status = row.field(kStatus);
  order.state = state_of_report_word(order.marketplace_status);
  order.fulfilled_by = fulfilled_by_of(row.field(kFulfilled));
  order.placed_at = parse_time(row.field(kPlaced));
  order.changed_at = parse_time(row.field(kChanged));
  order.marketplace = row.field(kChannel);
  const Marketplace* marketplace = marketplace_of_channel(order.marketplace);
  if (marketplace != nullptr) order.marketplace = marketplace->code;
  return order;
}

std::optional<OrderState> state_of_report_word(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, OrderState>, 8> kWords = {
      {{"pending", OrderState::kPending},
       {"pendingavailability", OrderState::kPending},
       {"unshipped", OrderState::kOpen},
       {"partiallyshipped", OrderState::kPartiallyShipped},
       {"shipped", OrderState::kShipped},
       {"shippeddeliveredtobuyer", OrderState::kShipped},
       {"cancelled", OrderState::kCancelled},
       {"canceled", OrderState::kCancelled}}};
  std::string letters = lower(word);
  std::erase_if(letters, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  for (const auto& [known, state] : kWords) {
    if (letters == known) return state;
  }
  return std::nullopt;
}

bool is_outside_amazon(const OrderSighting& order) {
  return lower(order.marketplace).starts_with(kOutsideAmazon);
}

bool import_leaves_out(const OrderSighting& order, const Settings& settings,
                       std::optional<TimePoint> origin) {
  if (is_outside_amazon(order)) return true;
  const Marketplace* marketplace = find_marketplace(order.marketplace);
  if (marketplace != nullptr &&
      std::find(settings.marketplaces.begin(), settings.marketplaces.end(), marketplace) ==
          settings.marketplaces.end()) {
    return true;
  }
  if (order.state == OrderState::kPending && !settings.orders.import_pending) return true;
  return origin && order.changed_at && *order.changed_at < *origin;
}

}  // namespace marketplug::amazon
