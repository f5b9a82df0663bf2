#include "plugins/amazon/sandbox/quota.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amazon_sandbox {

void QuotaBook::set_factor(std::optional<double> factor) {
  const std::lock_guard lock(mutex_);
  factor_ = factor;
}

void QuotaBook::set_plans(const Plans& plans) {
  const std::lock_guard lock(mutex_);
  plans_ = plans;
}

Plan QuotaBook::plan_of(const Operation& operation) const {
  const auto found = plans_.find(operation.name);
  return found != plans_.end() ? found->second : Plan{operation.rate, operation.burst};
}

bool QuotaBook::take(const std::string& client_id, const std::string& seller_id,
                     const Operation& operation, marketplug::TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!factor_ || operation.burst == 0) return true;
  const auto plan = plan_of(operation);
  const double burst = plan.burst;
  const auto [entry, fresh] =
      buckets_.try_emplace({client_id, seller_id, operation.name}, Bucket{burst, now});
  auto& bucket = entry->second;
  const auto passed = std::max<std::int64_t>((now - bucket.filled).count(), 0);
  bucket.tokens =
      std::min(burst, bucket.tokens + static_cast<double>(passed) * plan.rate * *factor_ / 1000.0);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens < 1.0 - 1e-9) return false;
  bucket.tokens -= 1.0;
  return true;
}

std::string QuotaBook::rate_header(const Operation& operation) const {
  const std::lock_guard lock(mutex_);
  if (!factor_) return "100000.0";
  if (*factor_ == 1.0 && !plans_.contains(operation.name)) return std::string(operation.rate_text);
  return fmt::format("{:.6f}", plan_of(operation).rate * *factor_);
}

void QuotaBook::reset() {
  const std::lock_guard lock(mutex_);
  buckets_.clear();
}

}  // namespace amazon_sandbox
