// error: override
#include "plugin.hpp"

namespace {
class OtherSignature final : public Base {
 public:
  using Base::Base;
  static std::string_view settings_schema() noexcept { return "{}"; }
  Result<SinkStep> push_stock(std::span<const StockLevel>, StepContext&) override {
    return SinkStep{};
  }
  Result<VerifyStep> verify_stock(std::span<const StockLevel>, const Cursor&,
                                  StepContext&) override {
    return VerifyStep{};
  }
};
}  // namespace

MARKETPLUG_PLUGIN(OtherSignature)
