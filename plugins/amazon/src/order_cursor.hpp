#pragma once
// The place of the order import: a window by change time, and the page inside it. Kept as small
// JSON text by the host. Values, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug::amazon {

struct OrderCursor {
  TimePoint origin{};        ///< where the import of this shop began
  TimePoint after{};         ///< begin of the window: lastUpdatedAfter
  std::string marketplaces;  ///< ids of the window, sorted, comma-separated
  // Inside a window only:
  std::string token;               ///< of the next page; empty: the window begins
  std::optional<TimePoint> since;  ///< when the first page was asked for; Amazon's tokens live 24 h
  std::optional<TimePoint> end;    ///< end of the window, as the first page told it
  int restarts = 0;                ///< times that the window was begun again for a bad page token
  // Detects a loop of page tokens of any length with one remembered token (Brent's algorithm).
  std::uint64_t anchor = 0;  ///< hash of the remembered token
  std::uint32_t steps = 0;   ///< pages since
  std::uint32_t power = 1;   ///< pages until the next one is remembered

  bool operator==(const OrderCursor&) const = default;

  /// Back to the begin of the window.
  void begin_again();
  /// Takes the next page's token. False: it was there before in this window.
  bool advance(std::string_view next_token);

  std::string to_text() const;
  /// nullopt for everything that to_text() cannot have written.
  static std::optional<OrderCursor> parse(std::string_view text);
};

}  // namespace marketplug::amazon
