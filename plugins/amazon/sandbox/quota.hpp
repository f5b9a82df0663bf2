#pragma once
// Token buckets per (application, seller, operation), as Amazon keeps them: one token a request,
// refilled at the operation's rate up to its burst. Any thread: every function locks.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "marketplug/result.hpp"
#include "plugins/amazon/sandbox/operations.hpp"
#include "plugins/amazon/sandbox/settings.hpp"

namespace amazon_sandbox {

class QuotaBook {
 public:
  /// Multiplies every rate; nullopt switches the quotas off. Bursts stay.
  void set_factor(std::optional<double> factor);
  /// Instead of the published plans, by operation.
  void set_plans(const Plans& plans);
  /// Takes a token; false when the bucket is empty.
  bool take(const std::string& client_id, const std::string& seller_id, const Operation& operation,
            marketplug::TimePoint now);
  /// The value of x-amzn-RateLimit-Limit. With the quotas off 100000.0, so that a client that obeys
  /// the header is not held back.
  std::string rate_header(const Operation& operation) const;
  /// Fills every bucket.
  void reset();

 private:
  struct Bucket {
    double tokens;
    marketplug::TimePoint filled;
  };
  Plan plan_of(const Operation& operation) const;

  mutable std::mutex mutex_;
  Plans plans_;
  std::optional<double> factor_ = 1.0;
  std::map<std::tuple<std::string, std::string, std::string_view>, Bucket> buckets_;
};

}  // namespace amazon_sandbox
