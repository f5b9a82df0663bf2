#include "plugins/amazon/sandbox/operations.hpp"

#include <algorithm>

namespace amazon_sandbox {
namespace {

constexpr Operation kOperations[] = {
    {"token", "POST", "/auth/o2/token", 0, 0, ""},
    {"searchOrders", "GET", "/orders/2026-01-01/orders", 0.0056, 20, "0.0056"},
    {"getOrder", "GET", "/orders/2026-01-01/orders/{orderId}", 0.5, 30, "0.5"},
    {"getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15,
     "0.016"},
    {"getAccount", "GET", "/sellers/v1/account", 0.016, 15, "0.016"},
    {"createReport", "POST", "/reports/2021-06-30/reports", 0.0167, 15, "0.0167"},
    {"getReports", "GET", "/reports/2021-06-30/reports", 0.0222, 10, "0.0222"},
    {"getReport", "GET", "/reports/2021-06-30/reports/{reportId}", 2, 15, "2"},
    {"cancelReport", "DELETE", "/reports/2021-06-30/reports/{reportId}", 0.0222, 10, "0.0222"},
    {"getReportDocument", "GET", "/reports/2021-06-30/documents/{reportDocumentId}", 0.0167, 15,
     "0.0167"},
    {kDownload, "GET", "/report-documents/{document}", 0, 0, ""},
    {kDownloadCustomization, "GET", "/customizations/{archive}", 0, 0, ""},
};

bool matches(std::string_view pattern, const std::vector<std::string>& segments,
             std::string& argument) {
  std::size_t at = 0;
  for (pattern.remove_prefix(1); at < segments.size(); ++at) {
    const auto end = pattern.find('/');
    const auto part = pattern.substr(0, end);
    if (part.starts_with('{')) {
      if (segments[at].empty()) return false;
      argument = segments[at];
    } else if (part != segments[at]) {
      return false;
    }
    if (end == std::string_view::npos) return at + 1 == segments.size();
    pattern.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::span<const Operation> all_operations() noexcept { return kOperations; }

const Operation* operation_by_name(std::string_view name) noexcept {
  const auto* found = std::find_if(std::begin(kOperations), std::end(kOperations),
                                   [&](const Operation& o) { return o.name == name; });
  return found == std::end(kOperations) ? nullptr : found;
}

std::optional<Route> find_route(std::string_view method, const std::vector<std::string>& segments) {
  std::optional<Route> route;
  for (const auto& operation : kOperations) {
    std::string argument;
    if (!matches(operation.path, segments, argument)) continue;
    if (operation.method == method) return Route{&operation, argument, {}};
    if (!route) route = Route{nullptr, argument, {}};
    route->allowed_methods.append(route->allowed_methods.empty() ? "" : ", ");
    route->allowed_methods.append(operation.method);
  }
  return route;
}

}  // namespace amazon_sandbox
