#pragma once
// One page of orders into one transaction: upserts, events, parked items. What can be computed or
// refused without the store is done before the transaction opens. One thread; the caller commits.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/store.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"

namespace marketplug::sync {

/// Of parked items and alerts that are about an order.
inline constexpr std::string_view kOrderKind = "order";

/// An order ready to be written, or a parked item, or both (needs_correction).
struct PreparedItem {
  std::optional<store::OrderRow> row;
  std::optional<ParkedItem> parked;
  std::string raw;  ///< for the parked item, should the store refuse the row
  std::string event_data;
  std::vector<store::Alert> alerts;   ///< of the order as it is
  std::string cancel_requested_data;  ///< where the buyer asks to cancel
  bool stripped = false;  ///< even the parked item was refused once: its document is gone
};

struct PreparedPage {
  std::vector<PreparedItem> items;  ///< parked ones first: a good version may follow
  std::string shop;
  TimePoint prepared_at{};
  std::chrono::seconds keep_parked{0};  ///< their documents, see ShopTransaction::park
};

/// Encodes by the shop's rules; an order that cannot be encoded becomes a parked item. Throws
/// nothing but std::bad_alloc.
PreparedPage prepare_page(Page<Order>&& page, const ShopRules& rules, TimePoint now);

struct ImportCounts {
  std::uint64_t inserted = 0, updated = 0, unchanged = 0, stale = 0, parked = 0;
  std::optional<store::UpsertOutcome> last;  ///< of the last order that was written
};

/// Those of the page's orders that are parked and open.
using store::OpenParked;
OpenParked open_parked(store::Store& store, std::string_view shop, const PreparedPage& page);

struct ImportOptions {
  /// The page failed several times: set aside whatever the store refuses, except where the store
  /// itself is in trouble. Otherwise only a violated constraint does.
  bool park_any_refusal = false;
  /// The marketplace was asked for this order as it is now: any good answer settles a parked one.
  bool settle_parked = false;
};

/// The store refused one item. The transaction is spent, as after every throw: set_aside() the item
/// and begin again.
class ItemRefused : public std::runtime_error {
 public:
  ItemRefused(std::size_t item, const std::string& why) : runtime_error(why), index(item) {}
  std::size_t index;
};

/// Throws ItemRefused, or StoreError where the page as a whole cannot be stored.
ImportCounts import_page(store::ShopTransaction& transaction, const PreparedPage& page,
                         OpenParked open, const ImportOptions& options);

/// The order becomes a parked item; a parked item loses its document.
void set_aside(PreparedPage& page, const ItemRefused& refused);

/// Calls `attempt`, a whole transaction, until no item of the page is refused any more.
template <class Prepared, class Attempt>
ImportCounts import_setting_aside(Prepared& page, Attempt&& attempt) {
  for (;;) {
    try {
      return attempt();
    } catch (const ItemRefused& refused) {
      set_aside(page, refused);
    }
  }
}

/// Whether the error is about what was written, not about the store.
bool is_refusal(const store::StoreError& error, const ImportOptions& options) noexcept;

/// True for errors that say nothing about one order: disk, lock, fence, damage.
bool is_store_trouble(const store::StoreError& error) noexcept;

}  // namespace marketplug::sync
