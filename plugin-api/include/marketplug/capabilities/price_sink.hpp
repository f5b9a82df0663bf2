#pragma once
// Prices, as absolute values: repeating is harmless, the newest wins.
// What both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/price.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class PriceSink {
 public:
  static constexpr std::string_view kId = "price-sink/1";
  virtual ~PriceSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_prices(std::span<const OfferPrice> items,
                                       const Cursor& continuation, StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_prices(std::span<const OfferPrice> items,
                                           const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
