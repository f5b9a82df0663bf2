#include "host/app/crash_note.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "host/loading/call_guard.hpp"
#include "marketplug/abi.hpp"

namespace marketplug::app {
namespace {

/// All that end a process unless somebody handles them, and that nobody sends from outside.
constexpr std::array kCrashSignals{SIGSEGV, SIGBUS,  SIGFPE,    SIGILL,  SIGABRT, SIGTRAP,
                                   SIGSYS,  SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU};
/// Of a process that a plugin ended by exit(): a supervisor that restarts after failures must see
/// one.
constexpr int kEndedByPlugin = 70;

/// Of the note, for the handlers. -1: there is none.
std::atomic<int> note_fd{-1};
/// Whose note it is: a process that a plugin forked is none of the program's ends.
std::atomic<pid_t> note_process{0};

int take_note() noexcept { return ::getpid() == note_process ? note_fd.exchange(-1) : -1; }

void put(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Calls nothing that a signal handler must not.
void put_words(int fd, std::string_view cause, std::string_view where) noexcept {
  put(fd, cause);
  put(fd, "\n");
  put(fd, where.substr(0, 200));
  put(fd, "\n");
}

std::string_view name_of(int signal) noexcept {
  switch (signal) {
    case SIGSEGV:
      return "signal 11 (segmentation fault)";
    case SIGBUS:
      return "signal 7 (bus error)";
    case SIGFPE:
      return "signal 8 (arithmetic)";
    case SIGILL:
      return "signal 4 (illegal instruction)";
    case SIGABRT:
      return "signal 6 (aborted)";
    case SIGTRAP:
      return "signal 5 (trap)";
    case SIGSYS:
      return "signal 31 (bad system call)";
    case SIGXCPU:
      return "signal 24 (CPU time limit)";
    default:
      return "a signal of a timer";
  }
}

extern "C" void handle_crash(int signal) {
  const int fd = take_note();
  if (fd >= 0) put_words(fd, name_of(signal), loading::current_call());
  ::raise(signal);  // SA_RESETHAND: ends the process as it would have ended
}

/// Ends the process without any of the C library's doing, which calls _exit() itself.
[[noreturn]] void end_process(int code) noexcept {
  for (;;) ::syscall(SYS_exit_group, code);
}

/// An end within a plugin's call: nothing but this tells it from one that was wanted.
void note_end(std::string_view how) noexcept {
  if (loading::current_call().empty() || ::getpid() != note_process) return;
  const int fd = take_note();
  if (fd >= 0) put_words(fd, how, loading::current_call());
  end_process(kEndedByPlugin);
}

extern "C" void handle_exit() { note_end("its own exit()"); }

void set_handlers() {
  static const int registered = std::atexit(handle_exit) + std::at_quick_exit(handle_exit);
  static_cast<void>(registered);
  if (detail::sanitizer_bits() != 0) return;  // they have their own, and more to say
  struct sigaction action {};
  action.sa_handler = handle_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int signal : kCrashSignals) ::sigaction(signal, &action, nullptr);
}

}  // namespace
}  // namespace marketplug::app

// In the program's own symbols, where plugins' calls are looked up first: _exit() runs no handler.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" {
[[noreturn]] void _exit(int code) noexcept {
  marketplug::app::note_end("its own _exit()");
  marketplug::app::end_process(code);
}
[[noreturn]] void _Exit(int code) noexcept { ::_exit(code); }
}
#endif

namespace marketplug::app {

CrashNote::CrashNote(const std::string& folder, const std::string& run) {
  const std::string path = folder + "/" + kFileName;
  std::ifstream before(path);
  std::getline(before, left_.run);
  std::getline(before, left_.cause);
  std::getline(before, left_.where);
  before.close();
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_APPEND,
               S_IRUSR | S_IWUSR);
  if (fd_ < 0) return;
  put(fd_, run);
  put(fd_, "\n");
  note_process = ::getpid();
  note_fd = fd_;
  set_handlers();
}

CrashNote::~CrashNote() {
  note_fd = -1;
  if (fd_ >= 0) ::close(fd_);
}

void CrashNote::write(std::string_view cause, std::string_view where) const noexcept {
  if (fd_ >= 0) put_words(fd_, cause, where);
}

}  // namespace marketplug::app
