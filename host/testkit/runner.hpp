#pragma once
// Runs each check in a process of its own: whatever the plugin does there, the kit sees it and goes
// on. One thread.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "host/testkit/check.hpp"

namespace marketplug::testkit {

struct RunOptions {
  std::vector<std::string> only;      ///< ids; empty: all
  bool in_process = false;            ///< for a debugger: nothing is caught then
  std::chrono::milliseconds limit{};  ///< for each check
};

struct Ran {
  const Check* check = nullptr;
  CheckResult result;
};

/// `done` is told of each check as it ends.
std::vector<Ran> run_all(const Subject& subject, const Cases& cases, const RunOptions& options,
                         const std::function<void(const Ran&)>& done);

/// The inside of such a process: runs one check and tells the parent on descriptor 3. Does not
/// return.
[[noreturn]] void run_as_child(const Subject& subject, const std::string& id);

}  // namespace marketplug::testkit
