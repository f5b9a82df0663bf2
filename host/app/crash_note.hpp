#pragma once
// The last words of the process: when it is ended by a signal of its own doing, or by a plugin that
// calls exit() (then with code 70), it writes down which plugin's code the crashing thread ran. The
// next start reads it. One per process; made and asked by one thread.

#include <string>
#include <string_view>

namespace marketplug::app {

class CrashNote {
 public:
  /// What the process before this one left. Empty members: it was ended from outside (SIGKILL, no
  /// power), or did not crash.
  struct Left {
    std::string run;    ///< tells that process from others
    std::string cause;  ///< "signal 11 (segmentation fault)", "its own exit()"
    std::string where;  ///< the call of a plugin that it happened in ("amazon.fetch_orders")
  };

  /// Reads the note in `folder` and begins one for this process, named `run`. Where it cannot be
  /// written (a full disk), crashes of this process are not told.
  CrashNote(const std::string& folder, const std::string& run);
  ~CrashNote();
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

  const Left& left() const noexcept { return left_; }
  /// Writes what a crash would, for a process that ends itself.
  void write(std::string_view cause, std::string_view where) const noexcept;

  static constexpr const char* kFileName = "marketplug.crash";

 private:
  Left left_;
  int fd_ = -1;
};

}  // namespace marketplug::app
