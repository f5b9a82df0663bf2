#include "src/order_feed.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/order_mapping.hpp"
#include "src/sighting_rows.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kFirstLook{7 * 24};  // where the shop has no start date
/// The local clock may be wrong by an hour either way.
constexpr hours kClockTolerance{2};
/// Each of Amazon's tokens lives 24 h; a little before that the window is begun again.
constexpr minutes kTokenLife{23 * 60 + 30};
/// Amazon does not answer about the last two minutes.
constexpr seconds kLag{135};
/// A start date this close to now would ask about a time that Amazon does not answer about yet.
constexpr minutes kNotYet{5};
/// Amazon's machines do not agree to the second.
constexpr minutes kAmazonsSkew{5};
/// What may be a disturbance on the way is tried so often before a place is given up.
constexpr int kTries = 3;
/// Orders that a step asks for once more for their customizations, by getOrder.
constexpr std::size_t kAskedAgain = 10;

/// Whether every marketplace of `wanted` was in the window; both sorted and comma-separated.
bool covers(std::string_view window, std::string_view wanted) {
  while (!wanted.empty()) {
    const std::size_t comma = wanted.find(',');
    if (window.find(wanted.substr(0, comma)) == std::string_view::npos) return false;
    wanted.remove_prefix(comma == std::string_view::npos ? wanted.size() : comma + 1);
  }
  return true;
}

/// The end of the window that an answer tells: nullopt where it cannot be believed. `asked`: the
/// end that was asked for.
std::optional<TimePoint> end_of(const SearchPage& page, std::optional<TimePoint> asked,
                                TimePoint now) {
  const TimePoint newest = page.server_time ? *page.server_time : now + kClockTolerance;
  std::optional<TimePoint> end;
  if (page.updated_before) {
    if (*page.updated_before <= newest) end = page.updated_before;
  } else if (page.server_time && *page.server_time <= now + kClockTolerance) {
    end = *page.server_time - kLag;
  }
  return end && asked ? std::min(*end, *asked) : end;
}

/// An order without an id cannot be found again by whoever looks at what was set aside.
void drop_nameless(std::vector<ParkedItem>& parked) {
  std::erase_if(
      parked, [](const ParkedItem& item) { return item.code == kNotJsonOrder && item.id.empty(); });
}

/// Tells a page from another by its orders; 0 where it has none.
std::uint64_t fingerprint_of(const Page<Order>& page) {
  std::uint64_t hash = 0;
  const auto add = [&](std::string_view id, TimePoint changed) {
    hash = hash * 1099511628211u + std::hash<std::string_view>{}(id);
    hash = hash * 1099511628211u + static_cast<std::uint64_t>(changed.time_since_epoch().count());
  };
  for (const Order& order : page.items) add(order.id, order.changed_at);
  for (const ParkedItem& item : page.parked) add(item.id, item.changed_at.value_or(TimePoint{}));
  return hash;
}

bool has_damaged(const std::vector<ParkedItem>& parked) {
  return std::any_of(parked.begin(), parked.end(),
                     [](const ParkedItem& item) { return item.code == kNotJsonOrder; });
}

}  // namespace

OrderFeed::OrderFeed(const Settings& settings, const Services& services, OrdersClient& client,
                     ReportsClient& reports)
    : settings_(settings),
      services_(services),
      client_(client),
      access_(settings, services, client),
      customizations_(settings, services),
      backlog_(settings, services, client, reports, access_, marketplace_ids_) {
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
  place.origin = std::max(settings_.orders.start_date.value_or(now - kFirstLook - kClockTolerance),
                          kAmazonsOldest);
  place.after = place.origin;
  place.marketplaces = marketplaces_;
  return place;
}

