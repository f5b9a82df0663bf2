#pragma once
// The host's HTTPS transport, ended in the process: every request goes to the Amazon simulator (or
// to a scripted answer) instead of a socket, and is kept for the tests to look at. Any thread.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/services/services.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"

namespace marketplug::testing {

/// Path and query of a URL: "https://host:1/a?b" -> "/a?b".
std::string target_of(const std::string& url);

class SandboxTransport final : public services::HttpTransport {
 public:
  explicit SandboxTransport(amazon_sandbox::Simulator& simulator) : simulator_(simulator) {}

  Result<HttpResponse> send(const HttpRequest& request, const services::HttpScope& scope,
                            StepContext& ctx) override;
  Result<HttpResponse> stream(const HttpRequest& request, const services::HttpScope& scope,
                              std::uint64_t max_bytes,
                              const std::function<void(std::string_view)>& sink,
                              StepContext& ctx) override;
  void abort_reads() override {}

  std::vector<HttpRequest> requests() const;

  /// Answers instead of the simulator where it gives something.
  std::function<std::optional<HttpResponse>(const HttpRequest&)> script;

 private:
  amazon_sandbox::Simulator& simulator_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace marketplug::testing
