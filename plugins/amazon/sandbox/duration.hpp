#pragma once
// Durations as people type them: "250ms", "90s", "3m", "2h", "7d"; a bare number is seconds.
// Any thread.

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace amazon_sandbox {

/// nullopt: not a duration, negative, or above 100 years.
inline std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec != std::errc{} || count < 0) return std::nullopt;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  std::int64_t factor = 0;
  if (unit == "ms") factor = 1;
  if (unit == "s" || unit.empty()) factor = 1000;
  if (unit == "m") factor = 60'000;
  if (unit == "h") factor = 3'600'000;
  if (unit == "d") factor = 86'400'000;
  constexpr std::int64_t kMost = std::int64_t{100} * 366 * std::int64_t{86'400'000};
  if (factor == 0 || count > kMost / factor) return std::nullopt;
  return std::chrono::milliseconds(count * factor);
}

using DurationRange = std::pair<std::chrono::milliseconds, std::chrono::milliseconds>;

/// "0s..10m", or one duration for both ends. nullopt: neither, or the wrong way round.
inline std::optional<DurationRange> parse_duration_range(std::string_view text) noexcept {
  const auto dots = text.find("..");
  const auto low = parse_duration(text.substr(0, dots));
  const auto high = dots == std::string_view::npos ? low : parse_duration(text.substr(dots + 2));
  if (!low || !high || *low > *high) return std::nullopt;
  return DurationRange{*low, *high};
}

}  // namespace amazon_sandbox
