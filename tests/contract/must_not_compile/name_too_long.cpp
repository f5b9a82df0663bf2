// error: a text of the ABI block is too long
#include "plugin.hpp"

namespace {
class LongName final : public Base {
 public:
  static constexpr PluginInfo kInfo{
      "case", "A name of more than sixty-three characters, which the block has no room for",
      "0.1.0"};
  using Base::Base;
  static std::string_view settings_schema() noexcept { return "{}"; }
  Result<SinkStep> push_stock(std::span<const StockLevel>, const Cursor&, StepContext&) override {
    return SinkStep{};
  }
  Result<VerifyStep> verify_stock(std::span<const StockLevel>, const Cursor&,
                                  StepContext&) override {
    return VerifyStep{};
  }
};
}  // namespace

MARKETPLUG_PLUGIN(LongName)
