#include "src/order_backlog.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/marketplaces.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Part = BacklogList::Part;
using FillState = BacklogPlace::State;

constexpr std::string_view kBacklogReport = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
constexpr hours kLongestReport{30 * 24};
/// A report may not know what has just changed: that is for the next window.
constexpr minutes kReportLag{10};
/// A shorter rest of a window is not worth a report: the next window begins before its end.
constexpr minutes kShortestRest{30};
/// Two more pages are there sooner than a report and all that it takes.
constexpr std::int64_t kFewOrders = 300;
/// Fetched in a step, after waiting for so many tokens: half a minute is no hurry.
constexpr std::size_t kHandful = 10;
constexpr int kLoads = 10;
/// Of one order in a row, before it is left to the search.
constexpr int kFails = 3;
/// Between steps that got nothing.
constexpr seconds kBreath{1};

Part part_of(const OrderCursor& place) {
  return place.backlog.state == FillState::kOpen ? Part::kOpen : Part::kOthers;
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

/// Whatever goes wrong with a report is no trouble of the import, but a stop is one.
bool may_pass(const Failure& failure) {
  return failure.kind == Failure::Kind::kThrottled || failure.kind == Failure::Kind::kTransient;
}

}  // namespace

OrderBacklog::OrderBacklog(const Settings& settings, const Services& services, OrdersClient& client,
                           ReportsClient& reports, OrderAccess& access,
                           const std::vector<std::string_view>& marketplace_ids)
    : settings_(settings),
      services_(services),
      client_(client),
      access_(access),
      marketplace_ids_(marketplace_ids),
      run_(services, reports, 1) {}

std::vector<std::string_view> OrderBacklog::statuses_of(const OrderCursor& place) {
  switch (place.backlog.state) {
    case FillState::kOpen:
      return {"UNSHIPPED", "PARTIALLY_SHIPPED"};
    case FillState::kOthers:
      return {"PENDING_AVAILABILITY", "PENDING", "SHIPPED", "CANCELLED", "UNFULFILLABLE"};
    default:
      return {};
  }
}

void OrderBacklog::follow(OrderCursor& place, const Page<Order>& page) {
  if (place.token.empty()) place.reached = place.after;
  if (!place.reached) return;
  TimePoint newest = *place.reached, before_it = newest;
  bool ascending = true;
  for (const Order& order : page.items) {
    ascending = ascending && order.changed_at >= newest;
    before_it = std::exchange(newest, order.changed_at);
  }
  for (const ParkedItem& item : page.parked) {
    ascending = ascending && item.changed_at.value_or(newest) >= *place.reached;
  }
  // Not the last one: the next page has to show that the pages go on from there.
  place.reached = ascending ? std::optional(before_it) : std::nullopt;
}

void OrderBacklog::consider(OrderCursor& place) const {
  if (place.backlog.state != FillState::kNone || place.token.empty() || !place.reached ||
      !place.end || services_.documents == nullptr || !client_.search_again_at()) {
    return;
  }
  const TimePoint now = client_.amazons_now().value_or(services_.clock.now());
  const TimePoint from = std::chrono::floor<seconds>(*place.reached);
  const TimePoint until = std::min({*place.end, now - kReportLag, from + kLongestReport});
  if (until < from + kShortestRest) return;
  const auto read = std::max<milliseconds>(*place.reached - place.after, milliseconds(1));
  const auto orders = std::int64_t{place.pages} * place.page_size;
  if (orders * (until - from) / read < kFewOrders) return;
  place.backlog.state = FillState::kAsked;
  place.backlog.from = from;
  place.backlog.until = std::chrono::floor<seconds>(until);
}

Result<std::optional<Page<Order>>> OrderBacklog::step(OrderCursor& place, const Cursor& cursor,
                                                      StepContext& ctx) {
  if (place.backlog.state == FillState::kAsked) return look(place, ctx);
  if (at_ != cursor.value) {
    auto waiting = load(place, ctx);
    if (!waiting || waiting.value()) return waiting;
    at_ = cursor.value;
  }
  return fill(place, cursor, ctx);
}

ReportSpec OrderBacklog::spec_of(const OrderCursor& place) const {
  ReportSpec spec;
  spec.type = kBacklogReport;
  spec.marketplace_ids = marketplace_ids_;
  spec.from = place.backlog.from;
  spec.until = place.backlog.until;
  return spec;
}

Page<Order> OrderBacklog::wait(const OrderCursor& place, std::optional<TimePoint> until) const {
  Page<Order> page;
  page.next.value = place.to_text();
  page.look_again_at = until;
  return page;
}

Page<Order> OrderBacklog::without_search(const OrderCursor& place) const {
  return wait(place, services_.clock.now() + kBreath);
}

