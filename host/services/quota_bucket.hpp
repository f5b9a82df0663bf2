#pragma once
// One token bucket of a marketplace's quota: pure arithmetic over given times, no clock, no lock.
// The governor (quota.cpp) owns the buckets and serialises the calls.

#include <cstdint>
#include <optional>

#include "marketplug/result.hpp"
#include "marketplug/services/quota.hpp"

namespace marketplug::services {

class QuotaBucket {
 public:
  /// Full as soon as its burst is known: nothing was spent before the first start.
  QuotaBucket() = default;
  /// As it was when it was stored; a `cool_until` further away than any cooling is cut to `now`
  /// plus the longest one (the clock was set back).
  QuotaBucket(double tokens, double observed_rate, TimePoint at,
              std::optional<TimePoint> cool_until, TimePoint now);

  /// The plan as published; the burst is at least one token.
  void set_plan(const QuotaPlan& plan, TimePoint now);
  /// What the marketplace says its rate is, in an answer that has just come; what is not a positive
  /// number is ignored. The first answer after a full bucket says when refilling began there at the
  /// latest: the request was under way before, and that bucket could not get fuller.
  void observe(double per_second, TimePoint now);

  /// Takes one token where `reserve` tokens are left after it.
  bool take(double reserve, TimePoint now);
  /// When take() will be granted, exact to the millisecond, if nobody else takes before.
  TimePoint next(double reserve, TimePoint now);
  /// Refused by the marketplace: empty, and cooling for longer each time. `jitter` from 0 to 1.
  TimePoint refuse(double jitter, TimePoint now);

  double tokens(TimePoint now);
  double rate() const noexcept { return observed_ > 0 ? observed_ : plan_.per_second; }
  double observed_rate() const noexcept { return observed_; }
  double burst() const noexcept { return plan_.burst; }
  /// A reserve that the burst can hold beside the one token to be taken.
  double usable_reserve(double wanted) const noexcept;
  bool planned() const noexcept { return planned_; }
  TimePoint at() const noexcept { return at_; }
  std::optional<TimePoint> cool_until() const noexcept { return cool_until_; }
  std::uint64_t spent() const noexcept { return spent_; }
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  double tokens_at(TimePoint time) const noexcept;
  void refill(TimePoint now) noexcept;
  void count_from_answer(TimePoint now) noexcept;

  QuotaPlan plan_{0, 1};
  bool planned_ = false;
  bool restored_ = false;
  double observed_ = 0;
  double tokens_ = 0;
  TimePoint at_{};
  std::optional<TimePoint> cool_until_;
  std::optional<TimePoint> left_full_;  ///< the bucket was full then; no answer has come since
  int refusals_in_row_ = 0;
  std::uint64_t granted_since_refusal_ = 0;
  std::uint64_t spent_ = 0, refused_ = 0;
};

}  // namespace marketplug::services
