#include "host/store/sqlite/check_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace marketplug::store::sqlite {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLook{100};
constexpr seconds kTell{10};

/// What this process has read so far; while the store is opened nothing else reads much. 0 where
/// the system does not say.
std::uint64_t bytes_read() {
  std::ifstream facts("/proc/self/io");
  std::string name;
  std::uint64_t value = 0;
  while (facts >> name >> value) {
    if (name == "rchar:") return value;
  }
  return 0;
}

}  // namespace

std::string progress_of_check(std::uint64_t read, std::uint64_t size) {
  if (read == 0 || size == 0) return {};
  return fmt::format("about {} %, ", std::min<std::uint64_t>(99, read * 100 / (2 * size)));
}

CheckWatch::CheckWatch(const std::string& path, const db::CheckHooks& hooks,
                       std::function<void()> interrupt)
    : path_(path),
      hooks_(hooks),
      interrupt_(std::move(interrupt)),
      read_before_(bytes_read()),
      thread_([this] { watch(); }) {}

CheckWatch::~CheckWatch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_all();
  thread_.join();
}

void CheckWatch::watch() {
  const auto began = std::chrono::steady_clock::now();
  auto told = began;
  std::unique_lock lock(mutex_);
  while (!ended_) {
    lock.unlock();
    if (hooks_.stopped && hooks_.stopped()) interrupt_();
    const auto now = std::chrono::steady_clock::now();
    if (now - told >= kTell) {
      told = now;
      tell(std::chrono::duration_cast<seconds>(now - began));
    }
    lock.lock();
    ended_changed_.wait_for(lock, kLook, [this] { return ended_; });
  }
}

void CheckWatch::tell(seconds passed) const {
  if (!hooks_.notice) return;
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  const auto read = bytes_read() - read_before_;
  hooks_.notice(fmt::format("Still checking {}: {}{} s so far.", path_,
                            progress_of_check(read, error ? 0 : size), passed.count()));
}

}  // namespace marketplug::store::sqlite
