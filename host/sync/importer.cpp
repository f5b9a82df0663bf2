#include "host/sync/importer.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "host/json/event_catalog.hpp"
#include "host/sync/order_alerts.hpp"
#include "host/sync/order_events.hpp"
#include "host/sync/order_row.hpp"

namespace marketplug::sync {
namespace {

ParkedItem needs_correction(const Order& order) {
  std::string reasons = fmt::format("{}", fmt::join(order.correction_reasons, "; "));
  if (reasons.empty()) reasons = "The plugin gave no reason.";
  return parked_order(
      order, "needs_correction", std::move(reasons),
      "Correct the order at the marketplace or the shop's settings, then replay it.");
}

PreparedItem prepare_order(Order& order, const ShopRules& rules, TimePoint now) {
  PreparedItem prepared;
  if (order.state == OrderState::kNeedsCorrection) {
    prepared.parked = parked_by_rules(needs_correction(order), rules);
  }
  RowOrParked made = make_row(order, rules, now);
  if (auto* row = std::get_if<store::OrderRow>(&made)) {
    prepared.event_data = json::order_event_data(order, row->status);
    prepared.alerts = order_alerts(order, now);
    if (wishes_cancellation(order)) {
      prepared.cancel_requested_data = cancel_requested_data(order, row->status);
    }
    prepared.row = std::move(*row);
    // What the row did not take is kept for the case that the store refuses the order.
    if (rules.keep_raw != ShopRules::KeepRaw::kNever) prepared.raw = std::move(order.raw);
  } else {
    prepared.parked = std::move(std::get<ParkedItem>(made));
  }
  return prepared;
}

class PageWriter {
 public:
  PageWriter(store::ShopTransaction& transaction, OpenParked open, bool settle_parked,
             const PreparedPage& page)
      : transaction_(transaction),
        open_(std::move(open)),
        settle_parked_(settle_parked),
        keep_parked_(page.keep_parked),
        now_(page.prepared_at) {}

  void write(const PreparedItem& item) {
    if (item.row) {
      write_order(item);
    } else {
      park(*item.parked);
    }
  }

  /// Not one for each order: what lacks is a permission, and it lacks for all of them.
  void tell_buyers_data(const PreparedPage& page) {
    const bool lacks = std::any_of(
        page.items.begin(), page.items.end(),
        [](const PreparedItem& item) { return item.row && lacks_buyers_data(*item.row); });
    if (lacks) transaction_.raise_alert("shop", page.shop, buyers_data_missing(now_));
  }

  const ImportCounts& counts() const noexcept { return counts_; }

 private:
  /// An item that was not stored: its event says so once, until it is replayed or discarded.
  void park(const ParkedItem& item) {
    if (const auto head = transaction_.order_head(item.id);
        head && item.changed_at && head->changed_at > *item.changed_at) {
      ++counts_.stale;
      return;
    }
    if (!open_.contains(item.id)) {
      transaction_.append_event(kOrderParked, item.id, parked_event_data(item, nullptr));
    }
    keep(item);
  }

  void write_order(const PreparedItem& item) {
    const store::OrderRow& row = *item.row;
    const auto head = transaction_.order_head(row.id);
    const auto outcome = transaction_.upsert_order(row);
    counts_.last = outcome;
    count(outcome);
    const bool applied =
        outcome == store::UpsertOutcome::kInserted || outcome == store::UpsertOutcome::kUpdated;
    if (applied) {
      append_change(item, head);
      settle_alerts(item, head);
    }
    if (item.parked) {
      if (applied) keep(*item.parked);
    } else {
      unpark(row, applied);
    }
  }

  void append_change(const PreparedItem& order, const std::optional<store::OrderHead>& head) {
    std::optional<OrderState> before;
    if (head) before = head->state;
    const std::string_view type = event_of_change(before, order.row->state);
    const bool parked = type == kOrderParked && order.parked;
    transaction_.append_event(
        type, order.row->id,
        parked ? parked_event_data(*order.parked, &*order.row) : order.event_data);
  }

  /// What the order says now, and what the change itself says.
  void settle_alerts(const PreparedItem& order, const std::optional<store::OrderHead>& head) {
    const std::string& id = order.row->id;
    std::vector<store::Alert> alerts = order.alerts;
    if (head) {
      if (auto sent = shipped_before(head->state, order.row->state, now_)) {
        alerts.push_back(*std::move(sent));
      }
      std::vector<store::Alert> going_on = alerts;
      // What happened before the cancellation stays true, whatever comes after it.
      if (order.row->state == OrderState::kCancelled) {
        going_on.emplace_back().code = kCancelledAfterShipment;
      }
      transaction_.clear_alerts(kOrderKind, id, going_on);
    }
    for (const store::Alert& alert : alerts) {
      const bool news = transaction_.raise_alert(kOrderKind, id, alert);
      if (news && alert.code == kBuyerCancel) {
        transaction_.append_event(kOrderCancelRequested, id, order.cancel_requested_data);
      }
    }
  }

