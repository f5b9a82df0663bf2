#include "src/lwa_client.hpp"

#include <algorithm>
#include <chrono>

#include "src/answers.hpp"
#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::string_view kOperation = "getAccessToken";
constexpr std::chrono::seconds kMargin{60};
constexpr std::int64_t kLongestLife = 3600;  // seconds; Amazon's figure
constexpr std::size_t kLongestToken = 8192;  // bytes; Amazon promises 2048

/// Amazon's word for what went wrong; empty where the body has none.
std::string error_code(const HttpResponse& response) {
  std::string error;
  if (response.body.size() > kLongestToken) return {};
  const auto document = JsonDocument::parse(response.body, error);
  return document ? shown(text_member(document->root(), "error"), 60) : std::string();
}

Failure refused(const HttpResponse& response) {
  const std::string code = error_code(response);
  using Kind = Failure::Kind;
  const auto with = [&](Kind kind, std::string message, std::string remedy) {
    Failure failure =
        failed(kind, code, "Login with Amazon: " + std::move(message), std::move(remedy));
    failure.detail = trace_of(kOperation, response);
    return failure;
  };
  if (code == "invalid_grant" || code == "access_denied") {
    return with(
        Kind::kAuth,
        "the refresh token is wrong, revoked or expired, or belongs to another app (" + code + ").",
        "Authorize the app again in Seller Central (it has to be done every year) and "
        "enter the new token as account.authorization.refresh_token.");
  }
  if (code == "invalid_client") {
    return with(Kind::kConfig,
                "the client id or the client secret is wrong or has expired (invalid_client).",
                "Copy both again from the app's LWA credentials; a secret lives 180 days. A new "
                "one needs some minutes until Amazon knows it: enter the old one as "
                "account.authorization.lwa_client_secret_previous meanwhile.");
  }
  if (code == "unauthorized_client" || code == "invalid_scope") {
    return with(Kind::kConfig, "this app may not use this refresh token (" + code + ").",
                "Take client id, client secret and refresh token from one and the same app.");
  }
  if (response.status >= 500 || code == "server_error" || code == "temporarily_unavailable") {
    return with(Kind::kTransient,
                "not available at the moment (status " + std::to_string(response.status) + ").",
                "Marketplug tries again by itself. If it stays, see whether Amazon reports "
                "trouble.");
  }
  std::string message = "answered with status " + std::to_string(response.status);
  if (!code.empty()) {
    message.append(" (").append(code).append(")");
  } else if (!says_json(response)) {
    message.append(" and ").append(content_type_of(response)).append(" instead of JSON");
  }
  Failure failure = with(Kind::kRemote, message + ".",
                         "Marketplug tries again by itself. If it stays, check "
                         "account.endpoints.lwa, and proxies on the way.");
  if (failure.code.empty()) failure.code = "status_" + std::to_string(response.status);
  return failure;
}

