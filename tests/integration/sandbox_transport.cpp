#include "tests/integration/sandbox_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "plugins/amazon/tests/model_validator.hpp"
#include "plugins/amazon/tests/specs.hpp"

namespace marketplug::testing {
namespace {

using amazon::tests::ModelValidator;

constexpr std::string_view kTokenPath = "/auth/o2/token";

/// Amazon's hosts by region; another one is the simulator's single port.
amazon_sandbox::HostKind host_kind(const std::string& url) {
  using amazon_sandbox::HostKind;
  if (url.starts_with("https://sellingpartnerapi-na.") || url.starts_with("https://relay.")) {
    return HostKind::kNorthAmerica;  // a relay of a person's own, set up for that region
  }
  if (url.starts_with("https://sellingpartnerapi-eu.")) return HostKind::kEurope;
  if (url.starts_with("https://sellingpartnerapi-fe.")) return HostKind::kFarEast;
  return HostKind::kLocal;
}

Failure cancelled(std::string code, std::string message) {
  Failure failure;
  failure.kind = Failure::Kind::kCancelled;
  failure.code = std::move(code);
  failure.message = std::move(message);
  return failure;
}

Failure network_failure(std::string code, std::string message) {
  Failure failure;
  failure.kind = Failure::Kind::kTransient;
  failure.code = std::move(code);
  failure.message = std::move(message);
  return failure;
}

}  // namespace

std::string target_of(const std::string& url) {
  const auto host = url.find("://");
  const auto path = url.find('/', host == std::string::npos ? 0 : host + 3);
  return path == std::string::npos ? "/" : url.substr(path);
}

void SandboxTransport::validate(const HttpRequest& request) {
  if (!amazon::tests::has_specs() || request.url.ends_with(kTokenPath)) return;
  static const ModelValidator orders(amazon::tests::read_model("orders_2026-01-01.json"));
  static const ModelValidator sellers(amazon::tests::read_model("sellers.json"));
  static const ModelValidator reports(amazon::tests::read_model("reports_2021-06-30.json"));
  const std::string target = target_of(request.url);
  // Stores of objects, not the API.
  if (target.starts_with("/report-documents/") || target.starts_with("/customizations/")) return;
  const auto& model = target.starts_with("/sellers/")   ? sellers
                      : target.starts_with("/reports/") ? reports
                                                        : orders;
  const std::string base = request.url.substr(0, request.url.size() - target.size());
  for (const auto& violation : model.violations(request, base)) {
    ADD_FAILURE() << request.url << "\nagainst Amazon's model: " << violation;
  }
  ++validated_;
}

Result<HttpResponse> SandboxTransport::send(const HttpRequest& request, const services::HttpScope&,
                                            StepContext& ctx) {
  if (ctx.stop_requested()) return cancelled("stop", "the step is stopping");
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  validate(request);
  if (script) {
    if (auto answer = script(request)) return *std::move(answer);
  }
  auto answer = simulator_.handle({request.method, target_of(request.url), request.headers,
                                   request.body, host_kind(request.url)});
  if (auto failure = wait_for(answer.delay, ctx)) return *std::move(failure);
  if (answer.fault == amazon_sandbox::ConnectionFault::kReset) {
    return network_failure("reset", "the connection was reset");
  }
  if (answer.fault == amazon_sandbox::ConnectionFault::kTruncate) {
    return network_failure("truncated", "the answer was cut short");
  }
  HttpResponse response{answer.status, std::move(answer.headers), std::move(answer.body)};
  if (on_the_way) on_the_way(request, response);
  return response;
}

std::optional<Failure> SandboxTransport::wait_for(std::chrono::milliseconds delay,
                                                  const StepContext& ctx) {
  if (delay.count() == 0) return std::nullopt;
  const auto left = ctx.deadline() == TimePoint::max()
                        ? std::chrono::milliseconds::max()
                        : std::max(ctx.deadline() - clock_.now(), std::chrono::milliseconds(0));
  if (delay < std::min(left, timeout)) {
    clock_.advance(delay);
    return std::nullopt;
  }
  clock_.advance(std::min(left, timeout));
  if (left <= timeout) return cancelled("deadline", "no complete answer before the deadline");
  return network_failure("timeout", "no complete answer in time");
}

Result<HttpResponse> SandboxTransport::stream(const HttpRequest& request,
                                              const services::HttpScope& scope, std::uint64_t,
                                              const std::function<void(std::string_view)>& sink,
                                              StepContext& ctx) {
  auto answer = send(request, scope, ctx);
  if (answer) {
    sink(answer.value().body);
    answer.value().body.clear();
  }
  return answer;
}

std::vector<HttpRequest> SandboxTransport::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace marketplug::testing
