#include "tests/integration/sandbox_transport.hpp"

#include <utility>

namespace marketplug::testing {
namespace {

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

Result<HttpResponse> SandboxTransport::send(const HttpRequest& request, const services::HttpScope&,
                                            StepContext& ctx) {
  if (ctx.stop_requested()) {
    Failure failure;
    failure.kind = Failure::Kind::kCancelled;
    return failure;
  }
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  if (script) {
    if (auto answer = script(request)) return *std::move(answer);
  }
  const auto answer = simulator_.handle(
      {request.method, target_of(request.url), request.headers, request.body, {}});
  if (answer.fault == amazon_sandbox::ConnectionFault::kReset) {
    return network_failure("reset", "the connection was reset");
  }
  if (answer.fault == amazon_sandbox::ConnectionFault::kTruncate) {
    return network_failure("truncated", "the answer was cut short");
  }
  return HttpResponse{answer.status, answer.headers, answer.body};
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
