#pragma once
// For the tests of isolation: workers of the build with short patience, animals of the zoo, a host
// with every service. One thread.

#include <stdexcept>
#include <string>

#include "host/isolation/remote_plugin.hpp"
#include "host/isolation/worker_process.hpp"
#include "host/loading/plugin.hpp"
#include "marketplug/abi.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::isolation::test {

inline WorkerOptions worker_options() {
  WorkerOptions options;
  options.program = WORKER_PROGRAM;
  return options;
}

/// Ends what hangs soon; not for what must come back on a busy machine.
inline WorkerOptions impatient() {
  auto options = worker_options();
  options.answer_grace = std::chrono::milliseconds{50};
  options.term_grace = std::chrono::milliseconds{50};
  return options;
}

/// Sanitizers end a process by themselves where a signal would, or the exception of an initialiser.
inline bool sanitized() { return marketplug::detail::sanitizer_bits() != 0; }
inline std::string end_by(const std::string& cause) {
  return sanitized() && cause == "signal 11" ? "exit code" : cause;
}

inline loading::PluginFile animal(const std::string& name) {
  auto file = loading::examine(std::string(BAD_PLUGINS_DIR) + "/" + name + ".so", {});
  if (file.state != loading::PluginState::kReady) {
    throw std::runtime_error(file.reasons.at(0).message);
  }
  return file;
}

}  // namespace marketplug::isolation::test
