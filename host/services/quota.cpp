#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "host/services/quota_bucket.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

class Governor : public QuotaGovernor {
 public:
  Governor(QuotaOptions options, const Clock& clock, Random& random, store::QuotaLevels& levels)
      : options_(std::move(options)), clock_(clock), random_(random), levels_(levels) {
    const auto now = clock_.now();
    if (options_.steady) began_ = now - options_.steady();
    for (const auto& level : levels_.load()) {
      entries_.insert_or_assign(
          Name{level.account, level.operation},
          Entry{QuotaBucket(level.tokens, level.observed_rate, level.at, level.cool_until, now)});
    }
  }

  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    const std::lock_guard lock(mutex_);
    const auto now = this->now();
    auto& entry = planned(key, plan, now);
    const double reserve = reserve_for(entry, priority);
    if (!entry.bucket.take(reserve, now)) return {false, shown(entry.bucket.next(reserve, now))};
    ++entry.changes;
    return {true, {}};
  }

  void observe(const QuotaKey& key, double per_second) override {
    const std::lock_guard lock(mutex_);
    auto& entry = entries_[Name{key.account, key.operation}];
    const double before = entry.bucket.observed_rate();
    entry.bucket.observe(per_second, now());
    if (entry.bucket.observed_rate() != before) ++entry.changes;
  }

  TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) override {
    const double jitter = static_cast<double>(random_.next() >> 11) * 0x1.0p-53;
    const std::lock_guard lock(mutex_);
    const auto now = this->now();
    auto& entry = planned(key, plan, now);
    ++entry.changes;
    return shown(entry.bucket.refuse(jitter, now));
  }

  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    const std::lock_guard lock(mutex_);
    const auto now = this->now();
    auto& entry = planned(key, plan, now);
    auto& bucket = entry.bucket;
    const double reserve = bucket.usable_reserve(reserve_for(entry, priority));
    const double tokens = bucket.tokens(now);
    if (bucket.cool_until() && now < *bucket.cool_until()) return 0;
    return std::max(0.0, tokens - reserve);
  }

  std::vector<View> view() const override {
    const std::lock_guard lock(mutex_);
    const auto now = this->now();
    std::vector<View> views;
    for (const auto& [name, entry] : entries_) {
      auto bucket = entry.bucket;
      if (!bucket.planned()) continue;
      View view;
      view.account = name.first;
      view.operation = name.second;
      view.tokens = bucket.tokens(now);
      view.per_second = bucket.rate();
      view.burst = bucket.burst();
      view.reserve = bucket.usable_reserve(entry.urgent ? options_.reserve : 0);
      view.spent = bucket.spent();
      view.refused = bucket.refused();
      view.cool_until = shown(bucket.cool_until());
      views.push_back(std::move(view));
    }
    return views;
  }

  void persist() override {
    const std::lock_guard one_writer(persisting_);
    std::vector<store::QuotaLevel> changed;
    std::vector<std::pair<Entry*, std::uint64_t>> written;
    {
      const std::lock_guard lock(mutex_);
      const auto now = this->now();
      for (auto& [name, entry] : entries_) {
        if (entry.changes == entry.saved || !entry.bucket.planned()) continue;
        const double tokens = entry.bucket.tokens(now);
        changed.push_back({name.first, name.second, tokens, entry.bucket.observed_rate(),
                           shown(now), shown(entry.bucket.cool_until())});
        written.emplace_back(&entry, entry.changes);
      }
    }
    if (changed.empty()) return;
    levels_.save(changed);
    const std::lock_guard lock(mutex_);
    for (const auto& [entry, changes] : written) entry->saved = changes;
  }

 private:
  using Name = std::pair<std::string, std::string>;
  struct Entry {
    QuotaBucket bucket;
    std::uint64_t changes = 0, saved = 0;
    bool urgent = false;  ///< effects or people have asked for it
  };

  /// The time that buckets fill by: the clock's when the program started, and what has passed since
  /// then. A clock that is set later gives no tokens and holds none back.
  TimePoint now() const { return options_.steady ? began_ + options_.steady() : clock_.now(); }
  /// A time of now() as the clock shows it at present.
  TimePoint shown(TimePoint time) const {
    return options_.steady ? time + (clock_.now() - now()) : time;
  }
  std::optional<TimePoint> shown(const std::optional<TimePoint>& time) const {
    return time ? std::optional(shown(*time)) : std::nullopt;
  }

  Entry& planned(const QuotaKey& key, const QuotaPlan& plan, TimePoint now) {
    auto& entry = entries_[Name{key.account, key.operation}];
    entry.bucket.set_plan(plan, now);
    return entry;
  }

  double reserve_for(Entry& entry, QuotaPriority priority) const {
    const bool urgent = priority >= QuotaPriority::kEffect;
    entry.urgent = entry.urgent || urgent;
    return urgent || !entry.urgent ? 0 : options_.reserve;
  }

  QuotaOptions options_;
  const Clock& clock_;
  Random& random_;
  store::QuotaLevels& levels_;
  TimePoint began_{};  ///< the clock at the zero of `steady`
  mutable std::mutex mutex_;
  std::mutex persisting_;
  std::map<Name, Entry> entries_;  ///< entries are never removed: persist() keeps their addresses
};

}  // namespace

std::unique_ptr<QuotaGovernor> make_quota(const QuotaOptions& options, const Clock& clock,
                                          Random& random, store::QuotaLevels& levels) {
  return std::make_unique<Governor>(options, clock, random, levels);
}

}  // namespace marketplug::services
