#pragma once
// The place of the import of returns: a round from some day up to now, cut into slices of at most
// 60 days; for each slice a report of what the seller fulfils and one of what Amazon does. Kept as
// small JSON text by the host. Values, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"
#include "src/report_place.hpp"

namespace marketplug::amazon {

struct ReturnCursor {
  enum class Source : std::uint8_t {
    kNone = 0,  ///< between two rounds
    kXml,
    kFlat,  ///< instead of kXml, where Amazon does not give it
    kFba,
  };
  Source source = Source::kNone;
  std::string marketplaces;  ///< ids, sorted, comma-separated
  TimePoint origin{};        ///< where the import of returns began
  TimePoint end{};           ///< of this round, or of the last one
  TimePoint slice_from{}, slice_until{};
  std::optional<TimePoint> deep_at;     ///< end of the last round that looked far back
  std::optional<TimePoint> flat_until;  ///< until then the XML report is not asked for
  ReportPlace report;

  bool operator==(const ReturnCursor&) const = default;

  /// The slice that begins at `from`; at the round's end: none.
  void begin_slice(TimePoint from);
  /// What is asked for after `source`: the next report of the slice, or the next slice.
  void next_source();

  std::string to_text() const;
  /// nullopt for everything that to_text() cannot have written.
  static std::optional<ReturnCursor> parse(std::string_view text);
};

}  // namespace marketplug::amazon
