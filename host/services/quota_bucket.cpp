#include "host/services/quota_bucket.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace marketplug::services {
namespace {

using std::chrono::milliseconds;

constexpr double kTiny = 1e-9;  ///< rounding of sums of fractions, far below one token
constexpr milliseconds kFirstCooling{1000};
constexpr milliseconds kLongestCooling{15 * 60 * 1000};
constexpr milliseconds kNoRefill{3600 * 1000};  ///< asked again after it, where a plan has no rate
/// Beyond it, what comes is the answer to another request.
constexpr milliseconds kLongestTravel{30'000};
constexpr double kLongestWait = 30.0 * 24 * 3600 * 1000;

double seconds_between(TimePoint from, TimePoint to) noexcept {
  return std::max(0.0, static_cast<double>((to - from).count()) / 1000.0);
}

milliseconds time_for(double tokens, double rate) noexcept {
  return milliseconds{
      static_cast<std::int64_t>(std::min(kLongestWait, std::ceil(tokens / rate * 1000.0)))};
}

milliseconds longest_cooling(double rate) noexcept {
  return rate > 0 ? std::max(kLongestCooling, time_for(1, rate)) : kLongestCooling;
}

}  // namespace

QuotaBucket::QuotaBucket(double tokens, double observed_rate, TimePoint at,
                         std::optional<TimePoint> cool_until, TimePoint now)
    : restored_(true),
      observed_(std::isfinite(observed_rate) && observed_rate > 0 ? observed_rate : 0),
      tokens_(std::isfinite(tokens) ? std::max(0.0, tokens) : 0),
      at_(std::min(at, now)),
      cool_until_(cool_until) {
  if (cool_until_) {
    cool_until_ = std::min(*cool_until_, now + 2 * longest_cooling(observed_));
    refusals_in_row_ = 1;
  }
}

void QuotaBucket::set_plan(const QuotaPlan& plan, TimePoint now) {
  const QuotaPlan wanted{std::isfinite(plan.per_second) ? std::max(0.0, plan.per_second) : 0,
                         std::isfinite(plan.burst) ? std::max(1.0, plan.burst) : 1};
  if (planned_) {
    if (wanted.per_second == plan_.per_second && wanted.burst == plan_.burst) return;
    refill(now);
  } else if (!restored_) {
    tokens_ = wanted.burst;
    at_ = now;
  }
  plan_ = wanted;
  planned_ = true;
  tokens_ = std::min(tokens_, plan_.burst);
}

void QuotaBucket::observe(double per_second, TimePoint now) {
  if (!std::isfinite(per_second) || per_second <= 0) return;
  if (planned_) count_from_answer(now);
  if (per_second == observed_) return;
  observed_ = per_second;
}

void QuotaBucket::count_from_answer(TimePoint now) noexcept {
  refill(now);
  if (!left_full_) return;
  const auto travelled = std::min(now - *left_full_, kLongestTravel);
  tokens_ = std::max(0.0, tokens_ - rate() * seconds_between(TimePoint{}, TimePoint{travelled}));
  left_full_.reset();
}

double QuotaBucket::tokens_at(TimePoint time) const noexcept {
  double tokens = tokens_;
  TimePoint from = at_;
  if (cool_until_ && from < *cool_until_) {
    // While it cools, one token at most gathers: what comes after is a probe, not a burst.
    const auto until = std::min(time, *cool_until_);
    tokens = std::min(std::max(1.0, tokens), tokens + rate() * seconds_between(from, until));
    from = until;
  }
  return std::min(plan_.burst, tokens + rate() * seconds_between(from, time));
}

void QuotaBucket::refill(TimePoint now) noexcept {
  // A clock that went backwards gives nothing, and refilling goes on from where it is now.
  if (now > at_) tokens_ = tokens_at(now);
  at_ = now;
  if (cool_until_ && now > *cool_until_) cool_until_.reset();
  if (cool_until_) cool_until_ = std::min(*cool_until_, now + 2 * longest_cooling(rate()));
}

double QuotaBucket::usable_reserve(double wanted) const noexcept {
  return std::clamp(wanted, 0.0, plan_.burst - 1);
}

bool QuotaBucket::take(double reserve, TimePoint now) {
  refill(now);
  if (cool_until_ && now < *cool_until_) return false;
  if (tokens_ + kTiny < 1 + usable_reserve(reserve)) return false;
  if (tokens_ + kTiny >= plan_.burst) left_full_ = now;
  tokens_ = std::max(0.0, tokens_ - 1);
  ++spent_;
  ++granted_since_refusal_;
  return true;
}

TimePoint QuotaBucket::next(double reserve, TimePoint now) {
  refill(now);
  const double needed = 1 + usable_reserve(reserve);
  const auto from = cool_until_ ? std::max(now, *cool_until_) : now;
  const auto enough = [&](TimePoint time) { return tokens_at(time) + kTiny >= needed; };
  if (enough(from)) return from;
  if (rate() <= 0) return from + kNoRefill;
  auto time = from + time_for(needed - tokens_at(from), rate());
  while (!enough(time) && time - from < milliseconds{static_cast<std::int64_t>(kLongestWait)}) {
    time += milliseconds{1};
  }
  while (time > from && enough(time - milliseconds{1})) time -= milliseconds{1};
  return time;
}

TimePoint QuotaBucket::refuse(double jitter, TimePoint now) {
  refill(now);
  ++refused_;
  // Calls that were under way together are refused together: that is one refusal, not many.
  if (cool_until_ && now < *cool_until_) return *cool_until_;
  refusals_in_row_ = granted_since_refusal_ <= 1 ? std::min(refusals_in_row_ + 1, 20) : 1;
  granted_since_refusal_ = 0;
  const auto one_token = rate() > 0 ? time_for(1, rate()) : kFirstCooling;
  auto cooling = std::max(kFirstCooling, one_token);
  const auto longest = longest_cooling(rate());
  for (int i = 1; i < refusals_in_row_ && cooling < longest; ++i) cooling *= 2;
  cooling = std::min(cooling, longest);
  cooling += milliseconds{static_cast<std::int64_t>(static_cast<double>(cooling.count()) * 0.2 *
                                                    std::clamp(jitter, 0.0, 1.0))};
  tokens_ = 0;
  left_full_.reset();
  cool_until_ = now + cooling;
  return *cool_until_;
}

double QuotaBucket::tokens(TimePoint now) {
  refill(now);
  return tokens_;
}

}  // namespace marketplug::services
