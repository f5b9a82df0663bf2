#pragma once
// The host as a plugin sees it. Host lives as long as the connector; StepContext for one call only.
// Both belong to the host; the plugin calls them on the thread of the step, never on one of its
// own.

#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

/// Services are asked for by id; nullptr means that this host does not offer it.
class Host {
 public:
  virtual ~Host() = default;
  virtual void* query(std::string_view service_id) noexcept = 0;
};

/// What bounds one call.
class StepContext {
 public:
  virtual ~StepContext() = default;
  /// Return by then. Host services honour it themselves (Failure::Kind::kCancelled).
  virtual TimePoint deadline() const noexcept = 0;
  /// A read gives up at once when this is true.
  virtual bool stop_requested() const noexcept = 0;
  /// Whether the operator keeps the marketplace's own documents: fill `raw` only then
  /// (ParkedItem::raw always).
  virtual bool keep_raw() const noexcept = 0;
};

/// Asks for an optional part of the other side; T::kId names exactly one frozen interface.
/// The only place that casts back from void*.
template <class T, class Side>
T* part(Side& side) noexcept {
  return static_cast<T*>(side.query(T::kId));
}

}  // namespace marketplug
