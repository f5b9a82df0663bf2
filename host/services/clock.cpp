#include <chrono>
#include <memory>

#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

class SystemClock : public Clock {
 public:
  TimePoint now() const noexcept override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

std::chrono::milliseconds steady_time() {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

std::unique_ptr<Clock> make_system_clock() { return std::make_unique<SystemClock>(); }

}  // namespace marketplug::services
