#pragma once
// The import of buyers' returns, by Amazon's reports. They tell returns by the day on which they
// were asked for, not by change: so each round reads some days again, and once a day a round reads
// as far back as a return usually lives. Reading twice is harmless. One connector, one thread at a
// time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/return_source.hpp"
#include "src/report_run.hpp"
#include "src/reports_client.hpp"
#include "src/return_cursor.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class ReturnFeed {
 public:
  /// All three must outlive it.
  ReturnFeed(const Settings& settings, const Services& services, ReportsClient& client);

  /// See ReturnSource.
  Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor, StepContext& ctx);

 private:
  ReturnCursor place_of(const Cursor& cursor, TimePoint now) const;
  void begin_round(ReturnCursor& place, TimePoint now) const;
  TimePoint origin(TimePoint now) const;
  Result<Page<BuyerReturn>> read(const ReportSpec& spec, const DocumentInfo& document,
                                 ReturnCursor place) const;
  Result<bool> read_table(const ReportSpec& spec, const DocumentInfo& document, ReturnCursor& place,
                          Page<BuyerReturn>& page) const;
  Result<Page<BuyerReturn>> without(const ReportSpec& spec, ReturnCursor place,
                                    const Failure& failure);
  Page<BuyerReturn> waiting(const ReturnCursor& place, const ReportStep& step) const;
  Page<BuyerReturn> next_report(ReturnCursor place, Page<BuyerReturn> page) const;

  const Settings& settings_;
  const Services& services_;
  ReportsClient& client_;
  ReportRun last_resort_;  ///< for reports that nothing else can replace
  ReportRun replaceable_;
  std::vector<std::string_view> marketplace_ids_;
  std::string marketplaces_;  ///< ids, sorted, comma-separated
};

}  // namespace marketplug::amazon
