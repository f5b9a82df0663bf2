#pragma once
// The way from a wish for a report to its document, one step at a time and without waiting: asked
// for in one step, looked at in the following ones, downloaded when it is done. What comes to
// nothing (FATAL, hours without an end, an id that Amazon has forgotten) is asked for again, three
// reports in all; then it is a Failure, and one more report is tried each day. One connector, one
// thread at a time.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "src/report_place.hpp"
#include "src/reports_client.hpp"
#include "src/services.hpp"

namespace marketplug::amazon {

struct ReportStep {
  enum class News : std::uint8_t {
    kWaiting = 0,  ///< come again at `look_again_at`, with the place as it is now
    kReady,        ///< `document` can be read from place.offset on
    kNoData,
  };
  News news = News::kWaiting;
  TimePoint look_again_at{};
  DocumentInfo document;
};

class ReportRun {
 public:
  /// Both references must outlive it. `most`: reports that may come to nothing, the last of them
  /// as a Failure. `cancelled`: Amazon cancels a report without data, and others too; so many in a
  /// row are believed.
  ReportRun(const Services& services, ReportsClient& client, std::uint32_t most = 3,
            std::uint32_t cancelled = 1)
      : services_(services), client_(client), most_(most), cancelled_(cancelled) {}

  /// Goes on from `place` with at most five requests. Failures: the client's; kRemote with code
  /// "report_fatal", "report_stuck", "report_unknown", "report_empty"; kConfig "no_documents".
  Result<ReportStep> advance(const ReportSpec& spec, ReportPlace& place, QuotaPriority priority,
                             StepContext& ctx);
  /// The document could not be used. The failure, at first; from some hours on the report is asked
  /// for again instead.
  Result<ReportStep> unusable(const ReportSpec& spec, ReportPlace& place, const Failure& failure);
  /// All of the document was read: the host need not keep it. Where the page of this step is lost,
  /// it is downloaded again.
  void drop(const ReportPlace& place) const;

 private:
  Result<ReportStep> ask(const ReportSpec& spec, ReportPlace& place, QuotaPriority priority,
                         StepContext& ctx);
  Result<ReportStep> look(const ReportSpec& spec, ReportPlace& place, QuotaPriority priority,
                          StepContext& ctx);
  Result<ReportStep> take(const ReportSpec& spec, ReportPlace& place, std::string_view document_id,
                          QuotaPriority priority, StepContext& ctx);
  Result<ReportStep> give_up(ReportPlace& place, Failure failure);
  /// How long ago the report was asked for; a clock that was put back counts as long ago.
  std::chrono::milliseconds age_of(const ReportPlace& place) const;
  ReportStep wait(const ReportPlace& place) const;
  ReportStep no_data(ReportPlace& place) const;

  const Services& services_;
  ReportsClient& client_;
  std::uint32_t most_, cancelled_;
};

}  // namespace marketplug::amazon
