#pragma once
// Ends the process when an orderly stop takes too long: a plugin that does not come back, a disk
// that hangs. Nothing is lost: every step is one transaction, and the store is made for being left
// in the middle. Made when the stop begins, on any thread; destroyed when it has ended.

#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>
#include <utility>

#include "host/app/stop_flag.hpp"

namespace marketplug::app {

inline constexpr std::chrono::milliseconds kStopTime{4500};

class StopLimit {
 public:
  /// `last_words` runs before the process ends with `exit_code`.
  StopLimit(std::chrono::milliseconds time, int exit_code, std::function<void()> last_words)
      : thread_([this, time, exit_code, say = std::move(last_words)] {
          if (ended_.wait_for(time)) return;
          say();
          ::_exit(exit_code);
        }) {}
  ~StopLimit() {
    ended_.request();
    thread_.join();
  }
  StopLimit(const StopLimit&) = delete;
  StopLimit& operator=(const StopLimit&) = delete;

 private:
  StopFlag ended_;
  std::thread thread_;
};

}  // namespace marketplug::app
