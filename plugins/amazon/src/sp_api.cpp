#include "src/sp_api.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "marketplug/model/time.hpp"
#include "src/answers.hpp"

namespace marketplug::amazon {
namespace {

/// Amazon lowers no plan below a tenth: such a rate is a fault, and would stop the shop for hours.
constexpr double kLeastOfPlan = 0.1;
/// A token that lacks so little would be there, and be taken, before its time can be asked for.
constexpr double kWholeToken = 1 - 1e-4;

bool is_denied(const Result<HttpResponse>& answer) {
  return answer && (answer.value().status == 401 || answer.value().status == 403);
}

}  // namespace

SpApi::SpApi(const Settings& settings, const Services& services, LwaClient& lwa)
    : settings_(settings),
      services_(services),
      lwa_(lwa),
      account_(settings.authorization.client_id + "|" + settings.authorization.seller_id + "|" +
               std::string(to_string(settings.region))) {
  if (services_.quota == nullptr) return;
  // Persons ask with these (an order read again, a check): from now on tokens are kept for them.
  for (const Operation* operation : {&kGetOrder, &kGetMarketplaceParticipations}) {
    services_.quota->left(key(*operation), operation->plan, QuotaPriority::kPerson);
  }
}

Result<HttpResponse> SpApi::get(const Operation& operation, std::string_view path,
                                const std::string& query, QuotaPriority priority,
                                StepContext& ctx) {
  HttpRequest request;
  request.method = "GET";
  request.url = settings_.endpoints.api + std::string(path);
  if (!query.empty()) request.url.append("?").append(query);
  request.repeatable = true;
  return call(operation, std::move(request), priority, ctx);
}

Result<HttpResponse> SpApi::post(const Operation& operation, std::string_view path,
                                 std::string body, QuotaPriority priority, StepContext& ctx) {
  HttpRequest request;
  request.method = "POST";
  request.url = settings_.endpoints.api + std::string(path);
  request.body = std::move(body);
  return call(operation, std::move(request), priority, ctx);
}

Result<HttpResponse> SpApi::call(const Operation& operation, HttpRequest request,
                                 QuotaPriority priority, StepContext& ctx) {
  auto answer = send_once(operation, request, priority, ctx);
  if (is_denied(answer) && !renewed_in_vain_) {
    note(services_, Log::Level::kInfo, "sp-api.token_refused",
         "Amazon refused the access token; one more try with a new one.",
         {{"operation", operation.name}});
    lwa_.forget();
    renewed_in_vain_ = true;
    answer = send_once(operation, std::move(request), priority, ctx);
  }
  if (!answer) return answer;
  const HttpResponse& response = answer.value();
  if (is_denied(answer)) return denial_of(operation.name, response);
  renewed_in_vain_ = false;
  if (response.status == 429) return throttled(operation, response);
  if (response.status < 200 || response.status > 299) return refusal_of(operation.name, response);
  return answer;
}

Result<HttpResponse> SpApi::send_once(const Operation& operation, HttpRequest request,
                                      QuotaPriority priority, StepContext& ctx) {
  if (ctx.stop_requested()) {
    return failed(Failure::Kind::kCancelled, "stopped", "The step was asked to stop.", {});
  }
  auto token = lwa_.access_token(ctx);
  if (!token) return token.failure();
  if (services_.quota != nullptr) {
    const QuotaAnswer quota = services_.quota->take(key(operation), operation.plan, priority);
    if (!quota.granted) {
      Failure failure =
          failed(Failure::Kind::kThrottled, "quota",
                 "Amazon's quota for " + std::string(operation.name) + " is used up for now.",
                 "Marketplug goes on by itself at " + format_time(quota.at) + ".");
      failure.retry_at = quota.at;
      return failure;
    }
  }
  request.operation = operation.name;
  request.headers = {{"x-amz-access-token", token.value()},
                     {"User-Agent", std::string(kUserAgent)},
                     {"Accept", "application/json"}};
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  auto answer = services_.http.send(request, ctx);
  if (!answer) return answer;
  observe(operation, answer.value());
  const HttpResponse& response = answer.value();
  if (const auto date = parse_http_date(response.header("date"))) {
    amazon_ahead_ = *date - services_.clock.now();
  }
  const std::string status = std::to_string(response.status);
  const bool good = response.status >= 200 && response.status <= 299;
  note(services_, good ? Log::Level::kDebug : Log::Level::kWarning,
       good ? "sp-api.answered" : "sp-api.refused",
       good ? "Amazon answered." : "Amazon refused a request.",
       {{"operation", operation.name},
        {"status", status},
        {"code", good ? std::string() : error_of(response).code},
        {"request_id", shown(response.header("x-amzn-RequestId"), 80)}});
  return answer;
}

void SpApi::observe(const Operation& operation, const HttpResponse& response) {
  const int status = response.status;
  if (services_.quota == nullptr ||
      !((status >= 200 && status <= 299) || status == 400 || status == 404)) {
    return;
  }
  const std::string_view text = response.header("x-amzn-RateLimit-Limit");
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(rate) &&
      rate >= operation.plan.per_second * kLeastOfPlan) {
    services_.quota->observe(key(operation), rate);
  }
}

Failure SpApi::throttled(const Operation& operation, const HttpResponse& response) {
  Failure failure =
      failed(Failure::Kind::kThrottled, "throttled",
             "Amazon asks to slow down " + std::string(operation.name) + " (status 429).",
             "Marketplug waits and goes on by itself. If it stays, look for another program that "
             "uses the same app with this seller account.");
  failure.detail = trace_of(operation.name, response);
  const TimePoint now = services_.clock.now();
  const double per_second = operation.plan.per_second;
  TimePoint at = services_.quota != nullptr
                     ? services_.quota->refused(key(operation), operation.plan)
                     : now + std::chrono::seconds(static_cast<long>(std::ceil(1 / per_second)));
  if (const auto asked = retry_after(response)) at = std::max(at, now + *asked);
  failure.retry_at = at;
  return failure;
}

std::optional<TimePoint> SpApi::again_at(const Operation& operation) {
  constexpr QuotaPriority kPresent = QuotaPriority::kPresent;
  if (services_.quota == nullptr ||
      services_.quota->left(key(operation), operation.plan, kPresent) >= kWholeToken) {
    return std::nullopt;
  }
  // There is no token to take: only the time is asked for.
  const QuotaAnswer answer = services_.quota->take(key(operation), operation.plan, kPresent);
  return answer.granted ? std::nullopt : std::optional(answer.at);
}

double SpApi::left(const Operation& operation, QuotaPriority priority) {
  if (services_.quota == nullptr) return 0;
  return services_.quota->left(key(operation), operation.plan, priority);
}

std::optional<TimePoint> SpApi::amazons_now() const {
  if (!amazon_ahead_) return std::nullopt;
  return services_.clock.now() + *amazon_ahead_;
}

}  // namespace marketplug::amazon
