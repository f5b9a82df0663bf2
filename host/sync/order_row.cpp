#include "host/sync/order_row.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "host/json/fit_text.hpp"
#include "host/json/order_codec.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;

constexpr days kQuietDays{90};    ///< no shipment and no change: nobody needs it any more
constexpr days kFutureMargin{1};  ///< more ahead of us than that is no change time
constexpr days kLongestRetention{3650};
constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLargestOrder = 4u << 20;

TimePoint later(TimePoint time, days by) {
  return time > TimePoint::max() - by ? TimePoint::max() : time + by;
}

void take_later(std::optional<TimePoint>& latest, const std::optional<TimePoint>& time) {
  if (time && (!latest || *time > *latest)) latest = time;
}

std::optional<TimePoint> last_shipment(const Order& order) {
  std::optional<TimePoint> latest;
  for (const auto& parcel : order.parcels) take_later(latest, parcel.shipped_at);
  return latest;
}

std::optional<TimePoint> delivery_window_end(const Order& order) {
  std::optional<TimePoint> latest = order.deliver_by.latest;
  for (const auto& line : order.lines) take_later(latest, line.deliver_by.latest);
  return latest;
}

/// Empty code: nothing is wrong.
ParkedItem wrong_with(const Order& order, TimePoint now) {
  if (order.id.empty()) {
    return parked_order(order, "missing_id", "The order has no id.",
                        "This is a defect of the plugin: report it to its author.");
  }
  if (order.id.size() > kLongestId) {
    return parked_order(order, "long_id",
                        fmt::format("The order's id is longer than {} bytes.", kLongestId),
                        "This is a defect of the plugin: report it to its author.");
  }
  if (!json::is_fit_key(order.id)) {
    return parked_order(
        order, "bad_id",
        fmt::format("The order's id is no text (\"{}\").", json::fit_text(order.id, kLongestId)),
        "This is a defect of the plugin: report it to its author.");
  }
  if (order.changed_at == TimePoint{}) {
    return parked_order(order, "missing_change_time",
                        "The order has no change time, so an older version could replace a newer.",
                        "This is a defect of the plugin: report it to its author.");
  }
  // Stored, it would make every true change after it look stale.
  if (order.changed_at > later(now, kFutureMargin)) {
    return parked_order(
        order, "future_change_time",
        fmt::format("The order says it changed at {}, which is more than a day ahead of this "
                    "machine's clock.",
                    format_time(order.changed_at)),
        "Check the clock of this machine, then replay the order.");
  }
  return {};
}

ParkedItem too_large(const Order& order, std::size_t bytes) {
  return parked_order(order, "too_large",
                      fmt::format("The order has {} bytes, {} are allowed; nothing of it was kept.",
                                  bytes, kLargestOrder),
                      "Look at it at the marketplace, and report it to the plugin's author.");
}

store::OrderRow encode(const Order& order, const ShopRules& rules) {
  store::OrderRow row;
  row.id = order.id;
  row.marketplace =
      json::fit_text(order.marketplace.empty() ? order.marketplace_id : order.marketplace);
  row.state = order.state;
  if (rules.own_status) row.status = rules.own_status(order);
  if (row.status.empty()) row.status = json::to_string(order.state);
  row.marketplace_status = json::fit_text(order.marketplace_status);
  if (rules.priority) row.priority = rules.priority(order);
  row.fulfilled_by = order.fulfilled_by;
  row.personal_data = order.personal_data;
  row.placed_at = order.placed_at;
  row.changed_at = order.changed_at;
  row.document = json::encode_order(order);
  row.personal = json::encode_order_personal(order);
  row.content_hash = json::content_hash(row.document, row.personal);
  row.lines.reserve(order.lines.size());
  for (const auto& line : order.lines) {
    row.lines.push_back({json::fit_text(line.id), json::fit_text(line.sku),
                         json::fit_text(line.product_id), line.quantity});
  }
  return row;
}

/// 64-bit FNV-1a: tells parked documents apart, protects nothing.
std::uint64_t digest(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return (hash ^ 0xffu) * 0x100000001b3u;
}

}  // namespace

void drop_personal(Order& order) {
  order.buyer.reset();
  order.recipient.reset();
  order.tax_registrations.clear();
  order.personal_attributes.clear();
  order.raw.clear();
  for (auto& line : order.lines) {
    line.gift_message.clear();
    line.customization_url.clear();
    line.properties.clear();
    line.personal_attributes.clear();
  }
  order.personal_data = PersonalData::kNotAsked;
}

TimePoint keep_personal_until(const Order& order, int retention_days) {
  const days retention = std::clamp(days{retention_days}, days{0}, kLongestRetention);
  if (order.state == OrderState::kShipped) {
    if (const auto shipped = last_shipment(order)) return later(*shipped, retention);
  }
  if (order.state == OrderState::kCancelled) return later(order.changed_at, retention);
  const auto window = delivery_window_end(order);
  if (order.state == OrderState::kShipped) {
    return later(window.value_or(order.changed_at), retention);
  }
  // Somebody still has to ship it, also where it is late.
  const TimePoint quiet = later(order.changed_at, std::max(retention, kQuietDays));
  return window ? std::max(quiet, later(*window, retention)) : quiet;
}

ParkedItem parked_order(const Order& order, std::string code, std::string message,
                        std::string remedy) {
  ParkedItem item;
  item.id = order.id;
  item.code = std::move(code);
  item.message = std::move(message);
  item.remedy = std::move(remedy);
  item.raw = order.raw;
  if (order.changed_at != TimePoint{}) item.changed_at = order.changed_at;
  return item;
}

ParkedItem parked_by_rules(ParkedItem item, const ShopRules& rules) {
  if (item.id.empty() || item.id.size() > kLongestId || !json::is_fit_key(item.id)) {
    std::uint64_t hash = digest(0xcbf29ce484222325u, item.raw);
    if (!item.id.empty()) hash = digest(hash, item.id);
    hash = digest(hash, item.code);
    hash = digest(hash, item.pointer);
    item.id = fmt::format("{}{:016x}", kUnknownId, hash);
  }
  if (rules.keep_raw == ShopRules::KeepRaw::kNever || !rules.keep_personal_data) item.raw.clear();
  if (item.raw.size() > kLargestOrder) {
    item.message += fmt::format(" (Its document of {} bytes is not kept: the limit is {}.)",
                                item.raw.size(), kLargestOrder);
    item.raw.clear();
  }
  return item;
}

RowOrParked make_row(Order& order, const ShopRules& rules, TimePoint now) {
  try {
    if (ParkedItem wrong = wrong_with(order, now); !wrong.code.empty()) {
      return parked_by_rules(std::move(wrong), rules);
    }
    if (!rules.keep_personal_data) drop_personal(order);
    if (order.delivery_country.empty() && order.recipient) {
      order.delivery_country = order.recipient->country;
    }
    store::OrderRow row = encode(order, rules);
    if (row.document.size() + row.personal.size() > kLargestOrder) {
      order.raw.clear();
      return parked_by_rules(too_large(order, row.document.size() + row.personal.size()), rules);
    }
    row.keep_personal_until = keep_personal_until(order, rules.retention_days);
    // The store leaves out what is past that time: it knows whether the clock can be believed.
    if (rules.keep_raw == ShopRules::KeepRaw::kAlways) row.raw = std::move(order.raw);
    return row;
  } catch (const std::exception& error) {
    return parked_by_rules(
        parked_order(order, "invalid_order",
                     fmt::format("The order cannot be stored: {}", error.what()),
                     "Report it to the plugin's author; replay it after an update."),
        rules);
  }
}

}  // namespace marketplug::sync
