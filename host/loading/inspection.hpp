#pragma once
// One plugin file, read and judged without running any of it: what both scan() and load() stand on.
// Any thread.

#include <string>
#include <utility>
#include <vector>

#include "host/loading/plugin.hpp"

namespace marketplug::loading {

struct Inspection {
  PluginFile file;                       ///< state kReady or kRefused; messages name the path
  std::vector<unsigned char> abi_block;  ///< as it stands in the file
};

/// Checks 1 to 3 and 7 of docs/design/plugin-abi.md: those that need this file alone.
Inspection inspect(const std::string& path, const std::vector<std::string>& in_process);

/// Adds a reason, with the path before its message, and refuses the file.
void refuse(PluginFile& file, PluginReason reason);

}  // namespace marketplug::loading
