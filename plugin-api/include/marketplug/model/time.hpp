#pragma once
// Moments as text: ISO 8601 in UTC. Strict: what is not a moment is refused, never guessed.

#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug {

/// A span of time; either end may be open.
struct TimeWindow {
  std::optional<TimePoint> earliest;
  std::optional<TimePoint> latest;

  bool operator==(const TimeWindow&) const = default;
};

/// "2026-11-23T10:00:00Z", with an optional fraction (cut to milliseconds) and "Z" or "+hh:mm".
/// A leap second counts as the second after it. Years 1 to 9999 in UTC. Nothing else is a
/// moment: nullopt.
std::optional<TimePoint> parse_time(std::string_view text) noexcept;

/// "2026-11-23T10:00:00Z", or with three digits of fraction where there are milliseconds.
std::string format_time(TimePoint time);

}  // namespace marketplug

#include "marketplug/model/time.ipp"
