#include "host/isolation/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <system_error>
#include <utility>

#include "marketplug/abi.hpp"

namespace marketplug::isolation {
namespace {

using std::chrono::milliseconds;

constexpr int kSocketInChild = 3;
constexpr std::size_t kLongestErrorLine = 1000;
constexpr std::size_t kMostLines = 200;
constexpr milliseconds kBetweenLooks{5};

Failure not_started(const std::string& program, int error) {
  Failure failure;
  failure.kind = Failure::Kind::kConfig;
  failure.code = "no_worker";
  failure.message =
      fmt::format("{} cannot be started: {}", program, std::generic_category().message(error));
  failure.remedy = "Install marketplug-worker beside marketplug; both come with one release.";
  return failure;
}

void set_limit(__rlimit_resource resource, std::uint64_t value) {
  const rlimit limit{value, value};
  ::setrlimit(resource, &limit);
}

/// What the child needs, laid out before the fork: nothing may be allocated after it.
struct Plan {
  const char* program;
  char* const* arguments;
  int socket, errors, nothing;
  pid_t parent;
  ChildLimits limits;
  bool limit_memory;
};

/// Runs between fork and exec: system calls only.
[[noreturn]] void become(const Plan& plan) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);  // a Ctrl-C of the terminal is the host's affair
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::dup2(plan.nothing, STDIN_FILENO);
  ::dup2(plan.errors, STDOUT_FILENO);
  ::dup2(plan.errors, STDERR_FILENO);
  ::dup2(plan.socket, kSocketInChild);
  constexpr unsigned kFirst = kSocketInChild + 1;
  if (::syscall(SYS_close_range, kFirst, ~0u, 0) != 0) {
    rlimit open_files{};
    ::getrlimit(RLIMIT_NOFILE, &open_files);
    const auto last = static_cast<int>(std::min<rlim_t>(open_files.rlim_cur, 65536));
    for (int fd = kSocketInChild + 1; fd < last; ++fd) ::close(fd);
  }
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_NOFILE, plan.limits.files);
  if (plan.limit_memory) set_limit(RLIMIT_AS, plan.limits.memory_bytes);
  char* const empty[] = {nullptr};
  ::execve(plan.program, plan.arguments, empty);
  ::_exit(127);
}

/// Closes the descriptors of a start that are not handed on.
struct Descriptors {
  std::array<int, 2> socket{-1, -1}, errors{-1, -1}, started{-1, -1};
  int nothing = -1;
  ~Descriptors() {
    for (const int fd :
         {socket[0], socket[1], errors[0], errors[1], started[0], started[1], nothing}) {
      if (fd >= 0) ::close(fd);
    }
  }
  /// Until the child has closed its end, so it knows by then whom it must not outlive: a thread
  /// that ends before would end unnoticed.
  void wait_for_start() {
    ::close(std::exchange(started[1], -1));
    char nothing_comes = 0;
    while (::read(started[0], &nothing_comes, 1) < 0 && errno == EINTR) {
    }
  }
  /// The child's ends get numbers above those that it gives them.
  bool open() {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, socket.data()) == 0 &&
           ::pipe2(errors.data(), O_CLOEXEC) == 0 && ::pipe2(started.data(), O_CLOEXEC) == 0 &&
           (nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0 && lift(socket[1]) &&
           lift(errors[1]) && lift(nothing);
  }
  static bool lift(int& fd) {
    constexpr int kHigher = 10;
    const int lifted = ::fcntl(fd, F_DUPFD_CLOEXEC, kHigher);
    if (lifted < 0) return false;
    ::close(std::exchange(fd, lifted));
    return true;
  }
};

Result<std::unique_ptr<Child>> spawn_here(const std::string& program,
                                          const std::vector<std::string>& arguments,
                                          const ChildLimits& limits) {
  if (::access(program.c_str(), X_OK) != 0) return not_started(program, errno);
  std::vector<std::string> texts{program};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(texts.size() + 1);
  for (auto& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  Descriptors open;
  if (!open.open()) return not_started(program, errno);
  const Plan plan{program.c_str(), argv.data(), open.socket[1], open.errors[1],
                  open.nothing,    ::getpid(),  limits,         detail::sanitizer_bits() == 0};
  const pid_t pid = ::fork();
  if (pid < 0) return not_started(program, errno);
  if (pid == 0) become(plan);
  ::setpgid(pid, pid);  // whoever is first
  open.wait_for_start();
  ::fcntl(open.errors[0], F_SETFL, O_NONBLOCK);
  return std::make_unique<Child>(pid, std::exchange(open.socket[0], -1),
                                 std::exchange(open.errors[0], -1));
}

}  // namespace

std::string ChildEnd::text() const {
  if (signal == 0) return fmt::format("ended with exit code {}", exit_code);
  const char* name = ::strsignal(signal);
  return fmt::format("was ended by signal {} ({})", signal, name == nullptr ? "unknown" : name);
}

Child::~Child() {
  end(milliseconds{0});
  ::close(errors_);
}

std::vector<std::string> Child::take_errors() {
  std::vector<std::string> lines;
  std::array<char, 4096> piece{};
  ssize_t got = 0;
  while (lines.size() < kMostLines && (got = ::read(errors_, piece.data(), piece.size())) > 0) {
    for (const char c : std::string_view(piece.data(), static_cast<std::size_t>(got))) {
      if (c != '\n' && partial_.size() < kLongestErrorLine) {
        partial_ += c;
      } else if (!partial_.empty()) {
        lines.push_back(std::exchange(partial_, {}));
      }
    }
  }
  if (reaped_ && !partial_.empty()) lines.push_back(std::exchange(partial_, {}));
  return lines;
}

/// True: it has ended. Before its number is given back, what it may have started goes too.
bool Child::reap(bool wait) {
  while (!reaped_) {
    siginfo_t info{};
    const int looked =
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG));
    if (looked != 0 && errno == EINTR) continue;
    if (looked == 0 && info.si_pid == 0) return false;
    reaped_ = true;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
    if (WIFEXITED(status)) end_.exit_code = WEXITSTATUS(status);
  }
  return true;
}

ChildEnd Child::end(milliseconds grace) {
  if (!reap(false) && grace.count() > 0) {
    ::kill(-pid_, SIGTERM);
    const auto until = std::chrono::steady_clock::now() + grace;
    while (!reap(false) && std::chrono::steady_clock::now() < until) {
      ::poll(nullptr, 0, static_cast<int>(kBetweenLooks.count()));
    }
  }
  if (!reaped_) {
    ::kill(-pid_, SIGKILL);
    reap(true);
  }
  return end_;
}

Spawner::Spawner() : thread_([this] { work(); }) {}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Spawner::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

Result<std::unique_ptr<Child>> Spawner::spawn(const std::string& program,
                                              const std::vector<std::string>& arguments,
                                              const ChildLimits& limits) {
  using Spawned = Result<std::unique_ptr<Child>>;
  const auto promise = std::make_shared<std::promise<Spawned>>();
  auto future = promise->get_future();
  {
    const std::lock_guard lock(mutex_);
    tasks_.emplace_back([&program, &arguments, &limits, promise] {
      try {
        promise->set_value(spawn_here(program, arguments, limits));
      } catch (...) {
        promise->set_exception(std::current_exception());
      }
    });
  }
  changed_.notify_all();
  return future.get();
}

}  // namespace marketplug::isolation
