#pragma once
// This process's lease on its shops: registered, renewed every third of its length, and registered
// anew where it was lost. Not thread-safe: the engine's ownership mutex guards it.

#include <chrono>
#include <deque>
#include <string>

#include "host/store/store.hpp"

namespace marketplug::sync {

class Lease {
 public:
  Lease(store::Ownership& ownership, const Clock& clock, std::string node,
        std::chrono::seconds length)
      : ownership_(ownership), clock_(clock), node_(std::move(node)), length_(length) {}

  bool due() const { return !registered_ || clock_.now() >= next_; }
  TimePoint next() const noexcept { return next_; }
  /// Registers or renews. True: whatever tokens were held before are void. Throws StoreError; it is
  /// then due again within a second.
  bool keep();
  /// Appends everything that has no owner, in portions: what came before a throw is ours. Throws
  /// StoreError.
  void claim(std::deque<store::OwnerToken>& tokens);
  /// Doubt about the lease (a fence was refused, the clock jumped): look at once.
  void look_now() noexcept { next_ = TimePoint::min(); }

 private:
  store::Ownership& ownership_;
  const Clock& clock_;
  std::string node_;
  std::chrono::seconds length_;
  bool registered_ = false;
  TimePoint next_ = TimePoint::min();
};

}  // namespace marketplug::sync
