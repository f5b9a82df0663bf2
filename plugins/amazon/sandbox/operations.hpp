#pragma once
// The operations that the simulator serves, with Amazon's published usage plans (the tables
// "Usage Plan" in the API models). Constant data; any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace amazon_sandbox {

struct Operation {
  std::string_view name, method;
  std::string_view path;  ///< with {placeholders}
  double rate;            ///< requests per second; 0: no plan (Login with Amazon)
  int burst;
  std::string_view rate_text;  ///< the rate as the header x-amzn-RateLimit-Limit gives it
};

/// The operation's name for downloads of report documents, which are no part of the API.
inline constexpr std::string_view kDownload = "downloadReportDocument";
/// The same of archives of Amazon Custom.
inline constexpr std::string_view kDownloadCustomization = "downloadCustomization";

std::span<const Operation> all_operations() noexcept;
/// nullptr when there is none.
const Operation* operation_by_name(std::string_view name) noexcept;

struct Route {
  const Operation* operation = nullptr;  ///< nullptr: the path is known, the method is not
  std::string argument;                  ///< what stood for the placeholder
  std::string allowed_methods;           ///< "GET, POST"
};

/// nullopt: no operation has this path.
std::optional<Route> find_route(std::string_view method, const std::vector<std::string>& segments);

}  // namespace amazon_sandbox
