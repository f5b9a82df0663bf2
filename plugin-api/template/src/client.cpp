#include "src/client.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace marketplug::market {

constexpr QuotaPlan kPlan{2, 10};  // two requests a second, ten at once, as the marketplace says

Client::Client(std::string api, std::string key, Host& host)
    : api_(std::move(api)), key_(std::move(key)), host_(host) {
  for (const auto id : {HttpClient::kId, Secrets::kId, Quota::kId, Clock::kId}) {
    if (host.query(id) == nullptr) throw std::runtime_error("needs " + std::string(id));
  }
}

Result<object> Client::call(const std::string& operation, const object& arguments,
                            QuotaPriority priority, StepContext& ctx) {
  const auto key = part<Secrets>(host_)->get(key_);  // each time: it may have been replaced
  if (!key) return key.failure();
  const auto wait = "Example Market's quota of " + operation + " is used up for now.";
  Failure failure{Failure::Kind::kThrottled, wait, "", "", "", {}};
  const QuotaKey bucket{api_, operation};
  auto& quota = *part<Quota>(host_);
  const auto turn = quota.take(bucket, kPlan, priority);
  failure.retry_at = turn.at;
  if (!turn.granted) return failure;

  HttpRequest request{"POST", api_ + "/" + operation, {}, serialize(arguments), operation};
  request.headers = {{"Authorization", "Bearer " + key.value()},
                     {"Content-Type", "application/json"},
                     {"User-Agent", "example-market/0.1.0"}};
  request.repeatable = true;  // each operation of this API reads, or sets a state
  const auto sent = part<HttpClient>(host_)->send(request, ctx);
  if (!sent) return sent.failure();
  const int status = sent.value().status;
  if (status == 429) {
    const std::string after(sent.value().header("Retry-After"));
    const std::chrono::seconds pause(std::min(std::strtol(after.c_str(), nullptr, 10), 86400L));
    failure.retry_at = std::max(part<Clock>(host_)->now() + pause, quota.refused(bucket, kPlan));
    return failure;
  }
  boost::system::error_code error;
  auto answer = boost::json::parse(sent.value().body, error);
  if (status == 200 && !error && answer.is_object()) return std::move(answer.get_object());

  failure = {};
  failure.code = "status_" + std::to_string(status);
  failure.message = "Example Market answered " + operation + " with " + failure.code + ".";
  failure.kind = status >= 500 ? Failure::Kind::kTransient : Failure::Kind::kRemote;
  if (status == 401 || status == 403) {
    failure.kind = Failure::Kind::kAuth;
    failure.remedy = "Make a new API key on the marketplace's page and enter it here.";
  } else if (status == 404 || status == 422) {
    failure.code = status == 404 ? "not_found" : "refused";
    if (!error) failure.message = serialize(answer);
  }
  return failure;
}

}  // namespace marketplug::market
