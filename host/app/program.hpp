#pragma once
// The program behind main(): one command from the command line to its exit code.

namespace marketplug::app {

/// Never throws.
int run_program(int argc, const char* const* argv) noexcept;

}  // namespace marketplug::app
