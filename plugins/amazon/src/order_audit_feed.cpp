#include "src/order_audit_feed.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/order_feed.hpp"
#include "src/order_mapping.hpp"
#include "src/report_table.hpp"
#include "src/sighting_rows.hpp"

namespace marketplug::amazon {
namespace {

/// "No data" is the proof that a window has no orders: one report may be cancelled for other
/// reasons.
constexpr std::uint32_t kCancelledBelieved = 2;
constexpr std::string_view kReportByChange = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
constexpr std::string_view kReportByOrder = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";
constexpr std::uint32_t kSliceHours = 30 * 24;
/// Amazon takes no end that lies ahead by its own clock, and tells nothing of the last two minutes.
constexpr std::chrono::minutes kBeforeNow{3};
constexpr std::size_t kSightingsOfAPage = 1000;
/// What is read in a step at most, where most of it is left out.
constexpr std::uint64_t kBytesOfAPage = 8u << 20;
constexpr QuotaPriority kAuditPriority = QuotaPriority::kBackground;

/// The rows of a page as orders: what the newest row of an order says counts.
class Sightings {
 public:
  bool has(const std::string& id) const { return places_.contains(id); }
  bool full() const { return orders_.size() >= kSightingsOfAPage; }
  void add(OrderSighting order) {
    const auto [place, fresh] = places_.try_emplace(order.id, orders_.size());
    if (fresh) {
      orders_.push_back(std::move(order));
    } else if (order.changed_at > orders_[place->second].changed_at) {
      orders_[place->second] = std::move(order);
    }
  }
  std::vector<OrderSighting> take() { return std::move(orders_); }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<OrderSighting> orders_;
};

}  // namespace

OrderAuditFeed::OrderAuditFeed(const Settings& settings, const Services& services,
                               ReportsClient& client)
    : settings_(settings),
      services_(services),
      client_(client),
      run_(services, client, 3, kCancelledBelieved) {
  for (const Marketplace* marketplace : settings.marketplaces) {
    marketplace_ids_.push_back(marketplace->id);
  }
  std::sort(marketplace_ids_.begin(), marketplace_ids_.end());
  for (const std::string_view id : marketplace_ids_) {
    marketplaces_.append(marketplaces_.empty() ? "" : ",").append(id);
  }
}

/// Where the order import of this shop begins; nullopt: that is not known yet.
std::optional<TimePoint> OrderAuditFeed::origin() const {
  if (settings_.orders.start_date) return settings_.orders.start_date;
  if (services_.state == nullptr) return std::nullopt;
  const auto kept = services_.state->get(kImportOrigin);
  return kept ? parse_time(*kept) : std::nullopt;
}

/// From the cursor where it is of this window and these marketplaces, else from the window's begin.
AuditCursor OrderAuditFeed::place_of(const AuditWindow& window, const Cursor& cursor) const {
  auto place = AuditCursor::parse(cursor.value);
  if (place && place->window == window && place->marketplaces == marketplaces_) {
    return std::move(*place);
  }
  const TimePoint now =
      std::min(services_.clock.now(), client_.amazons_now().value_or(services_.clock.now()));
  AuditCursor first;
  first.window = window;
  first.marketplaces = marketplaces_;
  first.hours = kSliceHours;
  first.end = std::min(window.until, now - kBeforeNow);
  TimePoint from = std::max(window.from, kAmazonsOldest);
  if (window.by == AuditWindow::By::kChanged) from = std::max(from, origin().value_or(from));
  first.begin_slice(from);
  first.done = first.slice_from >= first.end;
  return first;
}

Result<Page<OrderSighting>> OrderAuditFeed::fetch_sightings(const AuditWindow& window,
                                                            const Cursor& cursor,
                                                            StepContext& ctx) {
  AuditCursor place = place_of(window, cursor);
  Page<OrderSighting> page;
  if (place.done) {
    page.caught_up = true;
    page.next.value = place.to_text();
    return page;
  }
  ReportSpec spec;
  spec.type = window.by == AuditWindow::By::kChanged ? kReportByChange : kReportByOrder;
  spec.marketplace_ids = marketplace_ids_;
  spec.from = place.slice_from;
  spec.until = place.slice_until;
  const auto step = run_.advance(spec, place.report, kAuditPriority, ctx);
  if (!step) {
    if (step.failure().code == kCodeTooLarge && place.shorten()) {
      note(services_, Log::Level::kWarning, "audit.shorter_slice",
           "A report of orders was too large; half the time is asked for.", {});
      page.next.value = place.to_text();
      return page;
    }
    return step.failure();
  }
  switch (step.value().news) {
    case ReportStep::News::kNoData:
      return finish_slice(std::move(place), std::move(page));
    case ReportStep::News::kReady: {
      auto read_page = read(spec, step.value().document, place);
      if (read_page) return read_page;
      return unusable(spec, std::move(place), read_page.failure());
    }
    case ReportStep::News::kWaiting:
      break;
  }
  page.look_again_at = step.value().look_again_at;
  page.next.value = place.to_text();
  return page;
}

Result<Page<OrderSighting>> OrderAuditFeed::unusable(const ReportSpec& spec, AuditCursor place,
                                                     const Failure& failure) {
  const auto step = run_.unusable(spec, place.report, failure);
  if (!step) return step.failure();
  Page<OrderSighting> page;
  page.look_again_at = step.value().look_again_at;
  page.next.value = place.to_text();
  return page;
}

Result<Page<OrderSighting>> OrderAuditFeed::read(const ReportSpec& spec,
                                                 const DocumentInfo& document,
                                                 AuditCursor place) const {
  auto opened = ReportTable::open(*services_.documents, document, sighting_columns(),
                                  place.report.offset, spec.type);
  if (!opened) return opened.failure();
  ReportTable& table = opened.value();
  const auto origin = this->origin();
  Sightings sightings;
  std::uint64_t begin = 0;
  int unreadable_rows = 0;
  bool more = false;
  for (;;) {
    const auto row = table.next();
    if (!row) return row.failure();
    if (!row.value()) break;
    if (begin == 0) begin = table.row_offset();
    auto order = sighting_of(table);
    const std::uint64_t bytes = table.row_offset() - begin;
    const bool enough = sightings.full() || bytes >= kBytesOfAPage;
    const bool known = order && sightings.has(order->id) && bytes < 2 * kBytesOfAPage;
    if (enough && !known) {
      more = true;
      break;
    }
    if (!order) {
      ++unreadable_rows;
    } else if (!import_leaves_out(*order, settings_, origin)) {
      sightings.add(std::move(*order));
    }
  }
  if (unreadable_rows != 0) {
    const std::string count = std::to_string(unreadable_rows);
    note(services_, Log::Level::kWarning, "audit.rows_skipped",
         "Rows of a report of orders have no order id that can be read; they are left out.",
         {{"type", spec.type}, {"report", place.report.report}, {"rows", count}});
  }
  Page<OrderSighting> page;
  page.items = sightings.take();
  if (!more) return finish_slice(std::move(place), std::move(page));
  place.report.offset = table.row_offset();
  page.next.value = place.to_text();
  return page;
}

Page<OrderSighting> OrderAuditFeed::finish_slice(AuditCursor place,
                                                 Page<OrderSighting> page) const {
  run_.drop(place.report);
  if (place.window.by == AuditWindow::By::kChanged) page.complete_until = place.slice_until;
  place.begin_slice(place.slice_until);
  place.done = place.slice_from >= place.end;
  page.caught_up = place.done;
  page.next.value = place.to_text();
  return page;
}

}  // namespace marketplug::amazon
