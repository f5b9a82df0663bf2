#pragma once
// The place of an order audit: its window, the slice of it that one report covers, and the reading
// of that report. Kept as small JSON text by the host. Values, any thread.

#include <optional>
#include <string>
#include <string_view>

#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/result.hpp"
#include "src/report_place.hpp"

namespace marketplug::amazon {

struct AuditCursor {
  AuditWindow window;        ///< as the host asked
  std::string marketplaces;  ///< ids, sorted, comma-separated
  TimePoint end{};           ///< of what is read: the window's, or now where that lies ahead
  TimePoint slice_from{}, slice_until{};
  std::uint32_t hours = 0;  ///< length of a slice
  bool done = false;
  ReportPlace report;

  bool operator==(const AuditCursor&) const = default;

  /// Sets the slice that begins at `from`, of `hours` at most.
  void begin_slice(TimePoint from);
  /// Half the slice, for a report that was too large. False: that were less than an hour.
  bool shorten();

  std::string to_text() const;
  /// nullopt for everything that to_text() cannot have written.
  static std::optional<AuditCursor> parse(std::string_view text);
};

}  // namespace marketplug::amazon