/// The report is on its way: the search comes first.
Result<std::optional<Page<Order>>> OrderBacklog::look(OrderCursor& place, StepContext& ctx) {
  const auto search_at = client_.search_again_at();
  if (!search_at) return std::optional<Page<Order>>();
  if (!place.reached) {
    leave(place, "pages of orders did not come in the order of their changes");
    return std::optional(wait(place, search_at));
  }
  const auto looked =
      run_.advance(spec_of(place), place.backlog.report, QuotaPriority::kBackground, ctx);
  if (!looked) {
    const Failure& failure = looked.failure();
    if (failure.kind == Failure::Kind::kCancelled) return failure;
    if (may_pass(failure)) return std::optional(wait(place, earlier(search_at, failure.retry_at)));
    leave(place, failure.code);
    return std::optional(wait(place, search_at));
  }
  switch (looked.value().news) {
    case ReportStep::News::kReady:
      return std::optional(begin_parts(place, looked.value().document));
    case ReportStep::News::kNoData:
      leave(place, "the report is empty");
      return std::optional(wait(place, search_at));
    case ReportStep::News::kWaiting:
      break;
  }
  return std::optional(wait(place, earlier(search_at, looked.value().look_again_at)));
}

Page<Order> OrderBacklog::begin_parts(OrderCursor& place, const DocumentInfo& document) {
  const TimePoint from = std::chrono::floor<seconds>(*place.reached);
  auto list = BacklogList::read(*services_.documents, document, kBacklogReport, settings_, from,
                                place.backlog.until);
  if (!list) {
    leave(place, list.failure().code);
    return wait(place, client_.search_again_at());
  }
  if (list.value().size() == 0 || list.value().until() < from + kShortestRest) {
    leave(place, "the report tells too little");
    return wait(place, client_.search_again_at());
  }
  list_ = std::move(list.value());
  BacklogPlace filling = std::move(place.backlog);
  filling.until = list_.until();
  filling.state = list_.size(Part::kOpen) != 0 ? FillState::kOpen : FillState::kOthers;
  filling.size = static_cast<std::uint32_t>(list_.size());
  place.begin_parts(from, std::move(filling));
  const std::string orders = std::to_string(list_.size());
  const std::string open = std::to_string(list_.size(Part::kOpen));
  note(services_, Log::Level::kInfo, "orders.backlog_found",
       "A report tells what is still to be read; it is fetched beside the search.",
       {{"orders", orders}, {"to_be_shipped", open}});
  return wait(place, std::nullopt);
}

/// After a restart, or where a page was not stored: the list as the cursor knows it.
Result<std::optional<Page<Order>>> OrderBacklog::load(OrderCursor& place, StepContext& ctx) {
  const auto size = place.backlog.report.size;
  const auto looked =
      run_.advance(spec_of(place), place.backlog.report, QuotaPriority::kBackground, ctx);
  if (!looked) {
    const Failure& failure = looked.failure();
    if (failure.kind == Failure::Kind::kCancelled) return failure;
    if (may_pass(failure) && ++loads_failed_ < kLoads) {
      const auto soon = services_.clock.now() + minutes(1);
      return std::optional(wait(place, failure.retry_at.value_or(soon)));
    }
    leave(place, failure.code);
    return std::optional(wait(place, std::nullopt));
  }
  loads_failed_ = 0;
  if (place.backlog.report.report.empty()) {
    leave(place, "the report came to nothing");
    return std::optional(wait(place, std::nullopt));
  }
  if (looked.value().news == ReportStep::News::kWaiting) {
    return std::optional(wait(place, looked.value().look_again_at));
  }
  if (looked.value().news == ReportStep::News::kNoData) {
    leave(place, "the report is empty");
    return std::optional(wait(place, std::nullopt));
  }
  auto list = BacklogList::read(*services_.documents, looked.value().document, kBacklogReport,
                                settings_, place.after, place.backlog.until);
  // What the settings leave out of it may be other orders now: places in it mean nothing then.
  const bool same = list && list.value().until() == place.backlog.until &&
                    list.value().size() == place.backlog.size;
  if (!same) {
    leave(place, list ? "the report has changed" : list.failure().code);
    return std::optional(wait(place, std::nullopt));
  }
  list_ = std::move(list.value());
  // The order of another document is another one.
  if (place.backlog.report.size != size) place.backlog.fetched = 0;
  list_.restore(part_of(place), place.backlog.fetched, place.reached);
  failing_.clear();
  return std::optional<Page<Order>>();
}

Result<std::optional<Page<Order>>> OrderBacklog::fill(OrderCursor& place, const Cursor& cursor,
                                                      StepContext& ctx) {
  const Part part = part_of(place);
  const std::size_t waiting = list_.waiting(part), handful = std::min(waiting, kHandful);
  const double tokens = client_.gets_left();
  if (list_.over(part, place.backlog.searched)) {
    Page<Order> page;
    settle(place, page);
    return std::optional(std::move(page));
  }
  std::optional<TimePoint> search_at;
  if (!place.backlog.searched) {
    search_at = client_.search_again_at();
    const bool few = waiting != 0 && waiting == handful && tokens >= static_cast<double>(handful);
    if (!search_at && !few) return std::optional<Page<Order>>();
  }
  if (waiting == 0) return std::optional(wait(place, search_at));
  const double lacking = static_cast<double>(handful) - tokens;
  if (lacking > 0) {
    const auto more = std::ceil(1000 * lacking / kGetOrder.plan.per_second);
    const auto at = services_.clock.now() + milliseconds(static_cast<std::int64_t>(more));
    return std::optional(wait(place, earlier(search_at, at)));
  }
  auto page = fetch(place, handful, ctx);
  if (!page) {
    if (page.failure().kind != Failure::Kind::kThrottled) return page.failure();
    return std::optional(wait(place, earlier(search_at, page.failure().retry_at)));
  }
  settle(place, page.value());
  if (page.value().next == cursor && !page.value().look_again_at) {
    page.value().look_again_at = services_.clock.now() + kBreath;
  }
  return std::optional(std::move(page.value()));
}

