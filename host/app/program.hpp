#pragma once
// The program behind main(): one command from the command line to its exit code.

#include <functional>
#include <memory>

namespace marketplug::store {
class Store;
}

namespace marketplug::app {

/// What is put around the store once it is open: for tests of what a store must not do. Commands
/// only, not the service.
using AroundStore = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>)>;

/// Never throws.
int run_program(int argc, const char* const* argv, const AroundStore& around = {}) noexcept;

}  // namespace marketplug::app
