#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "host/sync/sync.hpp"

namespace marketplug::sync {
namespace {

/// Longest uninterrupted wait: the injected clock may jump or be moved by hand, and only a look at
/// it tells.
constexpr std::chrono::milliseconds kLongestNap{200};
/// A clock that was set back by more ends the wait: `until` was computed by the clock as it was.
constexpr std::chrono::milliseconds kClockBack{1'000};

class ThreadExecutor final : public Executor {
 public:
  ThreadExecutor(std::size_t workers, const Clock& clock) : clock_(clock), seen_(clock.now()) {
    workers = std::max<std::size_t>(workers, 1);
    threads_.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  }

  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;

  ~ThreadExecutor() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      tasks_.clear();
    }
    for_workers_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  void post(std::function<void()> task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    for_workers_.notify_one();
  }

  std::size_t workers() const noexcept override { return threads_.size(); }

  void wait_until(TimePoint until) override {
    std::unique_lock lock(mutex_);
    while (!signalled_) {
      const TimePoint now = clock_.now();
      const bool set_back = now + kClockBack < seen_;
      seen_ = now;
      if (now >= until || set_back) return;
      for_scheduler_.wait_for(lock, std::min(until - now, kLongestNap));
    }
    signalled_ = false;
  }

  void wake() override {
    {
      const std::lock_guard lock(mutex_);
      signalled_ = true;
    }
    for_scheduler_.notify_all();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      for_workers_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (ending_) return;
      {
        const std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
      }
      lock.lock();
      signalled_ = true;
      for_scheduler_.notify_all();
    }
  }

  const Clock& clock_;
  TimePoint seen_;  ///< the clock at the scheduler's last look
  std::mutex mutex_;
  std::condition_variable for_workers_, for_scheduler_;
  std::deque<std::function<void()>> tasks_;
  bool signalled_ = false;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Executor> make_thread_executor(std::size_t workers, const Clock& clock) {
  return std::make_unique<ThreadExecutor>(workers, clock);
}

}  // namespace marketplug::sync