/// As many as come without a failure that is not one order's own; at least one, or that failure.
Result<Page<Order>> OrderBacklog::fetch(OrderCursor& place, std::size_t most, StepContext& ctx) {
  const TimePoint began = services_.clock.now();
  const TimePoint enough = began + (ctx.deadline() - began) / 2;
  Page<Order> page;
  for (std::size_t asked = 0; asked < most && services_.clock.now() < enough; ++asked) {
    const auto id = list_.next(part_of(place));
    if (!id) break;
    const std::string wanted(*id);
    if (auto failure = fetch_one(wanted, page, ctx)) {
      if (asked == 0) return std::move(*failure);
      break;
    }
    if (access_.buyers_data().narrowed()) place.lacks_buyers_data();
  }
  return page;
}

std::optional<Failure> OrderBacklog::fetch_one(const std::string& id, Page<Order>& page,
                                               StepContext& ctx) {
  auto found = access_.fetch(id, QuotaPriority::kBackground, ctx);
  if (!found) {
    const auto kind = found.failure().kind;
    // A server that fails for one order alone must not keep the others, nor the search that may
    // bring it.
    const bool again = kind == Failure::Kind::kTransient && !fails_often(id);
    if (again || (kind != Failure::Kind::kRemote && kind != Failure::Kind::kTransient)) {
      return found.failure();
    }
    note(services_, Log::Level::kWarning, "orders.backlog_skipped",
         "An order of a back-fill cannot be read by its id; it is left to the search.",
         {{"code", found.failure().code}});
    list_.failed(id);
    return std::nullopt;
  }
  for (Order& order : found.value().items) {
    if (is_of_the_shop(order)) page.items.push_back(std::move(order));
  }
  for (ParkedItem& item : found.value().parked) page.parked.push_back(std::move(item));
  list_.done(id);
  return std::nullopt;
}

bool OrderBacklog::fails_often(const std::string& id) {
  if (failing_ != id) fails_ = 0;
  failing_ = id;
  return ++fails_ >= kFails;
}

bool OrderBacklog::is_of_the_shop(const Order& order) const {
  const Marketplace* marketplace = find_marketplace(order.marketplace);
  return std::find(settings_.marketplaces.begin(), settings_.marketplaces.end(), marketplace) !=
         settings_.marketplaces.end();
}

bool OrderBacklog::saw(OrderCursor& place, const Page<Order>& page) {
  const auto unknown = [&](std::string_view id, TimePoint changed) {
    return changed >= place.after && changed <= place.backlog.until && !list_.has(id);
  };
  const bool odd = std::any_of(page.items.begin(), page.items.end(), [&](const Order& order) {
    return unknown(order.id, order.changed_at);
  });
  if (odd) {
    leave(place, "the search shows an order that the report does not know");
    return false;
  }
  for (const Order& order : page.items) list_.done(order.id);
  for (const ParkedItem& item : page.parked) list_.done(item.id);
  return true;
}

void OrderBacklog::settle(OrderCursor& place, Page<Order>& page) {
  const Part part = part_of(place);
  place.backlog.fetched = static_cast<std::uint32_t>(list_.done_in_front(part));
  place.backlog.done = static_cast<std::uint32_t>(list_.done_in_all());
  if (!list_.over(part, place.backlog.searched)) {
    page.next.value = place.to_text();
    return;
  }
  if (part == Part::kOpen && list_.size(Part::kOthers) != 0) {
    place.begin_others();
    page.next.value = place.to_text();
    return;
  }
  const TimePoint end = place.backlog.until;
  run_.drop(place.backlog.report);
  list_ = BacklogList();
  place.before.reset();
  place.finish(end - kWindowOverlap);
  page.complete_until = end;
  page.look_again_at = client_.search_again_at();
  page.next.value = place.to_text();
  note(services_, Log::Level::kInfo, "orders.backlog_read",
       "Every order of the report was read; the search goes on from its end.", {});
}

void OrderBacklog::leave(OrderCursor& place, std::string_view why) {
  run_.drop(place.backlog.report);
  list_ = BacklogList();
  place.leave_backlog();
  note(services_, Log::Level::kWarning, "orders.backlog_left",
       "The back-fill by report is left out for this window; its orders are searched for.",
       {{"reason", why}});
}

}  // namespace marketplug::amazon
