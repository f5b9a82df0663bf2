#pragma once
// `marketplug run`: the engine and the socket, until a signal ends it. Runs on the main thread.

#include "host/cli/terminal.hpp"
#include "host/config/config.hpp"

namespace marketplug::app {

/// The exit code: 0 after SIGTERM or SIGINT, within five seconds; a second signal ends it at once.
/// Throws StoreError and OperationError where it cannot start.
int run_service(const config::HostConfig& config, cli::Terminal& terminal);

}  // namespace marketplug::app