bool fits_header(std::string_view token) {
  return !token.empty() && token.size() <= kLongestToken &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Result<std::string> LwaClient::access_token(StepContext& ctx) {
  const TimePoint now = services_.clock.now();
  // A clock that was put back must not make an old token look young.
  if (!token_.empty() && now >= fetched_at_ && now < usable_until_) return token_;
  token_.clear();
  return fetch(ctx);
}

Result<std::string> LwaClient::fetch(StepContext& ctx) {
  const Authorization& authorization = settings_.authorization;
  if (authorization.refresh_token.empty()) {
    return failed(Failure::Kind::kAuth, "not_authorized",
                  "The seller has not authorized the app yet.",
                  "Let the seller give consent, or enter account.authorization.refresh_token.");
  }
  auto answer = ask(authorization.client_secret, ctx);
  if (!answer) return answer.failure();
  if (answer.value().status != 200 && error_code(answer.value()) == "invalid_client" &&
      may_try_previous_secret()) {
    auto second = ask(authorization.previous_secret, ctx);
    if (!second) return second.failure();
    if (second.value().status == 200) {
      note(services_, Log::Level::kWarning, "lwa.previous_secret",
           "Amazon does not accept the client secret, but the previous one.", {});
    }
    // Only where both are refused is it known that neither works.
    if (error_code(second.value()) != "invalid_client") return accept(second.value());
  }
  return accept(answer.value());
}

bool LwaClient::may_try_previous_secret() const {
  const Authorization& authorization = settings_.authorization;
  return !authorization.previous_secret.empty() &&
         (!authorization.previous_until || services_.clock.now() < *authorization.previous_until);
}

Result<HttpResponse> LwaClient::ask(std::string_view secret_handle, StepContext& ctx) {
  auto secret = services_.secrets.get(secret_handle);
  if (!secret) return secret.failure();
  std::string refresh_token = unsaved_refresh_token_;
  if (refresh_token.empty()) {
    auto stored = services_.secrets.get(settings_.authorization.refresh_token);
    if (!stored) return stored.failure();
    refresh_token = std::move(stored).value();
  }
  HttpRequest request;
  request.method = "POST";
  request.url = settings_.endpoints.lwa;
  request.operation = kOperation;
  request.repeatable = true;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"},
                     {"Accept", "application/json"},
                     {"User-Agent", std::string(kUserAgent)}};
  request.body = encode_form({{"grant_type", "refresh_token"},
                              {"refresh_token", refresh_token},
                              {"client_id", settings_.authorization.client_id},
                              {"client_secret", secret.value()}});
  return services_.http.send(request, ctx);
}

Result<std::string> LwaClient::accept(const HttpResponse& response) {
  const TimePoint now = services_.clock.now();
  if (response.status == 429) {
    Failure failure = failed(
        Failure::Kind::kThrottled, "throttled", "Login with Amazon asks to slow down (status 429).",
        "Marketplug waits and goes on by itself. If it stays, look for another "
        "program that uses the same app.");
    failure.retry_at = now + retry_after(response).value_or(kMargin);
    failure.detail = trace_of(kOperation, response);
    return failure;
  }
  if (response.status != 200) return refused(response);
  std::string error;
  const auto document = JsonDocument::parse(response.body, error);
  if (!document) return unreadable(kOperation, response, error);
  const std::string_view token = text_member(document->root(), "access_token");
  if (!fits_header(token)) {
    return unreadable(kOperation, response, "there is no usable access_token in it");
  }
  std::int64_t life = kLongestLife;
  if (const json::value* given = member(document->root(), "expires_in")) {
    if (const std::int64_t* seconds = given->if_int64()) life = *seconds;
  }
  keep_refresh_token(text_member(document->root(), "refresh_token"));
  token_ = token;
  fetched_at_ = now;
  usable_until_ =
      now + std::chrono::seconds(std::clamp<std::int64_t>(life, 0, kLongestLife)) - kMargin;
  note(services_, Log::Level::kInfo, "lwa.token", "Amazon gave a new access token.",
       {{"seconds", std::to_string(life)}});
  return token_;
}

void LwaClient::keep_refresh_token(std::string_view token) {
  const std::string_view handle = settings_.authorization.refresh_token;
  std::string rotated(fits_header(token) ? token : std::string_view(unsaved_refresh_token_));
  if (rotated.empty()) return;
  if (const auto current = services_.secrets.get(handle); current && current.value() == rotated) {
    unsaved_refresh_token_.clear();
    return;
  }
  const Status saved = services_.secrets.replace(handle, rotated);
  if (saved || saved.failure().code == "declared") {
    unsaved_refresh_token_.clear();
    note(services_, Log::Level::kWarning, "lwa.refresh_token_rotated",
         saved ? "Amazon replaced the refresh token; the new one is stored."
               : "Amazon replaced the refresh token; the new one is stored, the one in the "
                 "environment or file is out of date.",
         {});
    return;
  }
  unsaved_refresh_token_ = std::move(rotated);
  note(services_, Log::Level::kError, "lwa.refresh_token_unsaved",
       "Amazon replaced the refresh token and it could not be stored; it is kept in memory.", {});
}

}  // namespace marketplug::amazon
