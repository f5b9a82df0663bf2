#include "host/sync/return_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;
using store::LineLink;
using store::ReturnLink;

constexpr days kAlertFor{90};
constexpr std::size_t kLinkedAtOnce = 200;
constexpr std::size_t kLongestShownId = 256;

std::string parked_return_event(const ParkedItem& item) {
  boost::json::object data;
  data["return_id"] = item.id;
  data["code"] = item.code.empty() ? "unspecified" : item.code;
  data["pointer"] = item.pointer;
  data["message"] = item.message;
  data["remedy"] = item.remedy;
  return boost::json::serialize(data);
}

/// An order that is not here says nothing: it may be older than the import.
std::vector<store::Alert> alerts_of(const BuyerReturn& of, std::span<const LineLink> links,
                                    TimePoint now) {
  const auto open = std::count_if(links.begin(), links.end(), [](const LineLink& each) {
    return each.link == ReturnLink::kNoLine || each.link == ReturnLink::kAmbiguous;
  });
  if (open == 0) return {};
  store::Alert alert;
  alert.code = kReturnUnlinked;
  alert.message =
      fmt::format("{} of {} lines of this return cannot be linked to a line of order {}.", open,
                  links.size(), json::fit_text(of.order_id, kLongestShownId));
  alert.remedy =
      "Compare the return with the order (marketplug returns show, orders show) and book it by "
      "hand.";
  alert.ends_at = now + kAlertFor;
  return {alert};
}

void settle_alerts(store::ShopTransaction& transaction, const BuyerReturn& of,
                   std::span<const LineLink> links, TimePoint now) {
  const auto alerts = alerts_of(of, links, now);
  transaction.clear_alerts(kReturnKind, of.id, alerts);
  for (const auto& alert : alerts) transaction.raise_alert(kReturnKind, of.id, alert);
}

void park(store::ShopTransaction& transaction, const ParkedItem& item, const PreparedReturns& page,
          store::OpenParked& open, ImportCounts& counts) {
  if (!open.contains(item.id)) {
    transaction.append_event(kReturnParked, item.id, parked_return_event(item));
  }
  transaction.park(kReturnKind, item, page.keep_parked);
  open.insert_or_assign(item.id, item.changed_at);
  ++counts.parked;
}

void write(store::ShopTransaction& transaction, PreparedReturn& item, const PreparedReturns& page,
           store::OpenParked& open, ImportCounts& counts) {
  if (!item.row) return park(transaction, *item.parked, page, open, counts);
  store::ReturnRow& row = *item.row;
  row.links = link_lines(item.document, transaction.order_lines(row.order_id));
  const auto outcome = transaction.upsert_return(row);
  counts.last = outcome;
  const bool inserted = outcome == store::UpsertOutcome::kInserted;
  if (inserted || outcome == store::UpsertOutcome::kUpdated) {
    ++(inserted ? counts.inserted : counts.updated);
    transaction.append_event(inserted ? kReturnImported : kReturnUpdated, row.id,
                             return_event_data(item.document, row.links));
    settle_alerts(transaction, item.document, row.links, page.prepared_at);
  } else {
    ++(outcome == store::UpsertOutcome::kStale ? counts.stale : counts.unchanged);
  }
  if (open.contains(row.id) && outcome != store::UpsertOutcome::kStale) {
    transaction.unpark(kReturnKind, row.id);
    open.erase(row.id);
  }
}

}  // namespace

ImportCounts import_returns(store::ShopTransaction& transaction, PreparedReturns& page,
                            store::OpenParked open, const ImportOptions& options) {
  ImportCounts counts;
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    try {
      write(transaction, page.items[i], page, open, counts);
    } catch (const store::StoreError& error) {
      if (page.items[i].stripped || !is_refusal(error, options)) throw;
      throw ItemRefused(i, error.what());
    }
  }
  return counts;
}

void set_aside(PreparedReturns& page, const ItemRefused& refused) {
  PreparedReturn& item = page.items.at(refused.index);
  if (item.row) {
    item.parked = parked_return(item.document, "store_refused",
                                fmt::format("The store refused this return: {}", refused.what()),
                                "Report it with the log lines.");
    item.row.reset();
    return;
  }
  item.parked->raw.clear();
  item.parked->pointer.clear();
  item.parked->message =
      fmt::format("The store refused this item and its document: {}", refused.what());
  item.stripped = true;
}

std::size_t link_waiting(store::ShopTransaction& transaction, TimePoint now) {
  std::size_t linked = 0;
  for (const auto& document : transaction.returns_to_link(kLinkedAtOnce)) {
    const auto decoded = json::decode_return(document, {});
    if (!decoded) continue;  // `returns show` says so; the others must not wait for it
    const BuyerReturn& of = decoded.value();
    const auto links = link_lines(of, transaction.order_lines(of.order_id));
    transaction.link_return(of.id, links);
    transaction.append_event(kReturnUpdated, of.id, return_event_data(of, links));
    settle_alerts(transaction, of, links, now);
    ++linked;
  }
  return linked;
}

std::string_view link_text(ReturnLink link) noexcept {
  switch (link) {
    case ReturnLink::kNoOrder:
      return "no_order";
    case ReturnLink::kNoLine:
      return "no_line";
    case ReturnLink::kAmbiguous:
      return "ambiguous";
    case ReturnLink::kLinked:
      break;
  }
  return "linked";
}

std::string return_event_data(const BuyerReturn& of, std::span<const LineLink> links) {
  boost::json::object data;
  data["return_id"] = of.id;
  data["order_id"] = json::fit_text(of.order_id);
  data["marketplace"] = json::fit_text(of.marketplace);
  data["state"] = json::to_string(of.state);
  data["marketplace_status"] = json::fit_text(of.marketplace_status);
  data["fulfilled_by"] = json::to_string(of.fulfilled_by);
  if (of.changed_at) data["changed_at"] = format_time(*of.changed_at);
  boost::json::array lines;
  for (std::size_t i = 0; i < of.lines.size(); ++i) {
    const ReturnLine& line = of.lines[i];
    boost::json::object each{{"sku", json::fit_text(line.sku)},
                             {"quantity", line.quantity},
                             {"link", link_text(links[i].link)}};
    if (!links[i].order_line.empty()) each["line_id"] = links[i].order_line;
    if (!line.reason.empty()) each["reason"] = json::fit_text(line.reason);
    if (!line.resolution.empty()) each["resolution"] = json::fit_text(line.resolution);
    lines.push_back(std::move(each));
  }
  data["lines"] = std::move(lines);
  return boost::json::serialize(data);
}

}  // namespace marketplug::sync
