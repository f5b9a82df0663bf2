#include "plugins/amazon/sandbox/errors.hpp"

#include "plugins/amazon/sandbox/json_writer.hpp"

namespace amazon_sandbox {
namespace {

std::string_view error_type(int status) noexcept {
  switch (status) {
    case 400:
      return "InvalidInputException";
    case 403:
      return "AccessDeniedException";
    case 404:
      return "ResourceNotFoundException";
    case 405:
      return "MethodNotAllowedException";
    case 413:
      return "RequestTooLargeException";
    case 415:
      return "UnsupportedMediaTypeException";
    case 429:
      return "ThrottlingException";
    case 503:
      return "ServiceUnavailableException";
    default:
      return "InternalFailureException";
  }
}

Response login_fault(int status) {
  switch (status) {
    case 400:
      return lwa_error(400, "invalid_request", "The request is malformed");
    case 401:
      return lwa_error(401, "invalid_client", "Client authentication failed");
    case 429:
    case 503:
      return lwa_error(status, "temporarily_unavailable",
                       "The server is temporarily unable to handle the request");
    default:
      return lwa_error(status, "server_error", "The server encountered an internal error");
  }
}

}  // namespace

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Response api_error(int status, std::string_view code, std::string_view message,
                   std::string_view details) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.key("errors");
  json.open_array();
  json.open_object();
  json.member("code", code);
  json.member("message", message);
  json.member("details", details);
  json.close_object();
  json.close_array();
  json.close_object();
  auto response = json_response(status, std::move(body));
  response.headers.emplace_back("x-amzn-ErrorType", error_type(status));
  return response;
}

Response invalid_input(std::string_view details) {
  return api_error(400, "InvalidInput", "Invalid Input", details);
}

Response access_denied(std::string_view details) {
  return api_error(403, "Unauthorized", "Access to requested resource is denied.", details);
}

Response not_found(std::string_view message) { return api_error(404, "NotFound", message); }

Response quota_exceeded() {
  return api_error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.");
}

Response fault_status(int status, bool login) {
  if (login) return login_fault(status);
  switch (status) {
    case 400:
      return invalid_input("Invalid Input");
    case 403:
      return access_denied("");
    case 404:
      return not_found("The specified resource does not exist.");
    case 429:
      return quota_exceeded();
    case 503:
      return api_error(503, "ServiceUnavailable",
                       "Service is temporarily unavailable. Please try again.");
    default:
      return api_error(status, "InternalFailure",
                       "We encountered an internal error. Please try again.");
  }
}

Response lwa_error(int status, std::string_view error, std::string_view description) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("error_description", description);
  json.member("error", error);
  json.close_object();
  auto response = json_response(status, std::move(body));
  response.headers[0].second = "application/json;charset=UTF-8";
  return response;
}

}  // namespace amazon_sandbox
