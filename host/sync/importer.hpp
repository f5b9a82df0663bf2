#pragma once
// One page of orders into one transaction: upserts, events, parked items. What can be computed or
// refused without the store is done before the transaction opens. One thread; the caller commits.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/store/store.hpp"
#include "host/sync/sync.hpp"
#include "marketplug/model/order.hpp"
#include "marketplug/step.hpp"

namespace marketplug::sync {

struct PreparedOrder {
  std::optional<store::OrderRow> row;
  std::optional<ParkedItem> parked;  ///< instead of the row, or beside it (needs_correction)
  std::string raw;                   ///< for the parked item, should the store refuse the row
  std::string event_data;
};

struct PreparedPage {
  std::vector<PreparedOrder> orders;
  std::vector<ParkedItem> parked;
};

/// Encodes by the shop's rules; an order that cannot be encoded becomes a parked item. Throws
/// nothing but std::bad_alloc.
PreparedPage prepare_page(Page<Order>&& page, const ShopRules& rules, TimePoint now);

struct ImportCounts {
  std::uint64_t inserted = 0, updated = 0, unchanged = 0, stale = 0, parked = 0;
  std::optional<store::UpsertOutcome> last;  ///< of the last order that was written
};

/// Ids of open parked orders, with the change time of what could not be read.
using OpenParked = std::map<std::string, std::optional<TimePoint>, std::less<>>;
OpenParked open_parked(store::Store& store, std::string_view shop);

struct ImportOptions {
  /// The page failed several times: park whatever the store refuses, except where the store itself
  /// is in trouble. Otherwise only a violated constraint parks at once.
  bool park_any_refusal = false;
};

/// Throws StoreError where the page as a whole cannot be stored; the transaction is then spent.
ImportCounts import_page(store::ShopTransaction& transaction, const PreparedPage& page,
                         OpenParked& open, const ImportOptions& options);

/// True for errors that say nothing about one order: disk, lock, fence, damage.
bool is_store_trouble(const store::StoreError& error) noexcept;

}  // namespace marketplug::sync
