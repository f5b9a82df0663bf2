#pragma once
// Returns that buyers have announced or that have arrived, read from the marketplace.

#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/return.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

class ReturnSource {
 public:
  static constexpr std::string_view kId = "return-source/1";
  virtual ~ReturnSource() = default;
  /// The next page of returns that are new or may have changed. The same cursor gives the same
  /// returns again (or newer versions of them); an empty one starts at the shop's start date. A
  /// source that has to prepare its answer gives an empty page with `look_again_at`.
  virtual Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor, StepContext& ctx) = 0;
};

}  // namespace marketplug
