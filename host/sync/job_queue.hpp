#pragma once
// The one queue of due jobs, ordered by due time, then priority, then who came first: a shop with
// an endless backlog queues up behind everybody who is already due. Not thread-safe: the engine's
// mutex guards it. Holds names only, owns nothing.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "marketplug/result.hpp"

namespace marketplug::sync {

/// Smaller runs first among jobs that are due at the same moment.
enum class JobPriority : std::uint8_t {
  kEffect = 0,  ///< shipments, cancellations, refunds
  kStock,
  kPrice,
  kPresent,     ///< imports of the present
  kBackground,  ///< back-fills, audits
};

class JobQueue {
 public:
  /// One entry per shop; an earlier one of the same shop is replaced.
  void put(std::string_view shop, TimePoint due, JobPriority priority);
  void erase(std::string_view shop);
  /// The first entry that is due, taken out. `only` not empty: of that shop alone.
  std::optional<std::string> take_due(TimePoint now, std::string_view only);
  /// When the first entry is due.
  std::optional<TimePoint> next_due(std::string_view only) const;
  /// All due times move: the clock was set back by that much.
  void shift(std::chrono::milliseconds by);
  std::size_t size() const noexcept { return by_shop_.size(); }

 private:
  using Entry = std::tuple<TimePoint, JobPriority, std::uint64_t, std::string>;
  std::set<Entry> order_;
  std::map<std::string, Entry, std::less<>> by_shop_;
  std::uint64_t arrivals_ = 0;
};

}  // namespace marketplug::sync
