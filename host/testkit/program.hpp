#pragma once
// The command line of marketplug-testkit. One thread.

#include <string>
#include <vector>

namespace marketplug::testkit {

/// Exit code: 0 every required check passed or was skipped, 1 one failed, 2 the command or the
/// cases make no sense. `arguments`: without the program's name.
int run_program(const std::vector<std::string>& arguments);

}  // namespace marketplug::testkit
