#pragma once
// The place of the order import: a window by change time, and the page inside it. Kept as small
// JSON text by the host. Amazon wants every parameter but the page size repeated with a page token,
// so what a window was begun with is kept here. Values, any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"
#include "src/backlog_place.hpp"

namespace marketplug::amazon {

inline constexpr std::uint32_t kWholePage = 100;
/// A window begins so long before the end of the one before: what Amazon shows late is seen.
inline constexpr std::chrono::minutes kWindowOverlap{10};

struct OrderCursor {
  TimePoint origin{};                    ///< where the import of this shop began
  TimePoint after{};                     ///< begin of the window: lastUpdatedAfter
  std::string marketplaces;              ///< ids of the window, sorted, comma-separated
  std::uint32_t slice = 0;               ///< hours of the next window; 0: up to now
  std::uint32_t page_size = kWholePage;  ///< smaller where a whole page could not be read
  std::uint32_t small_pages = 0;         ///< pages still to be read at that size
  bool asked_again = false;              ///< the page held damaged orders and is read once more
  /// Orders of since then may lack buyers' data, because Amazon refused it: they are read again
  /// once it gives it.
  std::optional<TimePoint> lacking_since;
  // Inside a window only:
  std::string token;                ///< of the next page; empty: the window begins
  std::optional<TimePoint> before;  ///< end of the window as it is asked for: lastUpdatedBefore
  std::optional<TimePoint> since;   ///< when the token was given; it lives 24 h
  std::optional<TimePoint> end;     ///< end of the window, as the first page told it
  std::uint32_t pages = 0;          ///< read so far
  /// What changed before it was read; nullopt: the pages did not come in the order of their
  /// changes.
  std::optional<TimePoint> reached;
  BacklogPlace backlog;  ///< the back-fill by report
  int restarts = 0;      ///< times that the window was begun again for a bad page token
  // Detects a loop of page tokens of any length with one remembered token (Brent's algorithm).
  std::uint64_t anchor = 0;       ///< hash of the remembered token
  std::uint64_t page_anchor = 0;  ///< fingerprint of the page that it came with
  std::uint32_t steps = 0;        ///< pages since
  std::uint32_t power = 1;        ///< pages until the next one is remembered

  bool operator==(const OrderCursor&) const = default;

  /// Back to the begin of the window.
  void begin_again();
  /// The same because of a lost place: the next window is shorter, so that it costs less if it
  /// happens once more. `now`: the end of a window that was to reach up to now.
  void begin_shorter(TimePoint now);
  /// Was read without buyers' data that the shop asks for.
  void lacks_buyers_data();
  /// Where a window begins: from where buyers' data lack, now that they are given.
  void fill_buyers_data();
  /// Chooses `before` for the window that begins: nullopt (up to now) where the backlog is short.
  void choose_end(TimePoint now);
  /// The window was read to its end: the next one begins at `next`.
  void finish(TimePoint next);
  /// The window from `from` up to the report's end is read in parts from here on.
  void begin_parts(TimePoint from, BacklogPlace filling);
  /// All that has to be shipped was read: the search begins again, for everything else.
  void begin_others();
  /// The window is read by the search alone.
  void leave_backlog();
  /// The page could not be read: the next try asks for fewer orders. False: it was one already.
  bool shrink_page();
  /// A page was read: back to whole pages where those before have passed the bad place.
  void passed_page();
  /// Takes the next page's token. False: it was there before in this window, or the page that it
  /// came with was, by its fingerprint (0: it has none): Amazon's tokens need not repeat with it.
  bool advance(std::string_view next_token, std::uint64_t page = 0);

  std::string to_text() const;
  /// nullopt for everything that to_text() cannot have written.
  static std::optional<OrderCursor> parse(std::string_view text);
};

}  // namespace marketplug::amazon
