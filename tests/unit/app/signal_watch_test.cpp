#include "host/app/signal_watch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <future>

#include "host/app/stop_flag.hpp"

namespace marketplug::app {
namespace {

constexpr std::chrono::seconds kPatience{20};

TEST(SignalWatch, HandsSignalsToItsThread) {
  std::promise<int> got;
  SignalWatch watch([&](int signal) { got.set_value(signal); });
  ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
  auto future = got.get_future();
  ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(future.get(), SIGHUP);
}

TEST(SignalWatch, GivesTheSignalsBack) {
  sigset_t before, during, after;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
  {
    SignalWatch watch([](int) {});
    ::pthread_sigmask(SIG_BLOCK, nullptr, &during);
  }
  ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
  EXPECT_EQ(sigismember(&during, SIGTERM), 1);
  EXPECT_EQ(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
}

TEST(StopFlag, WakesWhoeverWaits) {
  StopFlag flag;
  EXPECT_FALSE(flag.wait_for(std::chrono::milliseconds(0)));
  auto waiting = std::async(std::launch::async, [&] { return flag.wait_for(kPatience); });
  flag.request();
  EXPECT_TRUE(waiting.get());
  EXPECT_TRUE(flag.requested());
}

TEST(StopFlag, CanBeWokenWithoutEnding) {
  StopFlag flag;
  auto waiting = std::async(std::launch::async, [&] {
    const auto start = std::chrono::steady_clock::now();
    const bool stop = flag.wait_for(kPatience);
    return !stop && std::chrono::steady_clock::now() - start < kPatience;
  });
  while (waiting.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) flag.wake();
  EXPECT_TRUE(waiting.get());
}

}  // namespace
}  // namespace marketplug::app
