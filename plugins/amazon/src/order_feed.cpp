#include "src/order_feed.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "src/answers.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kOverlap{10};
constexpr hours kFirstLook{7 * 24};  // where the shop has no start date
/// The local clock may be wrong by an hour either way.
constexpr hours kClockTolerance{2};
/// Amazon's tokens live 24 h; a little before that the window is begun again.
constexpr minutes kTokenLife{23 * 60 + 30};
/// Amazon does not answer about the last two minutes.
constexpr seconds kLag{135};
/// A start date this close to now would ask about a time that Amazon does not answer about yet.
constexpr minutes kNotYet{5};

/// Whether every marketplace of `wanted` was in the window; both sorted and comma-separated.
bool covers(std::string_view window, std::string_view wanted) {
  while (!wanted.empty()) {
    const std::size_t comma = wanted.find(',');
    if (window.find(wanted.substr(0, comma)) == std::string_view::npos) return false;
    wanted.remove_prefix(comma == std::string_view::npos ? wanted.size() : comma + 1);
  }
  return true;
}

/// The end of the window that an answer tells: nullopt where it cannot be believed.
std::optional<TimePoint> end_of(const SearchPage& page, TimePoint now) {
  const TimePoint newest = page.server_time ? *page.server_time : now + kClockTolerance;
  if (page.updated_before) {
    return *page.updated_before <= newest ? page.updated_before : std::nullopt;
  }
  if (page.server_time) return *page.server_time - kLag;
  return std::nullopt;
}

bool fits_a_path(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_';
  });
}

}  // namespace

OrderFeed::OrderFeed(const Settings& settings, const Services& services, OrdersClient& client)
    : settings_(settings), services_(services), client_(client) {
  for (const Marketplace* marketplace : settings.marketplaces) {
    marketplace_ids_.push_back(marketplace->id);
  }
  std::sort(marketplace_ids_.begin(), marketplace_ids_.end());
  for (const std::string_view id : marketplace_ids_) {
    if (!marketplaces_.empty()) marketplaces_ += ',';
    marketplaces_.append(id);
  }
}

OrderCursor OrderFeed::first_window(TimePoint now) const {
  OrderCursor place;
  place.origin = settings_.orders.start_date.value_or(now - kFirstLook - kClockTolerance);
  place.after = place.origin;
  place.marketplaces = marketplaces_;
  return place;
}

OrderCursor OrderFeed::window_at(const Cursor& cursor, TimePoint now) const {
  if (cursor.value.empty()) return first_window(now);
  auto place = OrderCursor::parse(cursor.value);
  static constexpr TimePoint kAmazonsOldest =
      std::chrono::sys_days{std::chrono::year{2016} / 1 / 1};
  if (!place || place->after > now + kClockTolerance || place->after < kAmazonsOldest) {
    restarted("the cursor makes no sense; the import begins again");
    return first_window(now);
  }
  if (settings_.orders.start_date && *settings_.orders.start_date < place->origin) {
    restarted("the start date was put back; the import begins again");
    return first_window(now);
  }
  if (!covers(place->marketplaces, marketplaces_)) {
    restarted("a marketplace was added; the import begins again");
    return first_window(now);
  }
  if (place->marketplaces != marketplaces_) {
    place->marketplaces = marketplaces_;
    place->restarts = 0;
    place->begin_again();
  }
  if (!place->token.empty() &&
      (now - *place->since > kTokenLife || *place->since > now + kClockTolerance)) {
    restarted("the page token is too old");
    place->restarts = 0;
    place->begin_again();
  }
  return std::move(*place);
}

Result<Page<Order>> OrderFeed::fetch_orders(const Cursor& cursor, StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  OrderCursor place = window_at(cursor, now);
  if (place.after > now - kNotYet && place.after == place.origin) {
    Page<Order> nothing;
    nothing.next = cursor;
    nothing.caught_up = true;
    nothing.look_again_at = place.origin + kNotYet;
    return nothing;
  }
  SearchQuery query;
  query.updated_after = place.after;
  query.marketplace_ids = marketplace_ids_;
  query.included_data = included_data(settings_.orders.pii_access);
  query.token = place.token;
  auto found = client_.search(query, QuotaPriority::kPresent, ctx);
  if (!found) return refused(found.failure(), std::move(place));

  Page<Order> page;
  map_all(found.value(), ctx, page);
  const std::string items = std::to_string(page.items.size());
  const std::string parked = std::to_string(page.parked.size());
  note(services_, Log::Level::kDebug, "orders.page", "Amazon sent a page of orders.",
       {{"orders", items}, {"parked", parked}});
  if (!found.value().next_token.empty()) {
    return next_page(found.value(), std::move(place), std::move(page), now);
  }
  finish_window(found.value(), std::move(place), page, now);
  return page;
}

