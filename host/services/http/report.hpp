#pragma once
// What one request leaves behind: one log line and its metrics. Never a query, never anything of a
// signed URL but the operation. One thread.

#include <chrono>
#include <cstdint>
#include <string>

#include "host/services/http/failures.hpp"
#include "host/services/http/url.hpp"
#include "host/services/services.hpp"

namespace marketplug::services::http {

struct Reporter {
  Reporter(Log& to_log, Metrics& to_metrics) : log(to_log), metrics(to_metrics) {}
  Log& log;
  Metrics& metrics;
};

class Report {
 public:
  Report(Reporter& reporter, const HttpRequest& request, const HttpScope& scope);

  const Place& place() const noexcept { return place_; }
  void to(const Url& url);
  void received(std::uint64_t bytes) noexcept { received_ = bytes; }
  HttpResponse succeeded(HttpResponse response);
  Failure failed(Failure failure);

 private:
  void write(Log::Level level, std::string_view status, std::string_view request_id,
             std::string_view message);

  Reporter& reporter_;
  const HttpRequest& request_;
  const HttpScope& scope_;
  Place place_;
  std::string host_, path_;
  std::uint64_t received_ = 0;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace marketplug::services::http
