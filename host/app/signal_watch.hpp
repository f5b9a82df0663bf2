#pragma once
// SIGINT, SIGTERM and SIGHUP as calls on a thread of their own, where anything may be done. Made
// before other threads are, which inherit that these signals are blocked.

#include <signal.h>

#include <functional>
#include <thread>

namespace marketplug::app {

class SignalWatch {
 public:
  /// `handler` gets each signal's number. Throws std::system_error.
  explicit SignalWatch(std::function<void(int signal)> handler);
  /// Ends the thread; the signals have their usual effect again.
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  void watch();

  std::function<void(int)> handler_;
  sigset_t before_{};
  int signals_ = -1, end_ = -1;
  std::thread thread_;
};

}  // namespace marketplug::app
