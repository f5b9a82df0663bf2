#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "host/sync/sync.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::hours;
using testing::FakeClock;

TEST(ThreadExecutor, HasAtLeastOneWorker) {
  FakeClock clock;
  EXPECT_EQ(make_thread_executor(0, clock)->workers(), 1u);
  EXPECT_EQ(make_thread_executor(3, clock)->workers(), 3u);
}

TEST(ThreadExecutor, RunsAtMostItsNumberOfTasksAtOnce) {
  FakeClock clock;
  const auto executor = make_thread_executor(2, clock);
  std::atomic<int> inside{0}, most{0}, done{0};
  std::promise<void> all;
  for (int i = 0; i < 50; ++i) {
    executor->post([&] {
      const int now = ++inside;
      int seen = most.load();
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::yield();
      --inside;
      if (++done == 50) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_LE(most.load(), 2);
}

TEST(ThreadExecutor, AWaitEndsWhenATaskHasRun) {
  FakeClock clock;
  const auto executor = make_thread_executor(1, clock);
  std::atomic<bool> ran{false};
  executor->post([&] { ran = true; });
  executor->wait_until(clock.now() + hours{1});
  EXPECT_TRUE(ran.load());
}

TEST(ThreadExecutor, AWakeIsNotLostWhenNobodyWaitsYet) {
  FakeClock clock;
  const auto executor = make_thread_executor(1, clock);
  executor->wake();
  executor->wait_until(clock.now() + hours{1});
}

TEST(ThreadExecutor, AWaitEndsWhenTheInjectedClockGetsThere) {
  FakeClock clock;
  const auto executor = make_thread_executor(1, clock);
  const TimePoint until = clock.now() + hours{1};
  std::thread mover([&] { clock.advance(hours{2}); });
  executor->wait_until(until);
  mover.join();
}

TEST(ThreadExecutor, AWaitEndsWhenTheClockIsSetBack) {
  FakeClock clock;
  const auto executor = make_thread_executor(1, clock);
  const TimePoint until = clock.now() + hours{1};
  std::thread mover([&] { clock.advance(-hours{1}); });
  executor->wait_until(until);
  mover.join();
  EXPECT_LT(clock.now(), until - hours{1});
}

TEST(ThreadExecutor, AClockThatWasSetBackBetweenTwoWaitsEndsTheNextOne) {
  FakeClock clock;
  const auto executor = make_thread_executor(1, clock);
  const TimePoint until = clock.now() + hours{1};
  clock.advance(-hours{1});
  executor->wait_until(until);
  EXPECT_LT(clock.now(), until);
}

TEST(ThreadExecutor, AWaitForAPastMomentReturnsAtOnce) {
  FakeClock clock;
  make_thread_executor(1, clock)->wait_until(clock.now());
}

}  // namespace
}  // namespace marketplug::sync
