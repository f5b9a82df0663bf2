#pragma once
// Lets one thread at a time write, first come first served, so that a person's click is not starved
// by busy imports. Any thread; leave() may come from another thread than enter().

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace marketplug::store::db {

class WriteGate {
 public:
  /// Throws StoreError kOther where this thread is inside already.
  void enter();
  void leave() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::uint64_t next_ticket_ = 0, serving_ = 0;
  std::thread::id inside_;
};

}  // namespace marketplug::store::db
