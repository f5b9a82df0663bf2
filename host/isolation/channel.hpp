#pragma once
// Frames over a stream socket: four bytes of length (big endian), then that much JSON text. Both
// ends of the wire between host and worker. One thread at a time; closes what it holds.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace marketplug::isolation {

/// A body of 16 MB and what its encoding adds fits; whoever says more is not believed.
inline constexpr std::size_t kLargestFrame = 64u << 20;

class Channel {
 public:
  enum class Got : std::uint8_t {
    kFrame = 0,
    kNothing,  ///< the time was up; what came so far is kept
    kClosed,   ///< the other side is gone
    kTooLarge  ///< the frame says so, or is empty: nothing after it can be trusted
  };

  explicit Channel(int fd) noexcept : fd_(fd) {}
  ~Channel();
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&&) = delete;

  int fd() const noexcept { return fd_; }
  /// False: the other side is gone or did not take it in that time; the channel is then useless.
  bool send(std::string_view frame, std::chrono::milliseconds patience);
  Got receive(std::string& frame, std::chrono::milliseconds patience);

 private:
  bool send_all(const char* data, std::size_t size, std::chrono::steady_clock::time_point until);
  bool take_frame(std::string& frame, bool& too_large);

  int fd_;
  std::string buffer_;     ///< received, not handed out yet
  std::size_t start_ = 0;  ///< of the next frame in it
};

}  // namespace marketplug::isolation
