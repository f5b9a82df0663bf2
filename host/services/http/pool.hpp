#pragma once
// Kept connections of the whole transport, by "host:port" (there is one proxy for all). Any thread;
// what is taken belongs to the taker until it is put back.

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/services/http/connection.hpp"

namespace marketplug::services::http {

class Pool {
 public:
  using Now = std::chrono::steady_clock::time_point (*)();
  /// `now` is replaced in tests only.
  explicit Pool(Now now = &std::chrono::steady_clock::now) : now_(now) {}

  /// The one used last, if it was idle for at most `max_idle` and is not stale; nullptr else.
  /// Connections to private addresses only for a scope that lists them.
  std::unique_ptr<Connection> take(const std::string& key, std::chrono::milliseconds max_idle,
                                   bool private_allowed);
  void put(std::unique_ptr<Connection> connection);
  /// Closes what nobody would take any more; take() and put() do so too.
  void close_idle();

 private:
  using Kept = std::vector<std::unique_ptr<Connection>>;
  /// What has been idle for too long; the caller closes it outside the lock.
  Kept expired(std::chrono::steady_clock::time_point now);

  Now now_;
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;
  std::size_t size_ = 0;
};

}  // namespace marketplug::services::http
