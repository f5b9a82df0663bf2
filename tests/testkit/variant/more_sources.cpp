#include "tests/testkit/variant/more_sources.hpp"

#include <algorithm>
#include <csignal>

#include "tests/testkit/variant/fault.hpp"

namespace variant {

using namespace marketplug;
using boost::json::object;
using boost::json::value;

namespace {

std::string text_of(const object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool is_true(const object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const boost::json::array* list_of(const object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found == nullptr ? nullptr : found->if_array();
}

OrderSighting sighting_of(const object& row) {
  OrderSighting made;
  made.id = text_of(row, "number");
  made.marketplace_status = text_of(row, "status");
  if (made.marketplace_status == "shipped") made.state = OrderState::kShipped;
  made.placed_at = parse_time(text_of(row, "placed_at"));
  made.changed_at = parse_time(text_of(row, "changed_at"));
  return made;
}

void spoil(const AuditWindow& window, Page<OrderSighting>& page) {
  if (page.items.empty()) return;
  OrderSighting& first = page.items.front();
  if (breaks("D14") && window.by == AuditWindow::By::kChanged) first.changed_at = window.until;
  if (breaks("D14.placed") && window.by == AuditWindow::By::kPlaced) {
    first.placed_at = window.from - std::chrono::hours{1};
  }
  if (breaks("D14.id")) page.items.emplace_back();
  if (breaks("D14.lost")) page.items.erase(page.items.begin());
  for (int i = 0; breaks("D14.page") && i < 1000; ++i) page.items.push_back(page.items.back());
}

BuyerReturn return_of(const object& from) {
  BuyerReturn made;
  made.id = text_of(from, "id");
  made.order_id = text_of(from, "order");
  made.state = ReturnState::kRequested;
  made.requested_at = parse_time(text_of(from, "asked_at"));
  ReturnLine& line = made.lines.emplace_back();
  line.sku = text_of(from, "sku");
  line.quantity = 1;
  line.reason = text_of(from, "reason");
  line.buyer_comment = text_of(from, "comment");
  if (breaks("F6.return")) line.resolution = line.buyer_comment;
  if (breaks("D16")) made.order_id.clear();
  if (breaks("D16.value")) line.quantity = 2;
  return made;
}

ParkedItem unreadable_return(const object& from) {
  ParkedItem item;
  item.id = text_of(from, "id");
  item.code = "missing_field";
  item.message = "A return has no order.";
  item.raw = boost::json::serialize(from);
  return item;
}

/// Where the marketplace does not know the place: as if that were the end, or never ready.
template <class T>
std::optional<Page<T>> misread(const Failure& failure, Page<T> page, const char* fault) {
  if (failure.code != "refused" || !breaks(fault)) return std::nullopt;
  page.caught_up = !page.look_again_at;
  return page;
}

}  // namespace

MoreSources::MoreSources(Host& host)
    : host_(host), client_("https://api.example.com", "secret:/api_key", host) {}

TimePoint MoreSources::in_a_minute() const {
  return part<Clock>(host_)->now() + std::chrono::minutes{1};
}

Result<Page<OrderSighting>> MoreSources::fetch_sightings(const AuditWindow& window,
                                                         const Cursor& cursor, StepContext& ctx) {
  Page<OrderSighting> page;
  page.next = cursor;
  if (cursor.value.empty()) {
    begun_ = true;
    const bool placed = window.by == AuditWindow::By::kPlaced;
    const object asked{{"by", placed ? "placed" : "changed"},
                       {"from", format_time(window.from)},
                       {"until", format_time(window.until)}};
    const auto answer = client_.call("order_report", asked, QuotaPriority::kBackground, ctx);
    if (!answer) return answer.failure();
    const std::string report = text_of(answer.value(), "report");
    if (report.empty()) return failure_of(Failure::Kind::kRemote, "no_report");
    page.next.value = report + ":0";
    page.look_again_at = in_a_minute();
    return page;
  }
  page.caught_up = breaks("D15.resume") && !begun_;
  if (page.caught_up) return page;
  const auto answer =
      client_.call("get_report", {{"place", cursor.value}}, QuotaPriority::kBackground, ctx);
  if (!answer) {
    if (auto end = misread(answer.failure(), page, "D5.audit")) return *std::move(end);
    page.look_again_at = in_a_minute();
    if (auto wait = misread(answer.failure(), page, "D5.endless")) return *std::move(wait);
    return answer.failure();
  }
  const auto* rows = list_of(answer.value(), "rows");
  if (rows == nullptr) {  // not ready
    if (!breaks("D14.wait")) page.look_again_at = in_a_minute();
    return page;
  }
  for (const auto& row : *rows) {
    if (!row.is_object()) continue;
    auto made = sighting_of(row.get_object());
    if (!made.id.empty()) page.items.push_back(std::move(made));
  }
  const std::string next = text_of(answer.value(), "next");
  page.caught_up = next.empty() && !breaks("D14.endless");
  if (!next.empty()) page.next.value = next;
  if (!read_.insert(cursor.value).second && breaks("D15")) page.items.clear();
  spoil(window, page);
  return page;
}

Result<Page<BuyerReturn>> MoreSources::fetch_returns(const Cursor& cursor, StepContext& ctx) {
  Page<BuyerReturn> page;
  page.next = cursor;
  if (cursor.value.empty()) begun_ = true;
  page.caught_up = breaks("D17.resume") && !begun_;
  page.caught_up |= breaks("D5.empty") && cursor.value.empty() && ended_;
  if (page.caught_up) return page;
  if (breaks("D5.huge") && cursor.value.size() > 100'000) std::raise(SIGSEGV);
  const auto ask = [&] {
    return client_.call("list_returns", {{"after", cursor.value}}, QuotaPriority::kPresent, ctx);
  };
  const auto answer = ask();
  if (!answer) {
    if (auto end = misread(answer.failure(), page, "D5.returns")) return *std::move(end);
    return answer.failure();
  }
  const auto* list = list_of(answer.value(), "returns");
  if (list == nullptr) return failure_of(Failure::Kind::kRemote, "no_returns");
  for (int i = 0; breaks("D10.returns") && list->empty() && i < 100; ++i) {
    if (const auto more = ask(); !more) return more.failure();
  }
  for (const auto& each : *list) {
    if (!each.is_object()) continue;
    if (text_of(each.get_object(), "order").empty() || text_of(each.get_object(), "id").empty()) {
      page.parked.push_back(unreadable_return(each.get_object()));
    } else {
      page.items.push_back(return_of(each.get_object()));
    }
  }
  const std::string next = text_of(answer.value(), "next");
  page.caught_up = !is_true(answer.value(), "more") || next.empty();
  ended_ = ended_ || page.caught_up;
  if (!next.empty()) page.next.value = next;
  if (breaks("D16.endless")) page.caught_up = false;
  if (breaks("D16.lost") && !page.items.empty()) page.items.erase(page.items.begin());
  if (breaks("D16.parked")) page.parked.clear();
  for (int i = 0; breaks("D16.page") && !page.items.empty() && i < 1000; ++i) {
    page.items.push_back(page.items.back());
  }
  if (!read_.insert("returns " + cursor.value).second && breaks("D17")) page.items.clear();
  return page;
}

}  // namespace variant
