// error: has no `static std::string_view settings_schema() noexcept`
#include "plugin.hpp"

namespace {
class NoSchema final : public Base {
 public:
  using Base::Base;
  Result<SinkStep> push_stock(std::span<const StockLevel>, const Cursor&, StepContext&) override {
    return SinkStep{};
  }
  Result<VerifyStep> verify_stock(std::span<const StockLevel>, const Cursor&,
                                  StepContext&) override {
    return VerifyStep{};
  }
};
}  // namespace

MARKETPLUG_PLUGIN(NoSchema)
