#pragma once
// Stock levels, as absolute values: repeating is harmless, the newest wins.
// What both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/stock.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class StockSink {
 public:
  static constexpr std::string_view kId = "stock-sink/1";
  virtual ~StockSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_stock(std::span<const StockLevel> items, const Cursor& continuation,
                                      StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_stock(std::span<const StockLevel> items,
                                          const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
