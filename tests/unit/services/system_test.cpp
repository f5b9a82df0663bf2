#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

TEST(SystemClock, IsTheTimeInUtc) {
  const auto before = std::chrono::system_clock::now() - std::chrono::milliseconds{1};
  const auto now = make_system_clock()->now();
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

TEST(SystemRandom, DoesNotRepeatItself) {
  const auto random = make_system_random();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random->next());
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace marketplug::services
