// Calls a function that nobody defines: must fail at loading, not at the call.
#include "test_connector.hpp"

namespace test_plugins {
std::string_view defined_nowhere();
}

namespace {

class Unresolved final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"unresolved", "Unresolved plugin", "0.1.0"};
  Unresolved(marketplug::Host&, std::string_view) { test_plugins::defined_nowhere(); }
};

}  // namespace

MARKETPLUG_PLUGIN(Unresolved)
