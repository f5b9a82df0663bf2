#pragma once
// Makes a report when it is asked for: what it will hold and when, as the settings say. Its
// contents are those of that moment. The world's mutex is held by the caller, for writing.

#include <string>

#include "plugins/amazon/sandbox/report_shelf.hpp"
#include "plugins/amazon/sandbox/reports_query.hpp"
#include "plugins/amazon/sandbox/world.hpp"

namespace amazon_sandbox {

Report make_report(World& world, const std::string& seller_id, const ReportRequest& request,
                   TimePoint now);

}  // namespace amazon_sandbox
