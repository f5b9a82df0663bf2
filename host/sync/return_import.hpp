#pragma once
// One page of returns into one transaction: upserts, links to order lines, events, alerts, parked
// items. One thread; the caller commits.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/store.hpp"
#include "host/sync/importer.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/model/return.hpp"
#include "marketplug/step.hpp"

namespace marketplug::sync {

/// Of the job, its cursor and its mark.
inline constexpr std::string_view kReturnJob = "return-source";
/// Of parked items and alerts that are about a return.
inline constexpr std::string_view kReturnKind = "return";
inline constexpr std::string_view kReturnUnlinked = "return_unlinked";
inline constexpr std::string_view kReturnImported = "return.imported";
inline constexpr std::string_view kReturnUpdated = "return.updated";
inline constexpr std::string_view kReturnParked = "return.parked";

/// A return ready to be written but for its links, or a parked item.
struct PreparedReturn {
  std::optional<store::ReturnRow> row;
  BuyerReturn document;  ///< what `row` was made of, without personal data
  std::optional<ParkedItem> parked;
  bool stripped = false;  ///< see PreparedItem
};

struct PreparedReturns {
  std::vector<PreparedReturn> items;  ///< parked ones first: a good version may follow
  TimePoint prepared_at{};
  std::chrono::seconds keep_parked{0};
};

/// The return as a parked item, without a document: that may hold the buyer's words.
ParkedItem parked_return(const BuyerReturn& of, std::string code, std::string message,
                         std::string_view remedy);

/// Encodes by the shop's rules; a return that cannot be encoded becomes a parked item. Throws
/// nothing but std::bad_alloc.
PreparedReturns prepare_returns(Page<BuyerReturn>&& page, const ShopRules& rules, TimePoint now);
std::vector<std::string_view> ids_of(const PreparedReturns& page);

/// By line id where the marketplace tells one, else by SKU; of several lines with one SKU the only
/// one with the return's quantity, unless the marketplace took it back itself, unit by unit.
/// `order`: nullopt where it is not stored. Within a return no line of the order is linked twice
/// while another fits.
std::vector<store::LineLink> link_lines(const BuyerReturn& of,
                                        const std::optional<std::vector<store::LineRow>>& order);

/// Throws ItemRefused, or StoreError where the page as a whole cannot be stored.
ImportCounts import_returns(store::ShopTransaction& transaction, PreparedReturns& page,
                            store::OpenParked open, const ImportOptions& options);
/// The return becomes a parked item; a parked item loses its document.
void set_aside(PreparedReturns& page, const ItemRefused& refused);

/// Links returns whose order came after them, so many a time; returns how many.
std::size_t link_waiting(store::ShopTransaction& transaction, TimePoint now);

/// "linked", "no_order" …, as in the schemas.
std::string_view link_text(store::ReturnLink link) noexcept;
/// JSON object texts without personal data: schemas/events/return.*.schema.json.
std::string return_event_data(const BuyerReturn& of, std::span<const store::LineLink> links);

}  // namespace marketplug::sync
