#include "src/answers.hpp"

#include <algorithm>
#include <charconv>

#include "src/json.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxErrorBody = 65536;
constexpr std::string_view kNotAmazons =
    "Marketplug tries again by itself. If it stays: Amazon refuses in JSON, so look for a proxy or "
    "firewall between this machine and Amazon, and check account.endpoints.api.";

/// "400 (InvalidInput: Invalid Input)", or "400 with text/html instead of JSON".
std::string described(const HttpResponse& response) {
  std::string text = std::to_string(response.status);
  const AmazonError error = error_of(response);
  if (!error.code.empty() || !error.message.empty()) {
    text.append(" (").append(error.code);
    if (!error.code.empty() && !error.message.empty()) text += ": ";
    text.append(error.message).append(")");
  } else if (!response.body.empty() && !says_json(response)) {
    text.append(" with ").append(content_type_of(response)).append(" instead of JSON");
  }
  return text;
}

}  // namespace

Failure failed(Failure::Kind kind, std::string_view code, std::string message, std::string remedy) {
  Failure failure;
  failure.kind = kind;
  failure.code = code;
  failure.message = std::move(message);
  failure.remedy = std::move(remedy);
  return failure;
}

AmazonError error_of(const HttpResponse& response) {
  AmazonError out;
  if (response.body.size() > kMaxErrorBody) return out;
  std::string error;
  const auto document = JsonDocument::parse(response.body, error);
  if (!document) return out;
  const json::array* errors = array_member(document->root(), "errors");
  if (errors == nullptr || errors->empty()) return out;
  out.code = shown(text_member((*errors)[0], "code"), 60);
  out.message = shown(text_member((*errors)[0], "message"));
  out.details = shown(text_member((*errors)[0], "details"));
  return out;
}

std::string trace_of(std::string_view operation, const HttpResponse& response) {
  std::string text(operation);
  text.append(": status ").append(std::to_string(response.status));
  const std::string_view id = response.header("x-amzn-RequestId");
  if (!id.empty()) text.append(", request id ").append(shown(id, 80));
  const std::string_view type = response.header("x-amzn-ErrorType");
  if (!type.empty()) text.append(", error type ").append(shown(type, 80));
  return text;
}

bool says_json(const HttpResponse& response) {
  const std::string type = lower(response.header("content-type"));
  return type.find("json") != std::string::npos;
}

std::string content_type_of(const HttpResponse& response) {
  const std::string_view type = response.header("content-type");
  if (type.empty()) return "no content type";
  return shown(type.substr(0, type.find(';')), 60);
}

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, 3600L));
}

Failure refusal_of(std::string_view operation, const HttpResponse& response) {
  const std::string what =
      "Amazon answered " + std::string(operation) + " with status " + described(response) + ".";
  const std::string status = "status_" + std::to_string(response.status);
  using Kind = Failure::Kind;
  Failure failure;
  if (response.status >= 500) {
    failure = failed(Kind::kTransient, "server_error", what,
                     "Marketplug tries again by itself. If it stays, see whether Amazon reports "
                     "trouble (SP-API status page).");
  } else if (response.status >= 300 && response.status < 400) {
    failure = failed(Kind::kRemote, status, what,
                     "Check account.endpoints.api, and proxies on the way: Amazon's API sends "
                     "nobody elsewhere.");
  } else if (response.status == 413 || response.status == 415) {
    failure = failed(Kind::kRemote, status, what,
                     "Marketplug tries again by itself. If it stays, look for a proxy that changes "
                     "requests, and report it with the log lines.");
  } else if (!says_json(response)) {
    failure = failed(Kind::kRemote, status, what, std::string(kNotAmazons));
  } else if (response.status == 400) {
    // Not kConfig: whole regions were known to refuse good requests for hours.
    failure = failed(Kind::kRemote, kCodeBadRequest, what,
                     "Marketplug tries again by itself. If it stays, check the marketplaces and "
                     "the region of the shop.");
  } else if (response.status == 404) {
    failure = failed(Kind::kRemote, kCodeNotFound, what,
                     "Check the id, and whether it is one of this seller account and region.");
  } else {
    failure = failed(Kind::kRemote, status, what,
                     "Marketplug tries again by itself. If it stays, report it with the log "
                     "lines.");
  }
  failure.detail = trace_of(operation, response);
  return failure;
}

Failure denial_of(std::string_view operation, const HttpResponse& response) {
  const AmazonError error = error_of(response);
  const std::string hint = lower(error.message + " " + error.details);
  const bool token =
      hint.find("revoked") != std::string::npos || hint.find("expired") != std::string::npos;
  const std::string what = "Amazon refuses " + std::string(operation) +
                           " even with a new token: status " + described(response) + ".";
  Failure failure =
      !says_json(response)
          ? failed(Failure::Kind::kRemote, "status_" + std::to_string(response.status), what,
                   std::string(kNotAmazons))
      : token
          ? failed(Failure::Kind::kAuth, kCodeAccessDenied, what,
                   "Authorize the app again in Seller Central and enter the new refresh token.")
          : failed(Failure::Kind::kConfig, kCodeAccessDenied, what,
                   "`marketplug check` tells which of these it is: the region of the shop is not "
                   "the seller account's, the account does not sell in one of its marketplaces, "
                   "or the app lacks a role (authorize it again after adding one; without the "
                   "restricted roles switch orders.pii_access off).");
  failure.detail = trace_of(operation, response);
  return failure;
}

Failure unreadable(std::string_view operation, const HttpResponse& response, std::string_view why) {
  std::string message = "Amazon answered " + std::string(operation) + " with status " +
                        std::to_string(response.status) + " and ";
  if (says_json(response)) {
    message.append("JSON that cannot be read: ").append(why).append(".");
  } else {
    message.append(content_type_of(response)).append(" instead of JSON.");
  }
  Failure failure = failed(Failure::Kind::kRemote, kCodeNotJson, std::move(message),
                           "Marketplug tries again by itself. If it stays, look for a proxy "
                           "between this machine and Amazon.");
  failure.detail = trace_of(operation, response);
  return failure;
}

}  // namespace marketplug::amazon
