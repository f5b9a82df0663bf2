#pragma once
// Amazon's Reports API 2021-06-30: a report is asked for, looked at, and its document downloaded
// into the host's vault. Knows requests and answers, not what a report says. The address of a
// document is a secret that lives for five minutes: it stays inside download(), and neither the
// access token nor anything else of Amazon's API goes with it. One connector, one thread at a time.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/host.hpp"
#include "marketplug/result.hpp"
#include "marketplug/services/documents.hpp"
#include "src/services.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon {

/// Failure::code where Amazon denies reports to the account (kRemote: orders go on).
inline constexpr std::string_view kCodeReportDenied = "report_denied";

struct ReportSpec {
  std::string_view type;                          ///< "GET_…"
  std::vector<std::string_view> marketplace_ids;  ///< 1 to 25
  TimePoint from{}, until{};
};

struct ReportStatus {
  enum class State : std::uint8_t {
    kUnknown = 0,  ///< a word that the model does not have
    kWaiting,      ///< IN_QUEUE, IN_PROGRESS
    kDone,
    kNoData,  ///< CANCELLED: Amazon's word for a report without data; nobody here cancels one
    kFatal,
  };
  State state = State::kUnknown;
  std::string word;         ///< Amazon's, fit to be shown
  std::string document_id;  ///< kDone: may still be empty
};

class ReportsClient {
 public:
  /// Both must outlive it.
  ReportsClient(const Services& services, SpApi& api) : services_(services), api_(api) {}

  /// The new report's id. Where the answer is lost (kTransient) the report may exist all the same;
  /// a second one does no harm, it is only read twice.
  Result<std::string> create(const ReportSpec& spec, QuotaPriority priority, StepContext& ctx);
  /// kRemote, code "not_found": Amazon does not know the report.
  Result<ReportStatus> status(std::string_view report_id, QuotaPriority priority, StepContext& ctx);
  /// Into the vault, decompressed. A refused address is asked for anew, once. Failures: as get();
  /// kRemote with code "too_large", "bad_encoding", "status_NNN" or "report_compression".
  Result<DocumentInfo> download(std::string_view document_id, QuotaPriority priority,
                                StepContext& ctx);
  /// See SpApi.
  std::optional<TimePoint> amazons_now() const { return api_.amazons_now(); }

 private:
  struct Address {
    std::string url;
    bool gzip = false;
  };
  Result<Address> address(std::string_view document_id, QuotaPriority priority, StepContext& ctx);
  Result<DocumentInfo> fetch(const Address& address, StepContext& ctx);

  const Services& services_;
  SpApi& api_;
};

}  // namespace marketplug::amazon
