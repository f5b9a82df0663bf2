// marketplug-worker: a plugin in a process of its own. Started by marketplug with --serve; with
// --probe FILE for a person who wants to see a plugin loaded, without risking more than this.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <string>

#include "host/isolation/worker_program.hpp"

namespace {

constexpr unsigned kProbeSeconds = 10;

/// Whatever the plugin prints must not mix with the answer: it goes to standard error.
int keep_output_apart() {
  const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return output;
}

int run(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--serve") == 0) {
    return marketplug::isolation::serve(marketplug::isolation::kWorkerSocket);
  }
  if (argc == 3 && std::strcmp(argv[1], "--probe") == 0) {
    const int output = keep_output_apart();
    ::alarm(kProbeSeconds);  // a plugin that does not come back ends this process
    return marketplug::isolation::print_probe(argv[2], output);
  }
  const std::string usage = "usage: marketplug-worker --probe /path/to/plugin.so\n";
  return ::write(STDERR_FILENO, usage.data(), usage.size()) > 0 ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    // What has run must not run down: a plugin's statics may not survive it.
    ::_exit(run(argc, argv));
  } catch (const std::exception& error) {
    const std::string text = std::string("marketplug-worker: ") + error.what() + "\n";
    ::_exit(::write(STDERR_FILENO, text.data(), text.size()) > 0 ? 1 : 2);
  }
}
