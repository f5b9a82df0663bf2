#pragma once
// The worker's side of the services: a Host whose services ask the host's process. The threads of
// the plugin; lives as long as its connector.

#include <memory>
#include <string>
#include <vector>

#include "host/isolation/host_line.hpp"

namespace marketplug::isolation {

/// `services`: the ids that the host has; others are answered by nullptr. `line` outlives it.
std::unique_ptr<Host> make_worker_host(HostLine& line, std::vector<std::string> services);

}  // namespace marketplug::isolation
