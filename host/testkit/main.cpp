// marketplug-testkit: holds a plugin to what the host expects of it.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "host/testkit/program.hpp"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const int code = marketplug::testkit::run_program(arguments);
  std::fflush(stdout);
  ::_exit(code);  // what a plugin left running must not run down
}
