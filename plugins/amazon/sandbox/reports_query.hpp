#pragma once
// The requests of the Reports API, checked by the rules of Amazon's model reports_2021-06-30 and of
// its report types: names, types, enums, lengths, times. Any thread.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugins/amazon/sandbox/orders_query.hpp"
#include "plugins/amazon/sandbox/report_shelf.hpp"

namespace amazon_sandbox {

/// CreateReportSpecification.
struct ReportRequest {
  const ReportType* type = nullptr;
  std::vector<const Marketplace*> marketplaces;
  TimePoint from{}, to{};  ///< each now, where it was not given
};

std::variant<ReportRequest, QueryProblem> parse_create_report(std::string_view body, TimePoint now);

/// A token, or a filter without one.
struct ListRequest {
  std::optional<std::string> next_token;
  ReportFilter filter;
  std::vector<const Marketplace*> marketplaces;  ///< as given
};

std::variant<ListRequest, QueryProblem> parse_get_reports(const Parameters& parameters,
                                                          TimePoint now);

/// enableContentEncodingUrlHeader of getReportDocument.
std::variant<bool, QueryProblem> parse_get_document(const Parameters& parameters);

}  // namespace amazon_sandbox