Result<Page<Order>> OrderFeed::refused(const Failure& failure, OrderCursor place) const {
  if (failure.code != kCodeBadRequest || place.token.empty()) return failure;
  if (place.restarts > 0) {
    Failure again = failure;
    again.code = "page_token_refused";
    again.message = "Amazon refuses its own page token, also after the window was begun again. " +
                    failure.message;
    return again;
  }
  restarted("Amazon refused the page token");
  place.begin_again();
  ++place.restarts;
  Page<Order> page;
  page.next.value = place.to_text();
  return page;
}

Result<Page<Order>> OrderFeed::next_page(const SearchPage& found, OrderCursor place,
                                         Page<Order> page, TimePoint asked_at) const {
  if (place.token.empty()) {
    place.since = asked_at;
    place.end = end_of(found, asked_at);
  } else if (const auto end = end_of(found, asked_at); place.end && end) {
    place.end = std::min(*place.end, *end);
  }
  if (!place.advance(found.next_token)) {
    if (place.restarts > 0) {
      return failed(Failure::Kind::kRemote, "page_token_loop",
                    "Amazon repeats a page token of searchOrders, also after the window was begun "
                    "again, so that its pages never end.",
                    "Marketplug tries again by itself, with a new window after a day at the "
                    "latest. If it stays, tell Amazon's developer support.");
    }
    restarted("Amazon repeated a page token");
    place.begin_again();
    ++place.restarts;
  }
  page.next.value = place.to_text();
  return page;
}

void OrderFeed::finish_window(const SearchPage& found, OrderCursor place, Page<Order>& page,
                              TimePoint asked_at) const {
  auto end = end_of(found, asked_at);
  // Only what the first page covered is complete.
  if (!place.token.empty()) end = place.end && end ? std::min(place.end, end) : place.end;
  place.begin_again();
  place.restarts = 0;
  if (end) {
    place.after = std::max(place.after, *end - kOverlap);
    page.complete_until = end;
  } else {
    note(services_, Log::Level::kWarning, "orders.no_window_end",
         "Amazon did not tell a believable end of the window; it is read again.", {});
  }
  page.next.value = place.to_text();
  page.caught_up = true;
  const double left = client_.searches_left();
  if (left < 1) {
    const auto wait = std::ceil((1 - left) / kSearchOrders.plan.per_second);
    page.look_again_at = asked_at + seconds(static_cast<long>(std::clamp(wait, 0.0, 3600.0)));
  }
}

Result<Page<Order>> OrderFeed::fetch_order(std::string_view id, StepContext& ctx) {
  Page<Order> page;
  page.caught_up = true;
  // Anything else could ask for another path than an order's.
  if (!fits_a_path(id)) return page;
  auto found =
      client_.get(id, included_data(settings_.orders.pii_access), QuotaPriority::kPresent, ctx);
  if (!found) return found.failure();
  map_all(found.value(), ctx, page);
  return page;
}

void OrderFeed::map_all(const OrderTexts& texts, const StepContext& ctx, Page<Order>& page) const {
  MappingOptions options;
  options.personal_data = settings_.orders.pii_access;
  options.keep_raw = ctx.keep_raw();
  const TimePoint now = services_.clock.now();
  options.newest = std::max(now, texts.server_time.value_or(now)) + hours(48);
  page.items.reserve(texts.orders.size());
  JsonReader reader;
  for (const std::string_view text : texts.orders) {
    MappedOrder mapped = map_order_text(text, options, reader);
    for (const std::string& pointer : mapped.unknown) {
      note(services_, Log::Level::kDebug, "orders.unknown_field",
           "Amazon sent a field that this version does not know.", {{"pointer", pointer}});
    }
    if (mapped.parked) {
      page.parked.push_back(std::move(*mapped.parked));
    } else if (settings_.orders.import_pending || mapped.order->state != OrderState::kPending) {
      page.items.push_back(std::move(*mapped.order));
    }
  }
}

void OrderFeed::restarted(std::string_view why) const {
  note(services_, Log::Level::kWarning, "orders.window_restarted",
       "The import begins a window again; orders that come twice are stored once.",
       {{"reason", why}});
}

}  // namespace marketplug::amazon
