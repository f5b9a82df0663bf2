// A plugin that never comes back from a call and looks at no stop flag.
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "test_connector.hpp"

namespace {

class Hanging final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"hanging", "Hanging plugin", "1.0.0"};
  Hanging(marketplug::Host&, std::string_view) {}

  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_orders(
      const marketplug::Cursor&, marketplug::StepContext&) override {
    std::fputs("hanging: called\n", stderr);
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    for (;;) never.wait(lock);
  }
};

}  // namespace

MARKETPLUG_PLUGIN(Hanging)
