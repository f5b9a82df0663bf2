#pragma once
// Parcels, told to the marketplace. A parcel that was confirmed must not be confirmed again as
// another one: where the outcome is unknown the host asks verify() before it pushes again. What
// both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/shipment.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class ShipmentSink {
 public:
  static constexpr std::string_view kId = "shipment-sink/1";
  virtual ~ShipmentSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_shipments(std::span<const Shipment> items,
                                          const Cursor& continuation, StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_shipments(std::span<const Shipment> items,
                                              const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
