// Returns as they come from a plugin, made ready to be written: by the shop's rules, or parked.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"
#include "host/sync/order_row.hpp"
#include "host/sync/return_import.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;

constexpr std::size_t kLongestReturnId = 256;
constexpr std::size_t kLargestReturn = 1u << 20;
constexpr days kQuietReturn{90};  ///< nothing more has happened: nobody needs it any more
constexpr days kLongestKept{3650};
constexpr days kAheadOfUs{1};  ///< more than that is no change time
constexpr std::string_view kDefect = "This is a defect of the plugin: report it to its author.";

/// Empty code: nothing is wrong.
ParkedItem wrong_with(const BuyerReturn& of, TimePoint now) {
  if (of.id.empty()) return parked_return(of, "missing_id", "The return has no id.", kDefect);
  if (of.id.size() > kLongestReturnId) {
    return parked_return(of, "long_id",
                         fmt::format("The return's id is longer than {} bytes.", kLongestReturnId),
                         kDefect);
  }
  if (!json::is_fit_key(of.id)) {
    return parked_return(of, "bad_id",
                         fmt::format("The return's id is no text (\"{}\").",
                                     json::fit_text(of.id, kLongestReturnId)),
                         kDefect);
  }
  if (of.order_id.empty()) {
    return parked_return(of, "missing_order_id", "The return does not say which order it is of.",
                         "Look the return up at the marketplace.");
  }
  // Stored, it would make every true change after it look stale.
  if (of.changed_at && *of.changed_at > now + kAheadOfUs) {
    return parked_return(
        of, "future_change_time",
        fmt::format("The return says it changed at {}, which is more than a day ahead of this "
                    "machine's clock.",
                    format_time(*of.changed_at)),
        "Check the clock of this machine; the return is read again by itself.");
  }
  return {};
}

TimePoint begun_at(const BuyerReturn& of, TimePoint now) {
  if (of.requested_at) return *of.requested_at;
  if (of.received_at) return *of.received_at;
  return of.changed_at.value_or(now);
}

TimePoint keep_until(const BuyerReturn& of, int retention_days, TimePoint now) {
  const days retention = std::clamp(days{retention_days}, days{0}, kLongestKept);
  const bool ended = of.state == ReturnState::kReceived || of.state == ReturnState::kClosed ||
                     of.state == ReturnState::kRejected;
  const TimePoint last = of.changed_at.value_or(of.received_at.value_or(begun_at(of, now)));
  return last + (ended ? retention : std::max(retention, kQuietReturn));
}

store::ReturnRow row_of(const BuyerReturn& of, const ShopRules& rules, TimePoint now) {
  store::ReturnRow row;
  row.id = of.id;
  row.order_id = json::fit_text(of.order_id);
  row.marketplace = json::fit_text(of.marketplace);
  row.state = of.state;
  row.fulfilled_by = of.fulfilled_by;
  row.begun_at = begun_at(of, now);
  row.changed_at = of.changed_at;
  row.keep_personal_until = keep_until(of, rules.retention_days, now);
  row.document = json::encode_return(of);
  if (rules.keep_personal_data) row.personal = json::encode_return_personal(of);
  row.content_hash = json::content_hash(row.document, row.personal);
  return row;
}

PreparedReturn prepare_return(BuyerReturn&& of, const ShopRules& rules, TimePoint now) {
  PreparedReturn prepared;
  ParkedItem wrong = wrong_with(of, now);
  try {
    if (wrong.code.empty()) {
      auto row = row_of(of, rules, now);
      const auto bytes = row.document.size() + row.personal.size();
      if (bytes <= kLargestReturn) {
        prepared.row = std::move(row);
      } else {
        wrong = parked_return(of, "too_large",
                              fmt::format("The return has {} bytes, {} are allowed; nothing of it "
                                          "was kept.",
                                          bytes, kLargestReturn),
                              "Look at it at the marketplace, and report it to the plugin's "
                              "author.");
      }
    }
  } catch (const std::exception& error) {
    wrong = parked_return(of, "invalid_return",
                          fmt::format("The return cannot be stored: {}", error.what()),
                          "Report it to the plugin's author.");
  }
  if (!prepared.row) prepared.parked = parked_by_rules(std::move(wrong), rules);
  for (auto& line : of.lines) line.buyer_comment.clear();
  prepared.document = std::move(of);
  return prepared;
}

}  // namespace

ParkedItem parked_return(const BuyerReturn& of, std::string code, std::string message,
                         std::string_view remedy) {
  ParkedItem item;
  item.id = of.id;
  item.code = std::move(code);
  item.message = std::move(message);
  item.remedy = remedy;
  item.changed_at = of.changed_at;
  return item;
}

PreparedReturns prepare_returns(Page<BuyerReturn>&& page, const ShopRules& rules, TimePoint now) {
  PreparedReturns prepared;
  prepared.prepared_at = now;
  prepared.keep_parked = std::chrono::hours(24) * rules.retention_days;
  for (auto& item : page.parked) {
    prepared.items.emplace_back().parked = parked_by_rules(std::move(item), rules);
  }
  for (auto& each : page.items) {
    prepared.items.push_back(prepare_return(std::move(each), rules, now));
  }
  return prepared;
}

std::vector<std::string_view> ids_of(const PreparedReturns& page) {
  std::vector<std::string_view> ids;
  for (const auto& item : page.items) ids.push_back(item.row ? item.row->id : item.parked->id);
  return ids;
}

}  // namespace marketplug::sync
