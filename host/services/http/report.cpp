#include "host/services/http/report.hpp"

#include <array>
#include <vector>

namespace marketplug::services::http {
namespace {

/// Somebody may be between us and the marketplace: not only a line for developers.
bool concerns_security(const Failure& failure) {
  return failure.code == "tls_untrusted" || failure.code == "tls_name" ||
         failure.code == "address_refused" || failure.code == "not_https";
}

}  // namespace

Report::Report(Reporter& reporter, const HttpRequest& request, const HttpScope& scope)
    : reporter_(reporter),
      request_(request),
      scope_(scope),
      place_{request.operation, request.secret_url ? "a signed address" : ""},
      started_(std::chrono::steady_clock::now()) {}

void Report::to(const Url& url) {
  if (request_.secret_url) return;
  host_ = url.port == 443 ? url.host : url.host_port();
  path_ = url.path();
  place_.host = host_;
}

HttpResponse Report::succeeded(HttpResponse response) {
  write(Log::Level::kDebug, std::to_string(response.status), response.header("x-amzn-requestid"),
        "answered");
  return response;
}

Failure Report::failed(Failure failure) {
  write(concerns_security(failure) ? Log::Level::kWarning : Log::Level::kDebug, failure.code, {},
        failure.message);
  return failure;
}

void Report::write(Log::Level level, std::string_view status, std::string_view request_id,
                   std::string_view message) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
  const auto millis = std::to_string(static_cast<long>(took.count() * 1000));
  const auto bytes = std::to_string(received_);
  std::vector<LogField> fields{{"operation", request_.operation}, {"method", request_.method}};
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  add("shop", scope_.shop);
  add("plugin", scope_.plugin);
  add("host", host_);
  add("path", path_);
  add("status", status);
  add("ms", millis);
  add("bytes", bytes);
  add("amzn_request_id", request_id);
  reporter_.log.write(level, "http.request", message, fields);
  const std::array<MetricLabel, 2> labels{MetricLabel{"operation", request_.operation},
                                          MetricLabel{"status", status}};
  reporter_.metrics.count("http_requests_total", 1, labels);
  reporter_.metrics.count("http_request_seconds_total", took.count(), {labels.data(), 1});
  reporter_.metrics.count("http_received_bytes_total", static_cast<double>(received_),
                          {labels.data(), 1});
}

}  // namespace marketplug::services::http
