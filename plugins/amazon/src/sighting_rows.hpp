#pragma once
// What the rows of Amazon's order reports say: one row is one line of an order. Which of them the
// order import would leave out is decided here as there. Pure functions, any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "marketplug/capabilities/order_audit.hpp"
#include "src/report_table.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

/// The columns that are read, for ReportTable.
std::span<const ReportColumn> sighting_columns();

/// The order of this row; nullopt where its id cannot be read.
std::optional<OrderSighting> sighting_of(const ReportTable& row);

/// The state that a status word of a report means for sure; nullopt: for sure none.
std::optional<OrderState> state_of_report_word(std::string_view word);

/// Sold outside Amazon, which only sends it. To which marketplace it belongs is told by the order
/// alone.
bool is_outside_amazon(const OrderSighting& order);

/// Whether the order import leaves such an order out: it belongs to no marketplace of the shop
/// (another one, or a channel outside Amazon), it is pending and those are not wanted, or its last
/// change was before `origin`.
bool import_leaves_out(const OrderSighting& order, const Settings& settings,
                       std::optional<TimePoint> origin);

/// Letters, digits, "-" and "_", at most 64.
bool looks_like_an_order_id(std::string_view text);

}  // namespace marketplug::amazon