OrderCursor OrderFeed::window_at(const Cursor& cursor, TimePoint now) const {
  if (cursor.value.empty()) return first_window(now);
  auto place = OrderCursor::parse(cursor.value);
  if (!place || place->after < kAmazonsOldest) {
    restarted("the cursor makes no sense; the import begins again");
    return first_window(now);
  }
  if (settings_.orders.start_date && first_window(now).origin < place->origin) {
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
  if (!place->token.empty() && now - *place->since > kTokenLife) {
    restarted("the page token is too old");
    place->restarts = 0;
    place->begin_shorter(now);
  }
  return std::move(*place);
}

SearchQuery OrderFeed::query_of(const OrderCursor& place, BuyersData buyers_data) const {
  SearchQuery query;
  query.updated_after = place.after;
  query.updated_before = place.before;
  query.marketplace_ids = marketplace_ids_;
  query.included_data = included_data(buyers_data);
  query.page_size = static_cast<int>(place.page_size);
  query.token = place.token;
  query.statuses = OrderBacklog::statuses_of(place);
  return query;
}

/// With as much of the buyers' data as Amazon gives. Once it gives all again, the window begins
/// where they lack.
Result<SearchPage> OrderFeed::search(OrderCursor& place, TimePoint now, StepContext& ctx) {
  BuyersDataAccess& buyers_data = access_.buyers_data();
  const bool in_parts = place.backlog.filling();
  for (;;) {
    const BuyersData asked = buyers_data.level(now);
    OrderCursor tried = place;
    if (buyers_data.narrowed()) {
      tried.lacks_buyers_data();
    } else if (asked != BuyersData::kNone && !in_parts) {
      tried.fill_buyers_data();
    }
    if (tried.token.empty() && !in_parts) tried.choose_end(client_.amazons_now().value_or(now));
    auto found = client_.search(query_of(tried, asked), QuotaPriority::kPresent, ctx);
    if (found) {
      place = std::move(tried);
      return found;
    }
    // Of a window that goes on, a bad request is about its page token; else perhaps about its time.
    const bool bad = found.failure().code == kCodeBadRequest;
    if (bad && (!place.token.empty() || lies_ahead(place))) return found;
    if (!buyers_data.may_be_about(found.failure(), now)) return found;
    if (!buyers_data.ask_for_less(found.failure(), now)) return buyers_data.first_failure();
  }
}

Result<Page<Order>> OrderFeed::fetch_orders(const Cursor& cursor, StepContext& ctx) {
  auto page = [&] {
    try {
      return read(cursor, ctx);
    } catch (...) {
      backlog_.keep_at({});  // it may count as read what no page has
      throw;
    }
  }();
  // A failure marks nothing and moves no cursor.
  if (page) backlog_.keep_at(page.value().next.value);
  if (page && customizations_.wanted()) {
    customizations_.begin(ctx);
    complete(page.value(), ctx);
    ask_again(page.value(), ctx);
    customizations_.end();
  }
  return page;
}

void OrderFeed::complete(Page<Order>& page, StepContext& ctx) {
  for (Order& order : page.items) customizations_.complete(order, ctx);
}

/// Orders whose customizations could not be had come again with a page, each with a new address.
void OrderFeed::ask_again(Page<Order>& page, StepContext& ctx) {
  for (const std::string& id : customizations_.due(kAskedAgain)) {
    if (!customizations_.may_fetch()) return;
    // With less of the buyers' data than it was stored with, it would lose them.
    if (access_.buyers_data().narrowed()) return;
    auto found = access_.fetch(id, QuotaPriority::kBackground, ctx);
    if (found && access_.buyers_data().narrowed()) return customizations_.postpone(id);
    // The page must not be lost for it: a later step asks again, and the others first.
    if (!found) {
      const auto kind = found.failure().kind;
      const bool its_own = kind == Failure::Kind::kRemote || kind == Failure::Kind::kTransient;
      if (its_own) customizations_.postpone(id);
      if (kind != Failure::Kind::kRemote) return;
      continue;
    }
    Page<Order>& alone = found.value();
    if (alone.items.size() != 1) {
      customizations_.forget(id);
      continue;
    }
    complete(alone, ctx);
    page.items.push_back(std::move(alone.items[0]));
  }
}

Result<Page<Order>> OrderFeed::read(const Cursor& cursor, StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  OrderCursor place = window_at(cursor, now);
  if (place.after > now - kNotYet && place.after == place.origin) {
    Page<Order> nothing;
    nothing.next = cursor;
    nothing.caught_up = true;
    nothing.look_again_at = place.origin + kNotYet;
    return nothing;
  }
  const bool in_parts = place.backlog.filling();
  if (in_parts || place.backlog.state == BacklogPlace::State::kAsked) {
    auto instead = backlog_.step(place, cursor, ctx);
    if (!instead) return instead.failure();
    if (instead.value()) return std::move(*instead.value());
  }
  if (place.token.empty() && !in_parts) place.choose_end(client_.amazons_now().value_or(now));
  auto found = search(place, now, ctx);
  // Only where an answer has just told Amazon's time.
  if (place_is_in_the_future(found, place)) {
    restarted("the cursor lies in Amazon's future; the import begins again");
    Page<Order> page;
    page.next.value = first_window(now).to_text();
    return page;
  }
  if (!found) return refused(found.failure(), std::move(place), cursor);
  failing_.clear();
  keep_origin(place);

  Page<Order> page;
  access_.map_all(found.value(), ctx, page);
  const std::string items = std::to_string(page.items.size());
  const std::string parked = std::to_string(page.parked.size());
  note(services_, Log::Level::kDebug, "orders.page", "Amazon sent a page of orders.",
       {{"orders", items}, {"parked", parked}});
  if (!place.asked_again && has_damaged(page.parked)) {
    drop_nameless(page.parked);
    place.asked_again = true;
    page.next.value = place.to_text();
    note(services_, Log::Level::kWarning, "orders.asked_again",
         "Orders of a page came damaged; the page is read once more.", {});
    return page;
  }
  place.asked_again = false;
  place.passed_page();
  ++place.pages;
  OrderBacklog::follow(place, page);
  if (in_parts) return part_page(found.value(), std::move(place), std::move(page), now);
  if (!found.value().next_token.empty()) {
    if (auto failure = go_on(found.value(), place, page, now)) return std::move(*failure);
    backlog_.consider(place);
    page.next.value = place.to_text();
    return page;
  }
  finish_window(found.value(), std::move(place), page, now);
  return page;
}

/// Only what Amazon's own clock says: this machine's may be behind.
bool OrderFeed::lies_ahead(const OrderCursor& place) const {
  const auto amazons = client_.amazons_now();
  return amazons && place.after > *amazons + kAmazonsSkew && place.after > place.origin;
}

/// What brings orders was answered for the window that was asked: only its `Date` is odd. An empty
/// page must say it twice in a row, because beginning again costs many requests.
bool OrderFeed::place_is_in_the_future(const Result<SearchPage>& found, const OrderCursor& place) {
  if (!found) return found.failure().code == kCodeBadRequest && lies_ahead(place);
  const bool ahead = lies_ahead(place) && found.value().orders.empty();
  ahead_in_a_row_ = ahead ? ahead_in_a_row_ + 1 : 0;
  return ahead_in_a_row_ > 1;
}

/// Counts failures of the same place in a row. Kept in memory: a failure moves no cursor.
bool OrderFeed::tried_often(const Cursor& cursor) {
  if (failing_ != cursor.value) tries_ = 0;
  failing_ = cursor.value;
  return ++tries_ >= kTries;
}

Result<Page<Order>> OrderFeed::refused(const Failure& failure, OrderCursor place,
                                       const Cursor& cursor) {
  if (failure.kind == Failure::Kind::kThrottled && place.backlog.filling()) {
    return backlog_.without_search(place);
  }
  if (failure.code == kCodeBadRequest && place.backlog.filling() && place.token.empty()) {
    backlog_.leave(place, "Amazon refused a search by status");
    Page<Order> page;
    page.next.value = place.to_text();
    return page;
  }
  if (failure.code == kCodeNotJson || failure.code == kCodeTooLarge) {
    if (!tried_often(cursor)) return failure;
    if (place.shrink_page()) {
      note(services_, Log::Level::kWarning, "orders.smaller_page",
           "A page could not be read three times; it is asked for in smaller ones.", {});
      Page<Order> page;
      page.next.value = place.to_text();
      return page;
    }
    Failure alone = failure;
    alone.message += " It is one order alone, asked for by itself.";
    alone.remedy =
        "The import stands before this order and tries again by itself; nothing is left out. Send "
        "the message and the request id in the log to Amazon's developer support.";
    return alone;
  }
  if (failure.code != kCodeBadRequest || place.token.empty() || !tried_often(cursor)) {
    return failure;
  }
  if (place.restarts > 0) {
    Failure again = failure;
    again.code = "page_token_refused";
    again.message = "Amazon refuses its own page token, also after the window was begun again. " +
                    failure.message;
    return again;
  }
  ++place.restarts;
  return lost(std::move(place), "Amazon refused the page token");
}

Page<Order> OrderFeed::lost(OrderCursor place, std::string_view why) const {
  restarted(why);
  place.begin_shorter(services_.clock.now());
  Page<Order> page;
  page.next.value = place.to_text();
  return page;
}

/// To the next page. A token that was there before begins the window again, once.
std::optional<Failure> OrderFeed::go_on(const SearchPage& found, OrderCursor& place,
                                        const Page<Order>& page, TimePoint asked_at) const {
  const auto end = end_of(found, place.before, asked_at);
  if (place.token.empty()) {
    place.end = end;
  } else if (place.end && end) {
    place.end = std::min(*place.end, *end);
  }
  place.since = asked_at;
  if (place.advance(found.next_token, fingerprint_of(page))) return std::nullopt;
  if (place.restarts > 0) {
    return failed(Failure::Kind::kRemote, "page_token_loop",
                  "Amazon repeats a page token of searchOrders, also after the window was begun "
                  "again, so that its pages never end.",
                  "Marketplug tries again by itself, with a new window after a day at the "
                  "latest. If it stays, tell Amazon's developer support.");
  }
  restarted("Amazon repeated a page token");
  place.begin_shorter(asked_at);
  ++place.restarts;
  return std::nullopt;
}

/// A page of a window that is read in parts.
Result<Page<Order>> OrderFeed::part_page(const SearchPage& found, OrderCursor place,
                                         Page<Order> page, TimePoint asked_at) {
  if (found.next_token.empty()) {
    place.backlog.searched = true;
    place.token.clear();
  } else if (auto failure = go_on(found, place, page, asked_at)) {
    return std::move(*failure);
  }
  if (place.backlog.filling() && backlog_.saw(place, page)) {
    backlog_.settle(place, page);
  } else {
    page.next.value = place.to_text();
  }
  return page;
}

void OrderFeed::finish_window(const SearchPage& found, OrderCursor place, Page<Order>& page,
                              TimePoint asked_at) const {
  auto end = end_of(found, place.before, asked_at);
  // Only what the first page covered is complete.
  if (!place.token.empty()) end = place.end && end ? std::min(place.end, end) : place.end;
  page.caught_up = !place.before || !end;
  place.finish(end ? *end - kWindowOverlap : place.after);
  if (end) {
    page.complete_until = end;
  } else {
    note(services_, Log::Level::kWarning, "orders.no_window_end",
         "Amazon did not tell a believable end of the window; it is read again.", {});
  }
  page.next.value = place.to_text();
  if (page.caught_up) page.look_again_at = client_.search_again_at();
}

Result<Page<Order>> OrderFeed::fetch_order(std::string_view id, StepContext& ctx) {
  Page<Order> page;
  page.caught_up = true;
  // Anything else could ask for another path than an order's.
  if (!looks_like_an_order_id(id)) return page;
  auto found = access_.fetch(id, QuotaPriority::kPerson, ctx);
  if (!found) return found;
  found.value().caught_up = true;
  if (customizations_.wanted()) {
    customizations_.begin(ctx);
    complete(found.value(), ctx);
    customizations_.end();
  }
  return found;
}

/// The audit compares nothing of before: it was never to be imported.
void OrderFeed::keep_origin(const OrderCursor& place) const {
  if (services_.state == nullptr || settings_.orders.start_date) return;
  const std::string origin = format_time(place.origin);
  if (services_.state->get(kImportOrigin) != origin) services_.state->put(kImportOrigin, origin);
}

void OrderFeed::restarted(std::string_view why) const {
  note(services_, Log::Level::kWarning, "orders.window_restarted",
       "The import begins a window again; orders that come twice are stored once.",
       {{"reason", why}});
}

}  // namespace marketplug::amazon
