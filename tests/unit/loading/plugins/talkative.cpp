// Built without marketplug_add_plugin(): exports more than the two symbols.
#include "test_connector.hpp"

namespace test_plugins {

__attribute__((visibility("default"))) int talkative_counter = 0;
__attribute__((visibility("default"))) int talkative_function() { return ++talkative_counter; }

}  // namespace test_plugins

namespace {

class Talkative final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"com.example.talkative", "Talkative", "0.1.0"};
  Talkative(marketplug::Host&, std::string_view) { test_plugins::talkative_function(); }
};

}  // namespace

MARKETPLUG_PLUGIN(Talkative)
