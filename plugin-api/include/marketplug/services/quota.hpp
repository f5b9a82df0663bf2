#pragma once
// One governor of the marketplace's request quotas for all steps and restarts. It never blocks: it
// says "now" or "at T", and the step then returns Failure kThrottled with that time.
//
// A few tokens of each operation that effects or people use are kept for them. The governor learns
// which ones these are from the priorities that it is asked with: ask left() with kEffect or
// kPerson when the connector is made, so that nobody finds the bucket empty the first time.

#include <cstdint>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

/// Who is counted: the marketplace's account and one operation.
struct QuotaKey {
  std::string_view account;    ///< application and selling partner, no secrets ("app|seller")
  std::string_view operation;  ///< the marketplace's name of it
};

/// A token bucket as published.
struct QuotaPlan {
  double per_second = 0;  ///< tokens a second
  double burst = 1;       ///< the bucket's size
};

enum class QuotaPriority : std::uint8_t {
  kBackground = 0,  ///< back-fills, audits
  kPresent,         ///< imports of the present
  kPrice,
  kStock,
  kEffect,  ///< shipments, cancellations, refunds: may use the reserve
  kPerson,  ///< somebody waits: may use the reserve
};

struct QuotaAnswer {
  bool granted = false;  ///< true: one token was taken
  TimePoint at{};        ///< when to ask again, where not granted
};

class Quota {
 public:
  static constexpr std::string_view kId = "host.quota/1";
  virtual ~Quota() = default;
  /// Takes one token or says when there will be one for this priority. Any thread.
  virtual QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) = 0;
  /// The marketplace told its real rate (x-amzn-RateLimit-Limit); corrects the bucket. Call it as
  /// soon as the answer is there: until then a full bucket is taken for untouched over there.
  virtual void observe(const QuotaKey& key, double per_second) = 0;
  /// The marketplace refused in spite of the governor: empties the bucket, cools down. Says when to
  /// try again.
  virtual TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) = 0;
  /// Tokens that this priority could take now.
  virtual double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) = 0;
};

}  // namespace marketplug
