#pragma once
// What a second, independent source of the marketplace (a report, a ledger) knows of a window of
// orders. The host compares it with what it stored and fetches what is missing or old through the
// order source; so a hole in that source's way of searching is found.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"

namespace marketplug {

/// Which orders are asked for. `until` is not in the window.
struct AuditWindow {
  enum class By : std::uint8_t {
    kChanged = 0,  ///< by the marketplace's change time
    kPlaced,       ///< by when the buyer ordered
  };
  By by = By::kChanged;
  TimePoint from{}, until{};

  bool operator==(const AuditWindow&) const = default;
};

/// What the second source says of one order. A member that it does not tell stays empty.
struct OrderSighting {
  std::string id;                   ///< the marketplace's, as in Order
  std::string marketplace;          ///< short code, else what the source says
  std::string marketplace_status;   ///< the source's own word
  std::optional<OrderState> state;  ///< where that word means one for sure
  FulfilledBy fulfilled_by = FulfilledBy::kUnknown;
  std::optional<TimePoint> placed_at, changed_at;

  bool operator==(const OrderSighting&) const = default;
};

class OrderAudit {
 public:
  static constexpr std::string_view kId = "order-audit/1";
  virtual ~OrderAudit() = default;
  /// The next page of what the second source knows of the window; `caught_up`: that was all of it.
  /// A source that has to prepare its answer gives an empty page with `look_again_at`, and a cursor
  /// that says what is under way: the host comes back with it, after a restart too. The window
  /// stays the same until all of it was read; an order may be told more than once.
  virtual Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window,
                                                      const Cursor& cursor, StepContext& ctx) = 0;
};

}  // namespace marketplug
