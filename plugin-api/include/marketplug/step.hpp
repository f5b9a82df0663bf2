#pragma once
// What one step takes and gives. The host calls, the plugin returns one page and the place after
// it; the host commits page, cursor and staged plugin state in one transaction. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "marketplug/result.hpp"

namespace marketplug {

/// Where to go on. Written by the plugin, stored by the host, read by nobody else.
struct Cursor {
  std::string value;  ///< empty: from the start

  bool operator==(const Cursor&) const = default;
};

/// An object of the marketplace that the plugin could not turn into a canonical one. The host keeps
/// it (sealed) with the reason, tells a person, and the other objects of the page go on.
struct ParkedItem {
  std::string id;       ///< the marketplace's id; empty where not even that could be read
  std::string code;     ///< stable machine name, such as "missing_field"
  std::string pointer;  ///< JSON pointer into `raw`; empty: the whole
  std::string message;  ///< for a person: what is wrong, without personal data
  std::string remedy;   ///< for a person: what to do
  std::string raw;      ///< the marketplace's own document, always given here
  std::optional<TimePoint> changed_at;

  bool operator==(const ParkedItem&) const = default;
};

/// Items and the place after them belong together: the host commits both or neither.
template <class T>
struct Page {
  std::vector<T> items;
  std::vector<ParkedItem> parked;
  Cursor next;
  bool caught_up = false;  ///< true: nothing more now
  /// When to come again: the plugin's wish where it is caught up or must wait. The host may come
  /// later, never earlier (except when a person asks).
  std::optional<TimePoint> look_again_at;
  /// Everything the marketplace changed up to here has been read; for progress and freshness.
  std::optional<TimePoint> complete_until;
};

/// What became of one item of a sink.
struct ItemOutcome {
  enum class Kind : std::uint8_t { kUndecided = 0, kAccepted, kRejected, kRetryAt };
  std::string key;  ///< the host's idempotency key, handed back
  Kind kind = Kind::kUndecided;
  std::string remote_id;      ///< kAccepted: the marketplace's id of the effect, if it has one
  std::string code, message;  ///< kRejected: the marketplace's reason
  std::string remedy;         ///< kRejected: what a person can do
  std::optional<TimePoint> retry_at;

  bool operator==(const ItemOutcome&) const = default;
};

/// Slow sinks (feeds, reports) submit in one step and learn the outcome in a later one.
struct SinkStep {
  std::vector<ItemOutcome> outcomes;
  Cursor continuation;  ///< empty: every item has an outcome
  std::optional<TimePoint> resume_at;
};

}  // namespace marketplug
