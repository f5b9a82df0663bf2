// Kept connections, by a clock of their own: nobody holds a socket that nobody will use.

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <future>

#include "host/services/http/pool.hpp"
#include "http_fixture.hpp"

namespace marketplug::services::testing {
namespace http_pool {

using std::chrono::seconds;
using Time = std::chrono::steady_clock::time_point;

class HttpPool : public ::testing::Test {
 protected:
  HttpPool() { now() = Time{seconds{1000}}; }
  static Time& now() {
    static Time time;
    return time;
  }
  /// Not encrypted: the pool does not look.
  std::unique_ptr<http::Connection> connection(const std::string& key) const {
    Poco::Net::StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress("127.0.0.1:" + server.port()));
    return std::make_unique<http::Connection>(socket, key, false);
  }
  bool has(const std::string& key, seconds max_idle = seconds{15}) {
    return pool.take(key, max_idle, false) != nullptr;
  }
  /// Whether the server sees the end of the connection.
  bool closed() { return hung_up.get_future().wait_for(seconds{10}) == std::future_status::ready; }

  std::promise<void> hung_up;
  TestServer server{[this](Peer& peer) {
    peer.wait_for_hangup();
    if (peer.number() == 0) hung_up.set_value();
  }};
  http::Pool pool{[] { return now(); }};
};

TEST_F(HttpPool, GivesWhatIsNotIdleForTooLong) {
  pool.put(connection("a"));
  now() += seconds{3};
  EXPECT_FALSE(has("a", seconds{2})) << "an effect";
  EXPECT_TRUE(has("a")) << "a read";
  EXPECT_FALSE(has("a")) << "it was taken";
}

TEST_F(HttpPool, ASweepLeavesWhatSomebodyMayTake) {
  pool.put(connection("a"));
  now() += seconds{15};
  pool.close_idle();
  EXPECT_TRUE(has("a")) << "not yet";
}

TEST_F(HttpPool, WhatNobodyWouldTakeIsClosedByASweep) {
  pool.put(connection("a"));
  now() += seconds{16};
  pool.close_idle();
  EXPECT_TRUE(closed());
}

TEST_F(HttpPool, WhatNobodyWouldTakeIsClosedWhenAnotherIsAskedFor) {
  pool.put(connection("a"));
  now() += seconds{16};
  EXPECT_FALSE(has("b"));
  EXPECT_TRUE(closed());
}

TEST_F(HttpPool, WhatNobodyWouldTakeIsClosedWhenAnotherIsKept) {
  pool.put(connection("a"));
  now() += seconds{16};
  pool.put(connection("b"));
  EXPECT_TRUE(closed());
  EXPECT_TRUE(has("b"));
}

}  // namespace http_pool
}  // namespace marketplug::services::testing
