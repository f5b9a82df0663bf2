#include "src/return_feed.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"
#include "src/order_feed.hpp"
#include "src/order_mapping.hpp"
#include "src/return_record.hpp"
#include "src/return_rows.hpp"
#include "src/return_xml.hpp"

namespace marketplug::amazon {
namespace {

using std::chrono::hours;
using Source = ReturnCursor::Source;

constexpr std::string_view kXmlReturns = "GET_XML_RETURNS_DATA_BY_RETURN_DATE";
constexpr std::string_view kFlatReturns = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";
constexpr std::string_view kFbaReturnsReport = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";
constexpr hours kReturnsEvery{6};
/// Amazon tells a return up to some days late.
constexpr hours kReturnOverlap{5 * 24};
/// Until then most returns have arrived and been refunded: their state is read again once a day.
constexpr hours kReturnLife{55 * 24};
constexpr hours kDeepEvery{24};
constexpr hours kXmlAgainAfter{7 * 24};
constexpr hours kReturnsFirstLook{7 * 24};
constexpr std::chrono::minutes kReturnsBeforeNow{3};
constexpr std::chrono::minutes kNothingYet{10};
constexpr std::size_t kReturnsOfAPage = 500;
constexpr std::uint64_t kReturnBytesOfAPage = 4u << 20;
constexpr QuotaPriority kReturnPriority = QuotaPriority::kPresent;

std::string_view type_of(Source source) {
  if (source == Source::kXml) return kXmlReturns;
  return source == Source::kFlat ? kFlatReturns : kFbaReturnsReport;
}

bool has_return(const Page<BuyerReturn>& page, const Page<BuyerReturn>& one) {
  return !one.items.empty() &&
         std::any_of(page.items.begin(), page.items.end(),
                     [&](const BuyerReturn& other) { return other.id == one.items.front().id; });
}

/// What another try will not change, or only after so long that another report is better.
bool is_about_the_report(const Failure& failure) {
  if (failure.code == kCodeReportDenied) return true;
  return failure.kind == Failure::Kind::kRemote &&
         (failure.code == kCodeBadRequest || failure.code == kCodeTooLarge ||
          failure.code.starts_with("report_"));
}

}  // namespace

ReturnFeed::ReturnFeed(const Settings& settings, const Services& services, ReportsClient& client)
    : settings_(settings),
      services_(services),
      client_(client),
      last_resort_(services, client),
      replaceable_(services, client, 1) {
  for (const Marketplace* marketplace : settings.marketplaces) {
    marketplace_ids_.push_back(marketplace->id);
  }
  std::sort(marketplace_ids_.begin(), marketplace_ids_.end());
  for (const std::string_view id : marketplace_ids_) {
    marketplaces_.append(marketplaces_.empty() ? "" : ",").append(id);
  }
}

/// As the orders' import.
TimePoint ReturnFeed::origin(TimePoint now) const {
  if (settings_.orders.start_date) return std::max(*settings_.orders.start_date, kAmazonsOldest);
  if (services_.state != nullptr) {
    const auto kept = services_.state->get(kImportOrigin);
    if (const auto time = kept ? parse_time(*kept) : std::nullopt) return *time;
  }
  return now - kReturnsFirstLook;
}

ReturnCursor ReturnFeed::place_of(const Cursor& cursor, TimePoint now) const {
  auto place = ReturnCursor::parse(cursor.value);
  const bool earlier = place && settings_.orders.start_date && origin(now) < place->origin;
  if (!place || place->marketplaces != marketplaces_ || earlier) {
    place.emplace();
    place->marketplaces = marketplaces_;
    place->origin = place->end = origin(now);
  }
  if (place->source == Source::kNone) begin_round(*place, now);
  return std::move(*place);
}

void ReturnFeed::begin_round(ReturnCursor& place, TimePoint now) const {
  const bool first = !place.deep_at;
  // Also where a clock was ahead when the last one was.
  const bool deep = first || now >= *place.deep_at + kDeepEvery || now < *place.deep_at;
  const TimePoint last = std::min(place.end, now);
  const TimePoint from = first ? place.origin : last - (deep ? kReturnLife : kReturnOverlap);
  place.end = std::min(now, client_.amazons_now().value_or(now)) - kReturnsBeforeNow;
  if (deep) place.deep_at = place.end;
  place.begin_slice(std::max(from, place.origin));
}

Result<Page<BuyerReturn>> ReturnFeed::fetch_returns(const Cursor& cursor, StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  ReturnCursor place = place_of(cursor, now);
  if (place.source == Source::kNone) {
    // The start date lies ahead.
    Page<BuyerReturn> nothing;
    nothing.next = cursor;
    nothing.caught_up = true;
    nothing.look_again_at = std::max(place.origin, now) + kNothingYet;
    return nothing;
  }
  ReportSpec spec;
  spec.type = type_of(place.source);
  spec.marketplace_ids = marketplace_ids_;
  spec.from = place.slice_from;
  spec.until = place.slice_until;
  ReportRun& run = place.source == Source::kFlat ? last_resort_ : replaceable_;
  const auto step = run.advance(spec, place.report, kReturnPriority, ctx);
  if (!step) {
    if (place.source == Source::kFlat) return step.failure();
    return without(spec, std::move(place), step.failure());
  }
  switch (step.value().news) {
    case ReportStep::News::kNoData:
      return next_report(std::move(place), {});
    case ReportStep::News::kReady: {
      auto page = read(spec, step.value().document, place);
      if (page) return page;
      if (place.source != Source::kFlat) return without(spec, std::move(place), page.failure());
      const auto again = last_resort_.unusable(spec, place.report, page.failure());
      if (!again) return again.failure();
      return waiting(place, again.value());
    }
    case ReportStep::News::kWaiting:
      break;
  }
  return waiting(place, step.value());
}

Page<BuyerReturn> ReturnFeed::waiting(const ReturnCursor& place, const ReportStep& step) const {
  Page<BuyerReturn> page;
  page.look_again_at = step.look_again_at;
  page.next.value = place.to_text();
  return page;
}

Page<BuyerReturn> ReturnFeed::next_report(ReturnCursor place, Page<BuyerReturn> page) const {
  last_resort_.drop(place.report);
  place.next_source();
  if (place.source == Source::kNone) {
    page.caught_up = true;
    page.complete_until = place.end;
    page.look_again_at = services_.clock.now() + kReturnsEvery;
  }
  page.next.value = place.to_text();
  return page;
}

/// A report that is not given: the XML report has another in its place, and that of Amazon's own
/// fulfilment is denied to whoever has no such orders.
Result<Page<BuyerReturn>> ReturnFeed::without(const ReportSpec& spec, ReturnCursor place,
                                              const Failure& failure) {
  const bool long_ago =
      place.report.asked_at && services_.clock.now() - *place.report.asked_at >= kReturnsEvery;
  if (!is_about_the_report(failure) && !(failure.kind == Failure::Kind::kRemote && long_ago)) {
    return failure;
  }
  const bool xml = place.source == Source::kXml;
  note(services_, Log::Level::kWarning, xml ? "returns.flat_file" : "returns.fba_left_out",
       xml ? "Amazon does not give the XML report of returns; the flat file is read for a week."
           : "Amazon does not give the report of returns that it has received itself; it is left "
             "out until the next round. A shop without such orders lacks nothing; otherwise see "
             "whether the app has the role Amazon Fulfillment.",
       {{"type", spec.type}, {"code", failure.code}, {"report", place.report.report}});
  if (!xml) return next_report(std::move(place), {});
  last_resort_.drop(place.report);
  place.flat_until = services_.clock.now() + kXmlAgainAfter;
  place.source = Source::kFlat;
  place.report = ReportPlace();
  Page<BuyerReturn> page;
  page.next.value = place.to_text();
  return page;
}

Result<Page<BuyerReturn>> ReturnFeed::read(const ReportSpec& spec, const DocumentInfo& document,
                                           ReturnCursor place) const {
  Page<BuyerReturn> page;
  const bool xml = place.source == Source::kXml;
  const auto more =
      xml ? read_return_xml(
                *services_.documents, document, place.report.offset, kReturnsOfAPage,
                [&](const ReturnRecord& record) { add_merchant_return(record, settings_, page); })
          : read_table(spec, document, place, page);
  if (!more) return more.failure();
  if (!more.value()) return next_report(std::move(place), std::move(page));
  if (xml) place.report.offset += kReturnsOfAPage;
  page.next.value = place.to_text();
  return page;
}

/// Rows of a return that is on the page already still belong to it; `place` then stands before the
/// first row that does not. True: there is one.
Result<bool> ReturnFeed::read_table(const ReportSpec& spec, const DocumentInfo& document,
                                    ReturnCursor& place, Page<BuyerReturn>& page) const {
  const bool fba = place.source == Source::kFba;
  auto opened = ReportTable::open(*services_.documents, document,
                                  fba ? fba_return_columns() : merchant_return_columns(),
                                  place.report.offset, spec.type);
  if (!opened) return opened.failure();
  ReportTable& table = opened.value();
  std::uint64_t begin = 0;
  for (;;) {
    const auto row = table.next();
    if (!row) return row.failure();
    if (!row.value()) return false;
    if (begin == 0) begin = table.row_offset();
    const auto add = [&](Page<BuyerReturn>& to) {
      if (fba) {
        add_fba_return(fba_return_row(table), settings_, to);
      } else {
        add_merchant_return(merchant_return_row(table), settings_, to);
      }
    };
    const std::uint64_t bytes = table.row_offset() - begin;
    if (page.items.size() + page.parked.size() >= kReturnsOfAPage || bytes >= kReturnBytesOfAPage) {
      Page<BuyerReturn> one;
      add(one);
      if (!has_return(page, one) || bytes >= 2 * kReturnBytesOfAPage) {
        place.report.offset = table.row_offset();
        return true;
      }
    }
    add(page);
  }
}

}  // namespace marketplug::amazon
