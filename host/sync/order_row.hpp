#pragma once
// From a canonical order to what the store writes, by the rules of its shop: own status, what may
// be kept, and until when. Pure functions; any thread as long as the rules' functions allow it.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "host/store/types.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/model/order.hpp"

namespace marketplug::sync {

/// A row ready to be written, or the reason why this one order cannot be.
using RowOrParked = std::variant<store::OrderRow, ParkedItem>;

/// Checks what the store relies on (id, change time), drops what the rules forbid, encodes. Throws
/// nothing: an order that the codec or the shop's rules cannot take is the parked item.
/// What the rules forbid is gone from `order` afterwards, and `raw` may have moved into the row.
RowOrParked make_row(Order& order, const ShopRules& rules, TimePoint now);

/// Empties every member under "personal", and `raw`, which holds the same data.
void drop_personal(Order& order);

/// When personal data of this order must be gone: `retention_days` after the last parcel was
/// shipped where all is shipped, else after the end of the delivery window, but while it is not
/// shipped not before a long stop of any change. docs/design/sync.md has the reasons.
TimePoint keep_personal_until(const Order& order, int retention_days);

/// The order as a parked item; `raw` goes along where the rules keep it.
ParkedItem parked_order(const Order& order, std::string code, std::string message,
                        std::string remedy);

/// Begins the id of a parked item whose own id could not be read: nobody can ask for it.
inline constexpr std::string_view kUnknownId = "unknown:";

/// What the rules leave of a plugin's parked item. One without an id gets one of its content, so
/// that two unreadable ones never replace each other; a raw document above 4 MiB is left out, and
/// its message says so.
ParkedItem parked_by_rules(ParkedItem item, const ShopRules& rules);

}  // namespace marketplug::sync
