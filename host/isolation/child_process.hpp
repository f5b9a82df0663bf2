#pragma once
// Child processes for plugins: started with nothing of this process but a socket, under limits that
// they cannot lift, and ended with it. A Spawner may be used from any thread; a Child by one.

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/isolation/channel.hpp"
#include "marketplug/result.hpp"

namespace marketplug::isolation {

struct ChildLimits {
  std::uint64_t memory_bytes = 2ull << 30;  ///< address space; not in builds with sanitizers
  std::uint64_t files = 64;
};

/// How a process ended.
struct ChildEnd {
  int signal = 0;     ///< 0: by itself
  int exit_code = 0;  ///< where there was no signal

  /// "was ended by signal 11 (Segmentation fault)", "ended with exit code 3".
  std::string text() const;
};

/// A process of its own group. Killed, with what it started, when this goes.
class Child {
 public:
  /// `socket`: the host's end; `errors`: the read end of its standard error.
  Child(pid_t pid, int socket, int errors) noexcept
      : channel_(socket), pid_(pid), errors_(errors) {}
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Channel& channel() noexcept { return channel_; }
  pid_t pid() const noexcept { return pid_; }
  /// The lines it wrote to standard error since the last call; never waits.
  std::vector<std::string> take_errors();
  /// SIGTERM, `grace`, SIGKILL, as far as it is needed. Gives how it ended; asked again, the same.
  ChildEnd end(std::chrono::milliseconds grace);

 private:
  bool reap(bool wait);

  Channel channel_;
  pid_t pid_;
  int errors_;
  std::string partial_;  ///< a line that has no end yet
  bool reaped_ = false;
  ChildEnd end_;
};

/// Starts children on a thread of its own: a child dies with the thread that started it
/// (PR_SET_PDEATHSIG), and that must be none that comes and goes.
class Spawner {
 public:
  Spawner();
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  /// The program gets its socket as descriptor 3, an empty environment and no other descriptor but
  /// its standard error. Failure kConfig, code "no_worker", where it cannot be started.
  Result<std::unique_ptr<Child>> spawn(const std::string& program,
                                       const std::vector<std::string>& arguments,
                                       const ChildLimits& limits);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace marketplug::isolation
