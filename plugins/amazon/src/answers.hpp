#pragma once
// Amazon's answers turned into values of Failure: statuses, error lists, bodies that are no JSON.
// Messages hold Amazon's code and message, shortened and without control characters, never a body.
// Pure functions, any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"
#include "marketplug/services/http.hpp"

namespace marketplug::amazon {

// Stable values of Failure::code that this plugin decides by.
inline constexpr std::string_view kCodeBadRequest = "bad_request";
inline constexpr std::string_view kCodeNotFound = "not_found";
inline constexpr std::string_view kCodeAccessDenied = "access_denied";
inline constexpr std::string_view kCodeNotJson = "not_json";
inline constexpr std::string_view kCodeTooLarge = "too_large";  ///< the host's: services/http

Failure failed(Failure::Kind kind, std::string_view code, std::string message, std::string remedy);

/// The first entry of Amazon's error list; empty members where there is none.
struct AmazonError {
  std::string code, message, details;  ///< fit to be shown
};
AmazonError error_of(const HttpResponse& response);

/// "searchOrders: status 403, request id …", for logs.
std::string trace_of(std::string_view operation, const HttpResponse& response);
/// Whether the answer says that its body is JSON.
bool says_json(const HttpResponse& response);
/// "text/html", cut at its parameters; "no content type" where there is none.
std::string content_type_of(const HttpResponse& response);
/// Retry-After in seconds, at most an hour; nullopt where absent or not a number.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response);

/// A status other than 2xx, 401, 403 and 429, as a Failure.
Failure refusal_of(std::string_view operation, const HttpResponse& response);
/// 401 or 403 after a fresh token was tried. kRemote where it is not Amazon's JSON.
Failure denial_of(std::string_view operation, const HttpResponse& response);
/// A 2xx whose body is not what it should be.
Failure unreadable(std::string_view operation, const HttpResponse& response, std::string_view why);

}  // namespace marketplug::amazon
