#include "plugins/amazon/sandbox/report_shelf.hpp"

#include <algorithm>

namespace amazon_sandbox {
namespace {

constexpr std::string_view kReportStatusNames[] = {"CANCELLED", "DONE", "FATAL", "IN_PROGRESS",
                                                   "IN_QUEUE"};

bool has_bit(std::uint32_t bits, unsigned place) noexcept { return (bits >> place & 1u) != 0; }

bool matches(const Report& report, const ReportFilter& filter, TimePoint now) noexcept {
  const bool there = std::any_of(report.marketplaces.begin(), report.marketplaces.end(),
                                 [&](const Marketplace* each) {
                                   return has_bit(filter.marketplaces, marketplace_index(*each));
                                 });
  return there && report.created >= filter.since && report.created <= filter.until &&
         has_bit(filter.statuses, static_cast<unsigned>(report.status(now))) &&
         std::find(filter.types.begin(), filter.types.end(), report.type) != filter.types.end();
}

}  // namespace

std::string_view report_status_name(ReportStatus status) noexcept {
  return kReportStatusNames[static_cast<std::size_t>(status)];
}

std::optional<ReportStatus> report_status_by_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(kReportStatusNames); ++i) {
    if (kReportStatusNames[i] == name) return static_cast<ReportStatus>(i);
  }
  return std::nullopt;
}

/// The same for every seller's first report: ids are unique only together with the seller's.
std::string Report::id() const { return std::to_string(50'000'018'764 + number); }

ReportStatus Report::status(TimePoint now) const noexcept {
  if (cancelled) return ReportStatus::kCancelled;
  if (now < starts) return ReportStatus::kInQueue;
  return now < ends ? ReportStatus::kInProgress : outcome;
}

const ReportDocument* Report::document_at(TimePoint now) const noexcept {
  return cancelled || now < ends ? nullptr : document.get();
}

const Report& ReportShelf::add(Report report) {
  report.number = ++created_;
  return reports_.emplace_back(std::move(report));
}

const Report* ReportShelf::find(std::string_view id, TimePoint now) const noexcept {
  const auto found = std::find_if(reports_.begin(), reports_.end(), [&](const Report& report) {
    return report.id() == id && report.created >= now - kRetention;
  });
  return found == reports_.end() ? nullptr : &*found;
}

CancelResult ReportShelf::cancel(std::string_view id, TimePoint now) {
  const auto* found = find(id, now);
  if (found == nullptr) return CancelResult::kUnknown;
  if (found->status(now) != ReportStatus::kInQueue) return CancelResult::kTooLate;
  reports_[static_cast<std::size_t>(found - reports_.data())].cancelled = now;
  return CancelResult::kCancelled;
}

ReportPage ReportShelf::page(const ReportFilter& filter, TimePoint now) const {
  ReportPage page;
  for (auto at = reports_.rbegin(); at != reports_.rend(); ++at) {
    if (at->number >= filter.before || at->created < now - kRetention ||
        !matches(*at, filter, now)) {
      continue;
    }
    if (page.reports.size() == filter.page_size) {
      page.before = page.reports.back()->number;
      break;
    }
    page.reports.push_back(&*at);
  }
  return page;
}

const ReportDocument* ReportShelf::document(std::string_view id, TimePoint now) const noexcept {
  for (const auto& report : reports_) {
    const auto* document = report.document_at(now);
    if (document != nullptr && document->id == id && report.created >= now - kRetention) {
      return document;
    }
  }
  return nullptr;
}

const ReportDocument* ReportShelf::document_by_key(std::string_view key,
                                                   TimePoint now) const noexcept {
  for (const auto& report : reports_) {
    const auto* document = report.document_at(now);
    if (document != nullptr && document->key == key) return document;
  }
  return nullptr;
}

void ReportShelf::remember(const std::string& token, const ReportFilter& filter, TimePoint now) {
  listings_[token] = {filter, now + kTokenLife};
}

const ReportFilter* ReportShelf::recall(std::string_view token, TimePoint now) const noexcept {
  const auto found = listings_.find(token);
  return found == listings_.end() || now >= found->second.expires ? nullptr : &found->second.filter;
}

void ReportShelf::prune(TimePoint now) {
  std::erase_if(reports_, [&](const Report& report) { return report.created < now - kRetention; });
  std::erase_if(listings_, [&](const auto& entry) { return now >= entry.second.expires; });
}

}  // namespace amazon_sandbox
