#pragma once
// Looks after a check of the whole database from a thread of its own: SQLite does not come back
// before it has read everything. Lives on the checking thread's stack.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "host/store/db/database.hpp"

namespace marketplug::store::sqlite {

class CheckWatch {
 public:
  /// `interrupt` ends the check, as soon as the hooks say that it shall; said again until this
  /// object goes. All must outlive it.
  CheckWatch(const std::string& path, const db::CheckHooks& hooks, std::function<void()> interrupt);
  ~CheckWatch();
  CheckWatch(const CheckWatch&) = delete;
  CheckWatch& operator=(const CheckWatch&) = delete;

 private:
  void watch();
  void tell(std::chrono::seconds passed) const;

  const std::string& path_;
  const db::CheckHooks& hooks_;
  std::function<void()> interrupt_;
  std::uint64_t read_before_;
  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::thread thread_;
};

/// "about 40 %, " of a check that has read so many bytes of a file of that size: it reads every
/// page once for the structure and once more for the rows. Empty where nothing is known.
std::string progress_of_check(std::uint64_t read, std::uint64_t size);

}  // namespace marketplug::store::sqlite
