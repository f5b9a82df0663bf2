#pragma once
// Answers in Amazon's words: errors of the Selling Partner API and of Login with Amazon.
// Any thread; the answer belongs to the caller.

#include <string_view>

#include "plugins/amazon/sandbox/request.hpp"

namespace amazon_sandbox {

/// {"errors":[{"code":…,"message":…,"details":…}]} with the x-amzn-ErrorType that goes with it.
Response api_error(int status, std::string_view code, std::string_view message,
                   std::string_view details = {});

/// 400 InvalidInput; `details` says what Amazon would not take.
Response invalid_input(std::string_view details);
/// 403 Unauthorized, "Access to requested resource is denied."
Response access_denied(std::string_view details);
/// 404 NotFound.
Response not_found(std::string_view message);
/// 429 QuotaExceeded.
Response quota_exceeded();
/// The body that Amazon sends with a status that an injected fault asks for. `login`: Login with
/// Amazon answers, else the Selling Partner API.
Response fault_status(int status, bool login);

/// {"error":…,"error_description":…} of Login with Amazon.
Response lwa_error(int status, std::string_view error, std::string_view description);

Response json_response(int status, std::string body);

}  // namespace amazon_sandbox
