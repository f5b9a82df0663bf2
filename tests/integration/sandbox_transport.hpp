#pragma once
// The host's HTTPS transport, ended in the process: every request goes to the Amazon simulator (or
// to a scripted answer) instead of a socket, and is kept for the tests to look at. Where
// MARKETPLUG_SPECS is set, each is held against Amazon's models. Any thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/services/services.hpp"
#include "marketplug/testing/fakes.hpp"
#include "plugins/amazon/sandbox/simulator.hpp"

namespace marketplug::testing {

/// Path and query of a URL: "https://host:1/a?b" -> "/a?b".
std::string target_of(const std::string& url);

class SandboxTransport final : public services::HttpTransport {
 public:
  /// A late answer moves the clock, or ends at the deadline as the real transport's does.
  SandboxTransport(amazon_sandbox::Simulator& simulator, FakeClock& clock)
      : simulator_(simulator), clock_(clock) {}

  Result<HttpResponse> send(const HttpRequest& request, const services::HttpScope& scope,
                            StepContext& ctx) override;
  Result<HttpResponse> stream(const HttpRequest& request, const services::HttpScope& scope,
                              std::uint64_t max_bytes,
                              const std::function<void(std::string_view)>& sink,
                              StepContext& ctx) override;
  void prepare() override {}
  void close_idle() override {}
  void abort_reads() override {}

  std::vector<HttpRequest> requests() const;
  std::size_t validated() const noexcept { return validated_; }

  /// Of a whole exchange.
  std::chrono::milliseconds timeout = std::chrono::seconds(30);

  /// Answers instead of the simulator where it gives something.
  std::function<std::optional<HttpResponse>(const HttpRequest&)> script;
  /// Changes what the simulator answered, as something on the way would.
  std::function<void(const HttpRequest&, HttpResponse&)> on_the_way;

 private:
  /// nullopt: the answer came in time.
  std::optional<Failure> wait_for(std::chrono::milliseconds delay, const StepContext& ctx);
  void validate(const HttpRequest& request);

  amazon_sandbox::Simulator& simulator_;
  FakeClock& clock_;
  std::atomic<std::size_t> validated_ = 0;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace marketplug::testing
