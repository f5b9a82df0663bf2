#pragma once
// The order audit by Amazon's order reports, a source that knows nothing of how orders are searched
// for. One report covers all marketplaces of the shop and a slice of the window of 30 days at most.
// One connector, one thread at a time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/order_audit.hpp"
#include "src/audit_cursor.hpp"
#include "src/report_run.hpp"
#include "src/reports_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"

namespace marketplug::amazon {

class OrderAuditFeed {
 public:
  /// All three must outlive it.
  OrderAuditFeed(const Settings& settings, const Services& services, ReportsClient& client);

  /// See OrderAudit.
  Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window, const Cursor& cursor,
                                              StepContext& ctx);

 private:
  AuditCursor place_of(const AuditWindow& window, const Cursor& cursor) const;
  std::optional<TimePoint> origin() const;
  Result<Page<OrderSighting>> read(const ReportSpec& spec, const DocumentInfo& document,
                                   AuditCursor place) const;
  Result<Page<OrderSighting>> unusable(const ReportSpec& spec, AuditCursor place,
                                       const Failure& failure);
  Page<OrderSighting> finish_slice(AuditCursor place, Page<OrderSighting> page) const;

  const Settings& settings_;
  const Services& services_;
  ReportsClient& client_;
  ReportRun run_;
  std::vector<std::string_view> marketplace_ids_;
  std::string marketplaces_;  ///< ids, sorted, comma-separated
};

}  // namespace marketplug::amazon
