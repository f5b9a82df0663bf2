#pragma once
// "Please end": set once, seen by everybody who waits. Any thread.

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace marketplug::app {

class StopFlag {
 public:
  void request() {
    {
      const std::lock_guard lock(mutex_);
      requested_ = true;
    }
    changed_.notify_all();
  }
  bool requested() const {
    const std::lock_guard lock(mutex_);
    return requested_;
  }
  /// Wakes those who wait without asking them to end.
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      ++wakes_;
    }
    changed_.notify_all();
  }
  /// Waits that long, until wake(), or until request(): then true.
  bool wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    const auto before = wakes_;
    changed_.wait_for(lock, time, [&] { return requested_ || wakes_ != before; });
    return requested_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool requested_ = false;
  unsigned wakes_ = 0;
};

}  // namespace marketplug::app
