#pragma once
// What was asked of the simulator and what it gave. Any thread: every function locks.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace amazon_sandbox {

struct OperationStatistics {
  std::uint64_t requests = 0, throttled = 0, orders = 0, bytes = 0;
  std::map<int, std::uint64_t> by_status;
};

using Statistics = std::map<std::string, OperationStatistics, std::less<>>;

class StatisticsBook {
 public:
  void count(std::string_view operation, int status, std::uint64_t orders, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    auto found = statistics_.find(operation);
    if (found == statistics_.end()) {
      found = statistics_.emplace(std::string(operation), OperationStatistics{}).first;
    }
    auto& entry = found->second;
    ++entry.requests;
    ++entry.by_status[status];
    if (status == 429) ++entry.throttled;
    entry.orders += orders;
    entry.bytes += bytes;
  }
  Statistics snapshot() const {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }
  void reset() {
    const std::lock_guard lock(mutex_);
    statistics_.clear();
  }

 private:
  mutable std::mutex mutex_;
  Statistics statistics_;
};

}  // namespace amazon_sandbox
