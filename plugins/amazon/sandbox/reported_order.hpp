#pragma once
// What reports and returns need to know of an order, whichever way the order came to be. Plain
// values, one thread per object. Money is in minor units of the marketplace's currency.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

struct ReportedLine {
  std::string id, sku, asin, title;
  std::string promotions;  ///< their ids, separated by commas
  std::int64_t quantity = 0, fulfilled = 0;
  LineAmounts amounts{};
  bool business_price = false;
};

struct ReportedOrder {
  std::string id, merchant_order_id;
  TimePoint created{}, updated{};
  const Marketplace* marketplace = nullptr;
  bool non_amazon = false, business = false, prime = false;
  Status status = Status::kPending;
  FulfilledBy fulfilled_by = FulfilledBy::kMerchant;
  std::string service_level;  ///< as the model has it: "SECOND_DAY"
  std::string city, state, postal_code, country, purchase_order;
  std::vector<ReportedLine> lines;
};

/// "12.34" in minor units; nullopt: no amount, or more decimals than the currency has.
std::optional<std::int64_t> parse_amount(std::string_view text, int decimals) noexcept;

}  // namespace amazon_sandbox