  void keep(const ParkedItem& item) {
    transaction_.park(kOrderKind, item, keep_parked_);
    open_.insert_or_assign(item.id, item.changed_at);
    ++counts_.parked;
  }

  /// Only a version at least as new as the one that could not be read settles it.
  void unpark(const store::OrderRow& row, bool applied) {
    const auto parked = open_.find(row.id);
    if (parked == open_.end()) return;
    const bool settles =
        settle_parked_ || (parked->second ? row.changed_at >= *parked->second : applied);
    if (!settles) return;
    transaction_.unpark(kOrderKind, row.id);
    open_.erase(parked);
  }

  void count(store::UpsertOutcome outcome) {
    switch (outcome) {
      case store::UpsertOutcome::kInserted:
        ++counts_.inserted;
        break;
      case store::UpsertOutcome::kUpdated:
        ++counts_.updated;
        break;
      case store::UpsertOutcome::kUnchanged:
        ++counts_.unchanged;
        break;
      case store::UpsertOutcome::kStale:
        ++counts_.stale;
        break;
    }
  }

  store::ShopTransaction& transaction_;
  OpenParked open_;
  bool settle_parked_;
  std::chrono::seconds keep_parked_;
  TimePoint now_;
  ImportCounts counts_;
};

ParkedItem refused_order(PreparedItem& item, const char* why) {
  ParkedItem parked;
  parked.id = item.row->id;
  parked.code = "store_refused";
  parked.message = fmt::format("The store refused this order: {}", why);
  parked.remedy = "Report it with the log lines; replay it after an update.";
  parked.raw = std::move(item.row->raw.empty() ? item.raw : item.row->raw);
  parked.changed_at = item.row->changed_at;
  return parked;
}

}  // namespace

PreparedPage prepare_page(Page<Order>&& page, const ShopRules& rules, TimePoint now) {
  PreparedPage prepared;
  prepared.shop = rules.id;
  prepared.prepared_at = now;
  prepared.keep_parked = std::chrono::hours(24) * rules.retention_days;
  prepared.items.reserve(page.parked.size() + page.items.size());
  for (auto& item : page.parked) {
    prepared.items.emplace_back().parked = parked_by_rules(std::move(item), rules);
  }
  for (auto& order : page.items) prepared.items.push_back(prepare_order(order, rules, now));
  return prepared;
}

OpenParked open_parked(store::Store& store, std::string_view shop, const PreparedPage& page) {
  std::vector<std::string_view> ids;
  ids.reserve(page.items.size());
  for (const auto& item : page.items) ids.push_back(item.row ? item.row->id : item.parked->id);
  return store.parked().open(shop, kOrderKind, ids);
}

ImportCounts import_page(store::ShopTransaction& transaction, const PreparedPage& page,
                         OpenParked open, const ImportOptions& options) {
  PageWriter writer(transaction, std::move(open), options.settle_parked, page);
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    try {
      writer.write(page.items[i]);
    } catch (const store::StoreError& error) {
      // What could be set aside has been: the fault lies elsewhere.
      if (page.items[i].stripped || !is_refusal(error, options)) throw;
      throw ItemRefused(i, error.what());
    }
  }
  writer.tell_buyers_data(page);
  return writer.counts();
}

void set_aside(PreparedPage& page, const ItemRefused& refused) {
  PreparedItem& item = page.items.at(refused.index);
  if (item.row) {
    item.parked = refused_order(item, refused.what());
    item.row.reset();
    return;
  }
  item.parked->raw.clear();
  item.parked->pointer.clear();
  item.parked->message =
      fmt::format("The store refused this item and its document: {}", refused.what());
  item.stripped = true;
}

bool is_refusal(const store::StoreError& error, const ImportOptions& options) noexcept {
  return error.kind() == store::StoreError::Kind::kConstraint ||
         (options.park_any_refusal && !is_store_trouble(error));
}

bool is_store_trouble(const store::StoreError& error) noexcept {
  using Kind = store::StoreError::Kind;
  return error.kind() != Kind::kOther && error.kind() != Kind::kConstraint &&
         error.kind() != Kind::kNotFound;
}

}  // namespace marketplug::sync
