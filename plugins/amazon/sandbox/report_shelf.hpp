#pragma once
// The reports of one seller: what was asked for, how far each is, its document. A report's life is
// laid down when it is created and follows the clock from then on.
// Reading from several threads at once is fine, writing needs the caller's lock.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/amazon/sandbox/order.hpp"
#include "plugins/amazon/sandbox/report_types.hpp"

namespace amazon_sandbox {

/// processingStatus of the model reports_2021-06-30, in its order.
enum class ReportStatus : std::uint8_t { kCancelled, kDone, kFatal, kInProgress, kInQueue };
std::string_view report_status_name(ReportStatus status) noexcept;
std::optional<ReportStatus> report_status_by_name(std::string_view name) noexcept;

/// The bytes to download.
struct ReportDocument {
  std::string id;
  std::string key;  ///< its name in the download's URL
  std::string bytes, content_type;
  bool gzip = false;
};

struct Report {
  std::uint64_t number = 0;  ///< of the seller's reports, from 1
  std::uint64_t serial = 0;  ///< of all sellers' reports
  const ReportType* type = nullptr;
  std::vector<const Marketplace*> marketplaces;
  TimePoint from{}, to{}, created{};
  TimePoint starts{}, ends{};  ///< of the processing; `ends` is the end of time when it is stuck
  ReportStatus outcome = ReportStatus::kDone;
  std::shared_ptr<const ReportDocument> document;  ///< null: none
  std::optional<TimePoint> cancelled;              ///< by request

  std::string id() const;
  ReportStatus status(TimePoint now) const noexcept;
  /// Null until the processing has ended.
  const ReportDocument* document_at(TimePoint now) const noexcept;
};

/// What getReports looks for; a bit per index in the three sets.
struct ReportFilter {
  std::vector<const ReportType*> types;
  std::uint32_t statuses = ~0u, marketplaces = ~0u;
  TimePoint since{}, until{};
  std::size_t page_size = 10;
  std::uint64_t before = ~std::uint64_t{0};  ///< numbers below this one are left to show
};

struct ReportPage {
  std::vector<const Report*> reports;   ///< newest first, valid until the shelf changes
  std::optional<std::uint64_t> before;  ///< where the next page starts; nullopt: this is the last
};

enum class CancelResult : std::uint8_t { kCancelled, kUnknown, kTooLate };

class ReportShelf {
 public:
  static constexpr std::chrono::days kRetention{90};
  static constexpr std::chrono::hours kTokenLife{24};

  /// Takes the number of the report from the shelf.
  const Report& add(Report report);
  /// nullptr: unknown, or older than the retention.
  const Report* find(std::string_view id, TimePoint now) const noexcept;
  CancelResult cancel(std::string_view id, TimePoint now);
  ReportPage page(const ReportFilter& filter, TimePoint now) const;
  /// nullptr: unknown, or not there yet.
  const ReportDocument* document(std::string_view id, TimePoint now) const noexcept;
  const ReportDocument* document_by_key(std::string_view key, TimePoint now) const noexcept;

  /// Keeps where a listing goes on under a token.
  void remember(const std::string& token, const ReportFilter& filter, TimePoint now);
  /// nullptr: unknown or expired.
  const ReportFilter* recall(std::string_view token, TimePoint now) const noexcept;
  /// Forgets what is older than the retention.
  void prune(TimePoint now);

 private:
  struct Listing {
    ReportFilter filter;
    TimePoint expires{};
  };

  std::uint64_t created_ = 0;
  std::vector<Report> reports_;  ///< oldest first
  std::map<std::string, Listing, std::less<>> listings_;
};

}  // namespace amazon_sandbox
