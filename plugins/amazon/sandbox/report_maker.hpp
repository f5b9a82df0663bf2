#pragma once
// Makes a report when it is asked for: when it will be done and what it will hold, as the settings
// say. Its contents are those of that moment. The world's mutex is held by the caller.

#include <string>

#include "plugins/amazon/sandbox/report_shelf.hpp"
#include "plugins/amazon/sandbox/reports_query.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {

/// The life of the report; counts those that are to fail. Needs the mutex for writing.
Report plan_report(World& world, const ReportRequest& request, TimePoint now);

/// Adds the document, or finds that there are no data. Takes seconds for many orders, and needs the
/// mutex for reading only.
void fill_report(const World& world, const std::string& seller_id, const ReportRequest& request,
                 Report& report);

}  // namespace amazon_sandbox
