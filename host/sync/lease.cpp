#include "host/sync/lease.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace marketplug::sync {
namespace {

constexpr std::size_t kPortion = 1000;
constexpr std::chrono::milliseconds kRetry{1000};

}  // namespace

bool Lease::keep() {
  const std::chrono::milliseconds third = std::chrono::milliseconds(length_) / 3;
  // Counted from before the call: a slow store must not make the lease look longer than it is.
  const TimePoint before = clock_.now();
  next_ = before + std::min(kRetry, third);
  const bool renewed = registered_ && ownership_.renew();
  if (!renewed) {
    registered_ = false;
    ownership_.register_node(node_, length_);
    registered_ = true;
  }
  next_ = before + third;
  return !renewed;
}

void Lease::claim(std::deque<store::OwnerToken>& tokens) {
  for (;;) {
    auto portion = ownership_.claim(kPortion);
    const bool last = portion.size() < kPortion;
    std::move(portion.begin(), portion.end(), std::back_inserter(tokens));
    if (last) return;
  }
}

}  // namespace marketplug::sync
