#include "plugins/amazon/sandbox/quota.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace amazon_sandbox {

void QuotaBook::set_factor(std::optional<double> factor) {
  const std::lock_guard lock(mutex_);
  factor_ = factor;
}

std::optional<double> QuotaBook::factor() const {
  const std::lock_guard lock(mutex_);
  return factor_;
}

bool QuotaBook::take(const std::string& client_id, const std::string& seller_id,
                     const Operation& operation, marketplug::TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (!factor_ || operation.burst == 0) return true;
  const double burst = operation.burst;
  const auto [entry, fresh] =
      buckets_.try_emplace({client_id, seller_id, operation.name}, Bucket{burst, now});
  auto& bucket = entry->second;
  const auto passed = std::max<std::int64_t>((now - bucket.filled).count(), 0);
  bucket.tokens = std::min(
      burst, bucket.tokens + static_cast<double>(passed) * operation.rate * *factor_ / 1000.0);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens < 1.0 - 1e-9) return false;
  bucket.tokens -= 1.0;
  return true;
}

std::string QuotaBook::rate_header(const Operation& operation) const {
  const std::lock_guard lock(mutex_);
  if (!factor_) return "100000.0";
  if (*factor_ == 1.0) return std::string(operation.rate_text);
  return fmt::format("{:.6f}", operation.rate * *factor_);
}

void QuotaBook::reset() {
  const std::lock_guard lock(mutex_);
  buckets_.clear();
}

}  // namespace amazon_sandbox
