#pragma once
// References (`${env:NAME}`, `${file:path}`) in the host's own configuration. Pure but for what it
// reads; any thread.

#include "host/config/config.hpp"

namespace marketplug::app {

/// The configuration with every reference replaced by its value. Throws OperationError naming the
/// setting.
config::HostConfig resolve_references(config::HostConfig config);

}  // namespace marketplug::app
