// The host's own periodic work: it needs a worker, but no shop.
#include <array>
#include <string_view>

#include "host/sync/engine.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kRetention = "retention";
constexpr milliseconds kMinute{60'000};
constexpr milliseconds kHour{3'600'000};
constexpr std::chrono::days kAlertsKept{90};  ///< after they were cleared
constexpr std::chrono::days kAuditsKept{90};  ///< after they ended

}  // namespace

void EngineCore::make_host_jobs() {
  HostJob retention;
  retention.name = kRetention;
  retention.period = kHour;
  retention.work = [this] { purge(); };
  host_jobs_.push_back(std::move(retention));
  if (!parts_.each_minute) return;
  HostJob minute;
  minute.name = "each_minute";
  minute.period = kMinute;
  minute.work = parts_.each_minute;
  minute.due = made_at_ + kMinute;
  host_jobs_.push_back(std::move(minute));
}

void EngineCore::start_host_jobs(TimePoint now) {
  for (std::size_t i = 0; i < host_jobs_.size(); ++i) {
    HostJob& job = host_jobs_[i];
    if (job.running || job.due > now || running_ >= parts_.executor.workers()) continue;
    job.running = true;
    ++running_;
    parts_.executor.post([this, i] { run_host_job(i); });
  }
}

void EngineCore::run_host_job(std::size_t index) {
  HostJob& job = host_jobs_[index];
  bool done = false;
  try {
    job.work();
    done = true;
  } catch (const std::exception& error) {
    const std::array<LogField, 1> fields{{{"job", job.name}}};
    parts_.log.write(Log::Level::kError, "host_job.failed", error.what(), fields);
  }
  const std::lock_guard lock(mutex_);
  job.running = false;
  job.due = parts_.clock.now() + (done ? job.period : kMinute);
  --running_;
  changed_.notify_all();
}

void EngineCore::hold_retention(TimePoint now) {
  for (HostJob& job : host_jobs_) {
    if (job.name == kRetention) job.due = now + kHour;
  }
}

void EngineCore::purge() {
  const TimePoint now = parts_.clock.now();
  if (const auto strange = parts_.store.look_at_clock(now)) {
    parts_.log.write(Log::Level::kWarning, "retention.clock_doubted", *strange, {});
  }
  const std::size_t orders = parts_.store.orders().purge_personal(now);
  const std::size_t returns = parts_.store.returns().purge_personal(now);
  const std::size_t parked = parts_.store.parked().purge_documents(now);
  parts_.store.alerts().expire(now, kAlertsKept);
  parts_.store.order_audits().purge(now - kAuditsKept);
  const std::size_t documents = parts_.store.documents().purge(now);
  if (orders == 0 && returns == 0 && parked == 0 && documents == 0) return;
  const std::string order_count = std::to_string(orders);
  const std::string return_count = std::to_string(returns);
  const std::string parked_count = std::to_string(parked);
  const std::string document_count = std::to_string(documents);
  const std::array<LogField, 4> fields{{{"orders", order_count},
                                        {"returns", return_count},
                                        {"parked", parked_count},
                                        {"documents", document_count}}};
  parts_.log.write(Log::Level::kInfo, "retention.purged",
                   "Personal data and documents whose time had come were erased.", fields);
  parts_.metrics.count("sync_purged_orders_total", static_cast<double>(orders), {});
}

}  // namespace marketplug::sync
