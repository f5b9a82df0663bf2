// An ABI block without the door it promises.
#include "test_connector.hpp"

namespace {

class NoEntry final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"no-entry", "Plugin without a door", "0.1.0"};
};

}  // namespace

extern "C" {
__attribute__((visibility("default"))) extern const marketplug::AbiInfo marketplug_abi;
__attribute__((section("mplugabi"), used)) constinit const marketplug::AbiInfo marketplug_abi =
    marketplug::abi_info<NoEntry>();
}
