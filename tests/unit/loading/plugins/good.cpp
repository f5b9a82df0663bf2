// A plugin as it should be. Its connector asks for the host's clock, to show that calls go both
// ways.
#include "test_connector.hpp"

namespace {

class Good final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"good", "Good plugin", "1.2.3"};
  Good(marketplug::Host& host, std::string_view settings)
      : clock_(marketplug::part<marketplug::Clock>(host)), settings_(settings) {}

  std::vector<marketplug::Finding> check(marketplug::StepContext&) override {
    marketplug::Finding finding;
    finding.message = settings_;
    if (clock_ != nullptr) finding.message += " at " + marketplug::format_time(clock_->now());
    return {finding};
  }

 private:
  marketplug::Clock* clock_;
  std::string settings_;
};

}  // namespace

MARKETPLUG_PLUGIN(Good)
