#pragma once
// One thread, a seed and a virtual clock: posted tasks run inside wait_until(), in an order that
// the seed decides; when there is nothing to run, time moves. One thread only, but wake() from any.

#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "host/sync/sync.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::testing {

class SeededExecutor final : public sync::Executor {
 public:
  SeededExecutor(FakeClock& clock, std::uint64_t seed, std::size_t workers = 4)
      : clock_(clock), random_(seed), workers_(workers) {}

  void post(std::function<void()> task) override { tasks_.push_back(std::move(task)); }
  std::size_t workers() const noexcept override { return workers_; }

  void wait_until(TimePoint until) override {
    ++waits_;
    if (!tasks_.empty()) {
      const std::size_t index = random_.next() % tasks_.size();
      const auto task = std::move(tasks_[index]);
      tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(index));
      task();
      return;
    }
    if (woken_.exchange(false)) return;
    // An engine that asks for the same moment again and again would hang the test silently.
    idle_ = until <= clock_.now() ? idle_ + 1 : 0;
    if (idle_ > kMostIdle) throw std::logic_error("the scheduler spins without anything to run");
    if (until > clock_.now()) clock_.set(until);
    if (on_time) on_time(clock_.now());
  }

  void wake() override { woken_ = true; }

  /// How often the scheduler waited: once for each time it woke up.
  std::size_t waits() const noexcept { return waits_; }

  /// Called whenever time has moved.
  std::function<void(TimePoint)> on_time;

 private:
  static constexpr int kMostIdle = 1000;
  FakeClock& clock_;
  SeededRandom random_;
  std::size_t workers_;
  std::vector<std::function<void()>> tasks_;
  std::atomic<bool> woken_{false};
  int idle_ = 0;
  std::size_t waits_ = 0;
};

}  // namespace marketplug::testing
