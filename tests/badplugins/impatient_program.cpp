// The host with limits of a second for steps and ends that do not come back: runs what is due of
// the configuration named, and the shop named after it. Exit code 1: one was given up; 7: a shop
// failed otherwise; 0: all is well.
#include <chrono>
#include <exception>

#include "host/app/runtime.hpp"

int main(int argc, char** argv) {
  using std::chrono::seconds;
  if (argc != 2 && argc != 3) return 2;
  try {
    auto loaded = marketplug::config::load_host(argv[1]);
    marketplug::app::RuntimeOptions options;
    options.runs_plugins = true;
    options.engine.step_deadline = seconds{1};
    options.engine.overdue_after = seconds{0};
    options.engine.give_up_after = seconds{1};
    options.engine.end_within = seconds{1};
    options.worker.program = WORKER_PROGRAM;
    marketplug::app::StopFlag stop;
    marketplug::app::Runtime runtime(std::move(loaded.config), options, stop);
    runtime.shops().load();
    if (argc == 3) runtime.engine().trigger(argv[2]);
    return runtime.engine().run_due("", false, {}) ? 0 : 7;
  } catch (const std::exception&) {
    return 3;
  }
}
