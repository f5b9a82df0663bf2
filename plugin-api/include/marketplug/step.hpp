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
  enum class Kind : std::uint8_t {
    kUndecided = 0,  ///< it may have been sent or not: the host reads back before it pushes again
    kAccepted,       ///< the marketplace took it; whether it is applied is for verify to say
    kRejected,       ///< the marketplace refused it and will refuse it again
    kRetryAt,        ///< certainly not taken, and worth another try at `retry_at`
  };
  std::string key;  ///< the host's idempotency key, handed back
  Kind kind = Kind::kUndecided;
  std::string remote_id;      ///< kAccepted: the marketplace's id of the effect, if it has one
  std::string code, message;  ///< kRejected: the marketplace's reason
  std::string remedy;         ///< kRejected: what a person can do
  std::optional<TimePoint> retry_at;

  bool operator==(const ItemOutcome&) const = default;
};

/// One step of a sink. The host calls `push_…(items, continuation, ctx)`: first with an empty
/// continuation, and where the answer has one, again with the same items in the same order and that
/// continuation, from `resume_at` on and after a restart too. So a slow sink (feeds, uploads)
/// submits in one step and learns the outcomes in later ones; what a continuation stands for is not
/// sent again. An item that has no outcome when the push ends is kUndecided; a Failure makes all of
/// them so.
struct SinkStep {
  std::vector<ItemOutcome> outcomes;   ///< at most one for each item; may come over several steps
  Cursor continuation;                 ///< empty: this push has ended
  std::optional<TimePoint> resume_at;  ///< when to come again; only with a continuation
};

/// What reading back has shown of one item. "Accepted" is not "applied": this is.
struct ItemVerdict {
  enum class Kind : std::uint8_t {
    kUnknown = 0,  ///< cannot be told (now); never a guess at anything else
    kApplied,      ///< the marketplace shows it as it was asked for
    kAbsent,       ///< the marketplace shows nothing of it
    kDifferent,    ///< the marketplace shows another value: see `found`
  };
  std::string key;  ///< the host's idempotency key, handed back
  Kind kind = Kind::kUnknown;
  std::string remote_id;  ///< kApplied, kDifferent: the marketplace's id of it, if it has one
  std::string found;      ///< kDifferent: what the marketplace shows, for a person; not personal
  std::optional<TimePoint> look_again_at;  ///< kUnknown, kAbsent: when it may have changed

  bool operator==(const ItemVerdict&) const = default;
};

/// One step of reading back. A verify may read and ask for reports (continuation, as above); it
/// never sends, repeats or mends anything. An item without a verdict is kUnknown.
struct VerifyStep {
  std::vector<ItemVerdict> verdicts;
  Cursor continuation;
  std::optional<TimePoint> resume_at;
};

}  // namespace marketplug
