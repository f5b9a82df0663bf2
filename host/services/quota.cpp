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

/// So many tokens of a bucket may be spent and not be in the store: a crash gives no more back.
constexpr std::uint64_t kMostUnsaved = 2;

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
    levels_.follow(source_);
  }

  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override {
    {
      const std::lock_guard lock(mutex_);
      const auto now = this->now();
      auto& entry = planned(key, plan, now);
      const double reserve = reserve_for(entry, priority);
      if (!entry.bucket.take(reserve, now)) return {false, shown(entry.bucket.next(reserve, now))};
      changed(entry);
      if (entry.bucket.spent() - entry.spent_saved <= kMostUnsaved) return {true, {}};
    }
    // Steps save what they spend; this one spends much before it ends.
    save_if_possible();
    return {true, {}};
  }

  void observe(const QuotaKey& key, double per_second) override {
    const std::lock_guard lock(mutex_);
    auto& entry = entries_[Name{key.account, key.operation}];
    const double before = entry.bucket.observed_rate();
    entry.bucket.observe(per_second, now());
    if (entry.bucket.observed_rate() != before) changed(entry);
  }

  TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) override {
    const double jitter = static_cast<double>(random_.next() >> 11) * 0x1.0p-53;
    const std::lock_guard lock(mutex_);
    const auto now = this->now();
    auto& entry = planned(key, plan, now);
    changed(entry);
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

  void persist() override { levels_.save(*source_); }

 private:
  using Name = std::pair<std::string, std::string>;
  struct Entry {
    QuotaBucket bucket;
    std::uint64_t changes = 0, saved = 0;  ///< unequal: counted in unsaved_
    std::uint64_t spent_saved = 0;         ///< of bucket.spent()
    bool urgent = false;                   ///< effects or people have asked for it
  };
  struct Written {
    const Name* name;
    std::uint64_t changes, spent;
  };

  void changed(Entry& entry) {
    if (entry.changes++ == entry.saved) ++unsaved_;
  }

  /// A full disk does not stop the request: it is tried again at the next one.
  void save_if_possible() noexcept {
    try {
      persist();
    } catch (...) {
      // Who writes the step's outcome hears of it.
    }
  }

  store::QuotaChanges unsaved() {
    const std::lock_guard lock(mutex_);
    if (unsaved_ == 0) return {};
    store::QuotaChanges changes;
    std::vector<Written> written;
    const auto now = this->now();
    for (auto& [name, entry] : entries_) {
      if (entry.changes == entry.saved || !entry.bucket.planned()) continue;
      const double tokens = entry.bucket.tokens(now);
      changes.levels.push_back({name.first, name.second, tokens, entry.bucket.observed_rate(),
                                shown(now), shown(entry.bucket.cool_until())});
      written.push_back({&name, entry.changes, entry.bucket.spent()});
    }
    changes.saved = [this, written = std::move(written)] { note_saved(written); };
    return changes;
  }

  void note_saved(const std::vector<Written>& written) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, changes, spent] : written) {
      auto& entry = entries_.at(*name);
      if (entry.saved >= changes) continue;  // a later save was faster to say so
      entry.saved = changes;
      entry.spent_saved = spent;
      if (entry.changes == entry.saved) --unsaved_;
    }
  }

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
  std::map<Name, Entry> entries_;  ///< entries are never removed: note_saved() finds them by name
  std::size_t unsaved_ = 0;        ///< entries that changed: mostly none, and then nobody looks
  const std::shared_ptr<const store::QuotaSource> source_ =
      std::make_shared<const store::QuotaSource>([this] { return unsaved(); });
};

}  // namespace

std::unique_ptr<QuotaGovernor> make_quota(const QuotaOptions& options, const Clock& clock,
                                          Random& random, store::QuotaLevels& levels) {
  return std::make_unique<Governor>(options, clock, random, levels);
}

}  // namespace marketplug::services
