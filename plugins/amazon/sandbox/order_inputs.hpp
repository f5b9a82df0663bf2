#pragma once
// What can be asked of the order store: orders to make and changes to them. Plain values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {

/// Orders spread evenly over `span`, the last created shortly before `until`.
struct SeedPlan {
  std::size_t count = 0;
  std::vector<const Marketplace*> marketplaces;
  TimePoint until{};
  std::chrono::milliseconds span = std::chrono::days(14);
  /// Searches find an order so much later than its last change, drawn between the two.
  std::chrono::milliseconds late_min{0}, late_max{0};
  /// But all within so long after `start`, spread over that time.
  std::optional<std::chrono::milliseconds> within;
  TimePoint start{};  ///< set by the simulator: its time now
};

/// What is not given is drawn.
struct NewOrder {
  std::optional<std::uint64_t> seed;
  const Marketplace* marketplace = nullptr;
  std::optional<Status> status;
  std::optional<FulfilledBy> fulfilled_by;
  TimePoint created{}, updated{};
  std::optional<std::chrono::milliseconds> visible_after;  ///< of searches, after `updated`
  bool hidden = false;  ///< searches never find it; getOrder and reports do
};

/// An order of the model, served as it is.
struct RawOrder {
  std::string json{};
  std::string text{};                              ///< served instead, byte by byte; empty: `json`
  std::vector<const Marketplace*> marketplaces{};  ///< of the account; set by the simulator
  std::optional<std::chrono::milliseconds> visible_after{};
  bool hidden = false;  ///< searches never find it; getOrder and reports do
};

struct OrderChange {
  std::optional<Status> status;
  std::string cancelled_by, cancel_reason;    ///< with Status::kCancelled
  std::optional<std::string> cancel_request;  ///< the buyer's wish, on every line; "" withdraws it
  std::string merge;  ///< JSON merge patch (RFC 7396) over what is rendered; searches ignore it
  std::string set;    ///< JSON object of JSON pointers and values, the same way
  TimePoint at{};     ///< the new lastUpdatedTime
  bool backwards = false;  ///< `at` may lie before the last change
  std::optional<std::chrono::milliseconds> visible_after;
};

}  // namespace amazon_sandbox
