#pragma once
// Cancellations by the merchant. Where the outcome is unknown the host asks verify() before it
// pushes again. What both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/cancellation.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class CancellationSink {
 public:
  static constexpr std::string_view kId = "cancellation-sink/1";
  virtual ~CancellationSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_cancellations(std::span<const CancelOrder> items,
                                              const Cursor& continuation, StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_cancellations(std::span<const CancelOrder> items,
                                                  const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
