// error: has no constructor (Host&, std::string_view settings_json)
#include "plugin.hpp"

namespace {
class NoConstructor final : public Base {
 public:
  explicit NoConstructor(Host& host) : Base(host, "") {}
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

MARKETPLUG_PLUGIN(NoConstructor)
