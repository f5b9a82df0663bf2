#include "plugins/amazon/sandbox/report_maker.hpp"

#include <fmt/format.h>

#include "plugins/amazon/sandbox/page_token.hpp"
#include "plugins/amazon/sandbox/report_contents.hpp"
#include "plugins/amazon/sandbox/report_text.hpp"

namespace amazon_sandbox {
namespace {

/// So much of the time until a report is done it waits in the queue.
constexpr int kQueueShare = 3;

bool is_xml(const ReportType& type) noexcept { return type.kind == ReportKind::kReturnsXml; }

ReportContents make_contents(const World& world, const std::string& seller_id,
                             const ReportRequest& request, TimePoint now) {
  ReportSpan span{request.from, request.to, 0, now};
  for (const auto* marketplace : request.marketplaces) {
    span.marketplaces |= 1u << marketplace_index(*marketplace);
  }
  const auto& settings = world.settings.reports;
  static const ReturnBook kNoReturns;
  const auto found = world.returns.find(seller_id);
  const auto& book = found == world.returns.end() ? kNoReturns : found->second;
  const auto returns = [&](FulfilledBy by) {
    return returns_within(book, by, span, by == FulfilledBy::kAmazon && settings.fba_daily);
  };
  switch (request.type->kind) {
    case ReportKind::kOrdersByUpdate:
    case ReportKind::kOrdersByCreation:
      return orders_report(*world.orders.find(seller_id)->second,
                           request.type->kind == ReportKind::kOrdersByCreation, span);
    case ReportKind::kReturnsXml:
      return returns_xml(returns(FulfilledBy::kMerchant), seller_id, settings.charset);
    case ReportKind::kReturnsFlat:
      return returns_flat(returns(FulfilledBy::kMerchant), settings.header_language);
    case ReportKind::kReturnsOfAmazon:
      return returns_of_amazon(returns(FulfilledBy::kAmazon));
  }
  return {};
}

std::shared_ptr<const ReportDocument> make_document(const World& world, std::uint64_t serial,
                                                    std::string bytes, std::string content_type) {
  ReportDocument document;
  Draw draw(mix(world.seed ^ 0x7265706f7274) ^ mix(serial));
  const auto high = draw.next(), low = draw.next();
  document.key =
      fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                  high & 0xfff, low >> 48 & 0xfff, low & 0xffffffffffff);
  document.id = "amzn1.spdoc.1.4.eu." + document.key + ".T" + draw.letters(13);
  document.content_type = std::move(content_type);
  document.gzip = world.settings.reports.gzip;
  document.bytes = document.gzip ? gzip(bytes) : std::move(bytes);
  return std::make_shared<const ReportDocument>(std::move(document));
}

/// True for the next of those that were announced; counts it.
bool take(std::uint64_t& next) {
  if (next == 0) return false;
  --next;
  return true;
}

}  // namespace

Report plan_report(World& world, const ReportRequest& request, TimePoint now) {
  auto& settings = world.settings.reports;
  Report report;
  report.serial = world.serial++;
  report.type = request.type;
  report.marketplaces = request.marketplaces;
  report.from = request.from;
  report.to = request.to;
  report.created = now;
  report.starts = now + settings.duration / kQueueShare;
  report.ends = now + settings.duration;
  if (take(settings.stuck_next)) {
    report.ends = TimePoint::max();
  } else if (take(settings.fatal_next)) {
    report.outcome = ReportStatus::kFatal;
  }
  return report;
}

void fill_report(const World& world, const std::string& seller_id, const ReportRequest& request,
                 Report& report) {
  const auto& settings = world.settings.reports;
  if (report.ends == TimePoint::max()) return;
  if (report.outcome == ReportStatus::kFatal) {
    if (!settings.fatal_document) return;
    report.document = make_document(
        world, report.serial,
        R"({"errorDetails":"The report could not be created. Please request it again."})",
        "application/json;charset=UTF-8");
    return;
  }
  const bool xml = is_xml(*request.type);
  const auto contents = make_contents(world, seller_id, request, report.created);
  if (contents.rows == 0 && settings.empty_cancelled) {
    report.outcome = ReportStatus::kCancelled;
    return;
  }
  report.document =
      make_document(world, report.serial, encode_text(contents.text, settings.charset, xml),
                    fmt::format("{};charset={}", xml ? "text/xml" : "text/plain",
                                charset_name(settings.charset)));
}

}  // namespace amazon_sandbox
