#include "host/isolation/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace marketplug::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kHeader = 4;
constexpr std::size_t kReadAtOnce = 256u << 10;
constexpr long kLongestPoll = 3'600'000;

/// False: the time is up.
bool wait_for(int fd, short events, steady_clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    pollfd polled{fd, events, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(std::clamp<long>(left, 0, kLongestPoll)));
    if (ready > 0) return true;
    if (ready == 0 && left <= kLongestPoll) return false;
    if (ready < 0 && errno != EINTR) return true;  // the call that follows says what is wrong
  }
}

}  // namespace

Channel::~Channel() {
  if (fd_ >= 0) ::close(fd_);
}

Channel::Channel(Channel&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      buffer_(std::move(other.buffer_)),
      start_(std::exchange(other.start_, 0)) {}

bool Channel::send_all(const char* data, std::size_t size, steady_clock::time_point until) {
  while (size > 0) {
    const ssize_t sent = ::send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      data += sent;
      size -= static_cast<std::size_t>(sent);
    } else if (sent < 0 && errno == EINTR) {
      continue;
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait_for(fd_, POLLOUT, until)) return false;
    } else {
      return false;
    }
  }
  return true;
}

bool Channel::send(std::string_view frame, milliseconds patience) {
  if (frame.empty() || frame.size() > kLargestFrame) return false;
  const auto until = steady_clock::now() + patience;
  std::array<char, kHeader> header{};
  for (std::size_t i = 0; i < kHeader; ++i) {
    header.at(i) = static_cast<char>((frame.size() >> (8 * (kHeader - 1 - i))) & 0xff);
  }
  return send_all(header.data(), header.size(), until) &&
         send_all(frame.data(), frame.size(), until);
}

bool Channel::take_frame(std::string& frame, bool& too_large) {
  const std::size_t there = buffer_.size() - start_;
  if (there < kHeader) return false;
  std::size_t size = 0;
  for (std::size_t i = 0; i < kHeader; ++i) {
    size = size << 8 | static_cast<unsigned char>(buffer_[start_ + i]);
  }
  too_large = size == 0 || size > kLargestFrame;
  if (too_large || there < kHeader + size) return false;
  frame.assign(buffer_, start_ + kHeader, size);
  start_ += kHeader + size;
  if (start_ == buffer_.size()) {
    buffer_.clear();
    start_ = 0;
  }
  return true;
}

Channel::Got Channel::receive(std::string& frame, milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    bool too_large = false;
    if (take_frame(frame, too_large)) return Got::kFrame;
    if (too_large) return Got::kTooLarge;
    if (start_ > 0) {
      buffer_.erase(0, start_);
      start_ = 0;
    }
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kReadAtOnce);
    const ssize_t got = ::recv(fd_, buffer_.data() + before, kReadAtOnce, MSG_DONTWAIT);
    buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) continue;
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return Got::kClosed;
    if (!wait_for(fd_, POLLIN, until)) return Got::kNothing;
  }
}

}  // namespace marketplug::isolation
