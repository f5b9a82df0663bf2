// error: lacks a method of a capability that it names
// error: verify_stock
#include "plugin.hpp"

namespace {
class NoVerify final : public Base {
 public:
  using Base::Base;
  static std::string_view settings_schema() noexcept { return "{}"; }
  Result<SinkStep> push_stock(std::span<const StockLevel>, const Cursor&, StepContext&) override {
    return SinkStep{};
  }
};
}  // namespace

MARKETPLUG_PLUGIN(NoVerify)
