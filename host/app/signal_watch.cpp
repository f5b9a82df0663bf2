#include "host/app/signal_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace marketplug::app {
namespace {

[[noreturn]] void raise_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

SignalWatch::SignalWatch(std::function<void(int)> handler) : handler_(std::move(handler)) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&watched, signal);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &watched, &before_); error != 0) {
    throw std::system_error(error, std::generic_category(), "blocking signals");
  }
  signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) raise_error("signalfd");
  end_ = ::eventfd(0, EFD_CLOEXEC);
  if (end_ < 0) raise_error("eventfd");
  thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  while (::write(end_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  thread_.join();
  ::close(signals_);
  ::close(end_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalWatch::watch() {
  while (true) {
    std::array<pollfd, 2> polled{{{signals_, POLLIN, 0}, {end_, POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[1].revents != 0) return;
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
      handler_(static_cast<int>(info.ssi_signo));
    }
  }
}

}  // namespace marketplug::app
