#include "host/isolation/channel.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <thread>

namespace marketplug::isolation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kNone{0};
constexpr milliseconds kLong{30'000};

struct Ends {
  std::array<int, 2> fds = [] {
    std::array<int, 2> made{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, made.data()) != 0) throw std::runtime_error("socket");
    return made;
  }();
  Channel here{fds[0]}, there{fds[1]};
  std::string frame;
};

TEST(Channel, FramesArriveWholeAndInOrder) {
  Ends ends;
  ASSERT_TRUE(ends.here.send("one", kNone));
  ASSERT_TRUE(ends.here.send(std::string("t\0o", 3), kNone));
  ASSERT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kFrame);
  EXPECT_EQ(ends.frame, "one");
  ASSERT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kFrame);
  EXPECT_EQ(ends.frame, std::string("t\0o", 3));
  EXPECT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kNothing);
}

TEST(Channel, AFrameInPiecesIsKeptUntilItIsWhole) {
  Ends ends;
  const std::string bytes("\0\0\0\3abc\0\0\0\1d", 12);
  for (std::size_t i = 0; i < 6; ++i) {
    ASSERT_EQ(::write(ends.fds[0], bytes.data() + i, 1), 1);
    EXPECT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kNothing);
  }
  ASSERT_EQ(::write(ends.fds[0], bytes.data() + 6, 6), 6);
  ASSERT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kFrame);
  EXPECT_EQ(ends.frame, "abc");
  ASSERT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kFrame);
  EXPECT_EQ(ends.frame, "d");
}

TEST(Channel, LargeFramesGoBothWays) {
  Ends ends;
  const std::string large(20u << 20, 'x');
  std::thread echo([&] {
    std::string got;
    if (ends.there.receive(got, kLong) == Channel::Got::kFrame) ends.there.send(got, kLong);
  });
  EXPECT_TRUE(ends.here.send(large, kLong));
  EXPECT_EQ(ends.here.receive(ends.frame, kLong), Channel::Got::kFrame);
  EXPECT_EQ(ends.frame, large);
  echo.join();
}

TEST(Channel, ALengthThatNobodyBelievesEndsIt) {
  for (const std::string& header : {std::string("\xff\xff\xff\xff", 4), std::string("\0\0\0\0", 4),
                                    std::string("\x04\0\0\1", 4)}) {
    Ends ends;
    ASSERT_EQ(::write(ends.fds[0], header.data(), header.size()), 4);
    EXPECT_EQ(ends.there.receive(ends.frame, kNone), Channel::Got::kTooLarge);
  }
  Ends ends;
  EXPECT_FALSE(ends.here.send(std::string(kLargestFrame + 1, 'x'), kNone));
  EXPECT_FALSE(ends.here.send("", kNone));
}

TEST(Channel, WhoDoesNotReadStopsNobody) {
  Ends ends;
  EXPECT_FALSE(ends.here.send(std::string(20u << 20, 'x'), milliseconds{1}));
}

TEST(Channel, TheOtherSidesEndIsNoticed) {
  Ends ends;
  { const Channel gone(std::move(ends.there)); }
  EXPECT_EQ(ends.here.receive(ends.frame, kLong), Channel::Got::kClosed);
  EXPECT_FALSE(ends.here.send("x", kLong));
}

}  // namespace
}  // namespace marketplug::isolation
