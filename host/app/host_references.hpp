#pragma once
// References (`${env:NAME}`, `${file:path}`) in the host's own configuration. Pure but for what it
// reads; any thread.

#include "host/config/config.hpp"

namespace marketplug::app {

/// Replaces every reference of `loaded.config` by its value and adds a problem, with file and line,
/// for each that does not resolve or whose value makes no sense.
void resolve_references(config::LoadedHost& loaded);

}  // namespace marketplug::app
