#pragma once
// Refunds to buyers. Never pushed again while the outcome is unknown: verify() must first say that
// the refund is absent. What both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/refund.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class RefundSink {
 public:
  static constexpr std::string_view kId = "refund-sink/1";
  virtual ~RefundSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_refunds(std::span<const Refund> items, const Cursor& continuation,
                                        StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_refunds(std::span<const Refund> items,
                                            const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
