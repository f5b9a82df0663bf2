#pragma once
// What a SKU costs at one marketplace: absolute values, so sending them twice does no harm. Plain
// values; schema: schemas/price.schema.json.

#include <optional>
#include <string>

#include "marketplug/model/money.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug {

struct SalePrice {
  Money price;
  TimeWindow window;  ///< both ends given, or as the marketplace allows

  bool operator==(const SalePrice&) const = default;
};

struct OfferPrice {
  std::string key;  ///< the host's idempotency key
  std::string sku;
  std::string marketplace_id;             ///< the marketplace's own id, as in Order
  Money price;                            ///< what a consumer pays for one, with tax
  std::optional<Money> list_price;        ///< the recommended price; unset: unchanged
  std::optional<SalePrice> sale;          ///< unset: no sale
  std::optional<Money> minimum, maximum;  ///< bounds for repricing; unset: unchanged
  std::string attributes;  ///< JSON object text of what these fields lack; empty: none

  bool operator==(const OfferPrice&) const = default;
};

}  // namespace marketplug
