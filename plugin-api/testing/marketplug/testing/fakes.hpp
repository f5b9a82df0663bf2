#pragma once
// Fakes of the host's services for tests: a clock that stands still until told, seeded random
// numbers, logs and metrics that are kept, a context with a deadline. One thread unless said
// otherwise.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/model/time.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::testing {

/// Any thread.
class FakeClock : public Clock {
 public:
  explicit FakeClock(std::string_view start = "2026-11-23T10:00:00Z")
      : now_(parse_time(start).value().time_since_epoch().count()) {}
  TimePoint now() const noexcept override {
    return TimePoint{std::chrono::milliseconds{now_.load()}};
  }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }
  void set(TimePoint to) { now_ = to.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> now_;
};

/// SplitMix64: the same numbers for the same seed everywhere. Any thread.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  std::uint64_t next() noexcept override {
    std::uint64_t z = state_.fetch_add(0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_;
};

/// Keeps entries, also as lines "level event message key=value …". Any thread.
class CapturedLog : public Log {
 public:
  struct Entry {
    Level level;
    std::string event, message;
    std::map<std::string, std::string> fields;
  };
  void write(Level level, std::string_view event, std::string_view message,
             std::span<const LogField> fields) override {
    static constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
    std::string line = kNames[static_cast<int>(level)];
    line.append(" ").append(event).append(" ").append(message);
    Entry entry{level, std::string(event), std::string(message), {}};
    for (const auto& [key, value] : fields) {
      line.append(" ").append(key).append("=").append(value);
      entry.fields.insert_or_assign(std::string(key), std::string(value));
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    entries_.push_back(std::move(entry));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::vector<Entry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }
  bool contains(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    for (const auto& line : lines_) {
      if (line.find(text) != std::string::npos) return true;
    }
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<Entry> entries_;
};

/// Sums per name, labels left out; what was said, as lines "name label=value …". Any thread.
class CapturedMetrics : public Metrics {
 public:
  void count(std::string_view name, double amount, std::span<const MetricLabel> labels) override {
    const std::lock_guard lock(mutex_);
    values_[std::string(name)] += amount;
    keep(name, labels);
  }
  void gauge(std::string_view name, double value, std::span<const MetricLabel> labels) override {
    const std::lock_guard lock(mutex_);
    values_[std::string(name)] = value;
    keep(name, labels);
  }
  double value(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(name);
    return found == values_.end() ? 0 : found->second;
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  void keep(std::string_view name, std::span<const MetricLabel> labels) {
    std::string line(name);
    for (const auto& [key, value] : labels) line.append(" ").append(key).append("=").append(value);
    lines_.push_back(std::move(line));
  }

  mutable std::mutex mutex_;
  std::map<std::string, double> values_;
  std::vector<std::string> lines_;
};

class FakeSecrets : public Secrets {
 public:
  Result<std::string> get(std::string_view handle) override {
    const auto found = values.find(std::string(handle));
    if (found == values.end()) {
      Failure failure;
      failure.kind = Failure::Kind::kConfig;
      failure.message = "no secret " + std::string(handle);
      return failure;
    }
    return found->second;
  }
  Status replace(std::string_view handle, std::string_view value) override {
    values[std::string(handle)] = std::string(value);
    return Done{};
  }
  std::map<std::string, std::string> values;
};

class FakeState : public State {
 public:
  std::optional<std::string> get(std::string_view key) override {
    const auto found = values.find(std::string(key));
    if (found == values.end()) return std::nullopt;
    return found->second;
  }
  void put(std::string_view key, std::string_view value) override {
    values[std::string(key)] = std::string(value);
  }
  void erase(std::string_view key) override { values.erase(std::string(key)); }
  std::map<std::string, std::string> values;
};

/// Documents in memory; handles are "document-1", "document-2" …
class FakeDocuments : public Documents {
 public:
  /// As if it had been downloaded.
  DocumentInfo add(std::string bytes, std::string content_type = "text/plain",
                   TimePoint expires_at = TimePoint::max()) {
    DocumentInfo info{"document-" + std::to_string(++made_), bytes.size(), std::move(content_type),
                      expires_at};
    documents_[info.handle] = {info, std::move(bytes)};
    return info;
  }
  Result<DocumentInfo> info(std::string_view handle) override {
    const auto found = documents_.find(std::string(handle));
    if (found == documents_.end()) return gone(handle);
    return found->second.info;
  }
  Result<std::string> read(std::string_view handle, std::uint64_t offset,
                           std::uint64_t max_bytes) override {
    const auto found = documents_.find(std::string(handle));
    if (found == documents_.end()) return gone(handle);
    const std::string& bytes = found->second.bytes;
    if (offset >= bytes.size()) return std::string();
    return bytes.substr(offset, std::min(max_bytes, kMostAtOnce));
  }
  void drop(std::string_view handle) override { documents_.erase(std::string(handle)); }
  std::size_t count() const { return documents_.size(); }

 private:
  static constexpr std::uint64_t kMostAtOnce = 1 << 20;
  struct Kept {
    DocumentInfo info;
    std::string bytes;
  };
  static Failure gone(std::string_view handle) {
    Failure failure;
    failure.kind = Failure::Kind::kRemote;
    failure.code = "document_gone";
    failure.message = "there is no document " + std::string(handle);
    return failure;
  }
  std::map<std::string, Kept> documents_;
  int made_ = 0;
};

/// Grants everything until `wait_until` is set; notes what was asked.
class FakeQuota : public Quota {
 public:
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan&, QuotaPriority) override {
    taken.emplace_back(key.operation);
    if (wait_until) return {false, *wait_until};
    return {true, {}};
  }
  void observe(const QuotaKey& key, double rate) override {
    observed.emplace_back(std::string(key.operation), rate);
  }
  TimePoint refused(const QuotaKey& key, const QuotaPlan&) override {
    refusals.emplace_back(key.operation);
    return retry_at;
  }
  double left(const QuotaKey&, const QuotaPlan& plan, QuotaPriority) override { return plan.burst; }

  std::optional<TimePoint> wait_until;
  TimePoint retry_at{};
  std::vector<std::string> taken, refusals;
  std::vector<std::pair<std::string, double>> observed;
};

/// A Host that offers what is registered.
class FakeHost : public Host {
 public:
  template <class Service>
  void offer(Service& service) {
    services_[std::string(Service::kId)] = static_cast<void*>(&service);
  }
  void* query(std::string_view id) noexcept override {
    const auto found = services_.find(id);
    return found == services_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string, void*, std::less<>> services_;
};

class FakeContext : public StepContext {
 public:
  explicit FakeContext(TimePoint until = TimePoint::max()) : until_(until) {}
  TimePoint deadline() const noexcept override { return until_; }
  bool stop_requested() const noexcept override { return stopped; }
  bool keep_raw() const noexcept override { return raw; }
  bool stopped = false;
  bool raw = true;

 private:
  TimePoint until_;
};

}  // namespace marketplug::testing
