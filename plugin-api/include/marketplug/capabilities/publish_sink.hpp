#pragma once
// Publish states of offers: repeating is harmless, the newest wins.
// What both functions take and give is said once, in marketplug/step.hpp.

#include <span>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/publication.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class PublishSink {
 public:
  static constexpr std::string_view kId = "publish-sink/1";
  virtual ~PublishSink() = default;
  /// Sends, or goes on with what `continuation` says was sent.
  virtual Result<SinkStep> push_publications(std::span<const Publication> items,
                                             const Cursor& continuation, StepContext& ctx) = 0;
  /// Reads back, never sends.
  virtual Result<VerifyStep> verify_publications(std::span<const Publication> items,
                                                 const Cursor& continuation, StepContext& ctx) = 0;
};

}  // namespace marketplug
