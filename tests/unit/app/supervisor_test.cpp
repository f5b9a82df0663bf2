#include "host/app/supervisor.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>

#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

TEST(Supervisor, IsToldThroughItsSocket) {
  testing::Bench bench;
  const auto path = bench.folder + "/notify";
  const int handle = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  notify_supervisor("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  char text[64] = {};
  const auto got = ::recv(handle, text, sizeof(text), MSG_DONTWAIT);
  ::close(handle);
  EXPECT_EQ(std::string(text, got < 0 ? 0 : static_cast<std::size_t>(got)), "READY=1");
}

TEST(Supervisor, WithoutOneNothingHappens) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_supervisor("READY=1");
  ::setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  notify_supervisor("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace marketplug::app
