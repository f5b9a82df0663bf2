#include "plugins/amazon/sandbox/order_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "plugins/amazon/sandbox/draw.hpp"
#include "plugins/amazon/sandbox/order_changed.hpp"
#include "plugins/amazon/sandbox/order_maker.hpp"

namespace amazon_sandbox {

void OrderStore::settle(TimePoint now) {
  for (auto& record : records_) {
    record.newest.visible = std::min(record.newest.visible, now);
    if (!record.older) continue;
    for (auto& version : *record.older) version.visible = std::min(version.visible, now);
  }
}

Unsettled OrderStore::unsettled(TimePoint now) const {
  Unsettled result{0, now};
  for (const auto& record : records_) {
    if (record.hidden || record.newest.visible <= now) continue;
    ++result.hidden;
    result.all_visible_at = std::max(result.all_visible_at, record.newest.visible);
  }
  return result;
}

/// The newest of those whose time has come: a newer one may come before an older, which is then
/// never seen.
const OrderStore::Version* OrderStore::visible_version(const Record& record,
                                                       TimePoint now) const noexcept {
  if (record.newest.visible <= now) return &record.newest;
  if (!record.older) return nullptr;
  const auto found = std::find_if(record.older->rbegin(), record.older->rend(),
                                  [&](const Version& version) { return version.visible <= now; });
  return found == record.older->rend() ? nullptr : &*found;
}

const OrderStore::Version& OrderStore::version(const VersionRef& reference) const {
  const auto& record = records_.at(reference.index);
  if (record.newest.number == reference.version) return record.newest;
  if (record.older) {
    for (const auto& version : *record.older) {
      if (version.number == reference.version) return version;
    }
  }
  throw std::out_of_range("no such version of order " + id_of(reference.index));
}

bool OrderStore::matches(const Record& record, const Version& version,
                         const Search& search) const noexcept {
  const auto has = [](std::uint32_t bits, auto place) {
    return (bits >> static_cast<unsigned>(place) & 1u) != 0;
  };
  return has(search.marketplaces, record.marketplace) && has(search.statuses, version.status) &&
         has(search.fulfilled_by, record.fulfilled_by);
}

Found OrderStore::search(const Search& search) const {
  const auto& keys = search.by_created ? by_created_ : by_updated_;
  auto at = std::lower_bound(keys.begin(), keys.end(), Position{search.from, {}});
  if (search.after && !(*search.after < Position{search.from, {}})) {
    at = std::upper_bound(keys.begin(), keys.end(), *search.after);
  }
  Found found;
  for (; at != keys.end() && at->time <= search.to; ++at) {
    const auto index = at->order.index;
    const auto& record = records_[index];
    const auto* shown = visible_version(record, search.now);
    if (record.hidden || shown == nullptr ||
        (!search.by_created && shown->number != at->order.version) ||
        (!search.stale_reads && shown != &record.newest) || !matches(record, *shown, search) ||
        expired(index, search.now)) {
      continue;
    }
    if (found.orders.size() == search.limit) {
      found.more = true;
      break;
    }
    found.orders.push_back({at->time, {index, shown->number}});
  }
  return found;
}

std::optional<VersionRef> OrderStore::previous(const VersionRef& found,
                                               const Search& search) const {
  const auto& record = records_.at(found.index);
  if (!record.older) return std::nullopt;
  for (const auto& version : *record.older) {
    if (version.number + 1 != found.version) continue;
    const bool in_window =
        search.by_created || (version.updated >= search.from && version.updated <= search.to);
    if (in_window && matches(record, version, search)) {
      return VersionRef{found.index, version.number};
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> OrderStore::find(std::string_view id) const {
  if (const auto raw = raw_ids_.find(std::string(id)); raw != raw_ids_.end()) return raw->second;
  const auto number = order_number(id, seed_);
  if (!number || *number < first_number_ || *number - first_number_ >= records_.size()) {
    return std::nullopt;
  }
  const auto index = static_cast<std::uint32_t>(*number - first_number_);
  if (id_of(index) != id) return std::nullopt;
  return index;
}

VersionRef OrderStore::newest(std::uint32_t index) const {
  return {index, records_.at(index).newest.number};
}

std::optional<VersionRef> OrderStore::visible(std::uint32_t index, TimePoint now) const {
  const auto* shown = visible_version(records_.at(index), now);
  if (shown == nullptr) return std::nullopt;
  return VersionRef{index, shown->number};
}

bool OrderStore::expired(std::uint32_t index, TimePoint now) const noexcept {
  using namespace std::chrono;
  const auto& record = records_[index];
  const auto country = all_marketplaces()[record.marketplace].country;
  if (country == "JP" || country == "AU" || country == "SG") {
    return record.created < sys_days{year{2016} / January / 1};
  }
  return record.created < now - years(2);
}

std::string OrderStore::id_of(std::uint32_t index) const {
  const auto& record = records_[index];
  const auto* changed = record.newest.changed.get();
  if (changed != nullptr && changed->raw) return changed->raw_id;
  const auto& prefixes = all_marketplaces()[record.marketplace].order_prefixes;
  return order_id(prefixes[record.seed >> 7 & 1], first_number_ + index, seed_);
}

std::string OrderStore::original_of(std::uint32_t index) const {
  const auto& record = records_[index];
  if (mix(record.seed ^ 0x7265706c) % 100 != 0) return {};
  for (std::uint32_t back = 1; back <= std::min(index, 30u); ++back) {
    const auto& other = records_[index - back];
    if (other.marketplace == record.marketplace) return id_of(index - back);
  }
  return {};
}

Order OrderStore::order(std::uint32_t index, const Version& version) const {
  if (version.changed && version.changed->order) return *version.changed->order;
  const auto& record = records_[index];
  return make_order({record.seed, id_of(index), original_of(index), record.created, version.updated,
                     &all_marketplaces()[record.marketplace], version.status, record.fulfilled_by});
}

OrderSummary OrderStore::summary(std::uint32_t index) const {
  const auto& record = records_[index];
  return {id_of(index),          record.created,
          record.newest.updated, &all_marketplaces()[record.marketplace],
          record.newest.status,  record.fulfilled_by,
          record.hidden};
}

}  // namespace amazon_sandbox
