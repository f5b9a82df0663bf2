#include "plugins/amazon/sandbox/lwa.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/json_writer.hpp"

namespace amazon_sandbox {
namespace {

/// The form's fields; of a JSON body those that are text.
std::optional<Parameters> read_fields(const Request& request) {
  const auto type = find_header(request.headers, "content-type").value_or("");
  if (type.starts_with("application/x-www-form-urlencoded")) return parse_form(request.body);
  if (!type.starts_with("application/json")) return std::nullopt;
  boost::system::error_code error;
  const auto value = boost::json::parse(request.body, error);
  if (error || !value.is_object()) return std::nullopt;
  Parameters fields;
  for (const auto& [name, field] : value.get_object()) {
    if (!field.is_string()) return std::nullopt;
    fields.emplace_back(name, field.get_string());
  }
  return fields;
}

const std::string* field_of(const Parameters& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields.end() || found->second.empty() ? nullptr : &found->second;
}

bool has_duplicates(const Parameters& fields) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
    return std::count_if(fields.begin(), fields.end(),
                         [&](const auto& other) { return other.first == field.first; }) > 1;
  });
}

Response missing_parameter(std::string_view name) {
  return lwa_error(400, "invalid_request",
                   "The request is missing a required parameter : " + std::string(name));
}

Response token_response(const LwaResult& result, const std::string* scope) {
  if (const auto* problem = std::get_if<LwaProblem>(&result)) {
    return lwa_error(problem->status, problem->error, problem->description);
  }
  const auto& tokens = std::get<LwaTokens>(result);
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.member("access_token", tokens.access_token);
  json.member_unless_empty("refresh_token", tokens.refresh_token);
  if (scope != nullptr) json.member("scope", *scope);
  json.member("token_type", "bearer");
  json.member("expires_in", Accounts::kTokenLife.count());
  json.close_object();
  auto response = json_response(200, std::move(body));
  response.headers[0].second = "application/json;charset=UTF-8";
  return response;
}

Response grant_tokens(Accounts& accounts, const Parameters& fields, TimePoint now) {
  const auto* grant = field_of(fields, "grant_type");
  if (grant == nullptr) return missing_parameter("grant_type");
  const bool refresh = *grant == "refresh_token";
  const bool code = *grant == "authorization_code";
  if (!refresh && !code && *grant != "client_credentials") {
    return lwa_error(400, "unsupported_grant_type",
                     "The authorization grant type is not supported by the authorization server");
  }
  for (const auto* name : {"client_id", "client_secret"}) {
    if (field_of(fields, name) == nullptr) return missing_parameter(name);
  }
  const std::string_view proof = refresh ? "refresh_token" : code ? "code" : "scope";
  const auto* value = field_of(fields, proof);
  if (value == nullptr) return missing_parameter(proof);
  // "Never send refresh_token together with scope" (developer guide).
  if ((refresh && field_of(fields, "scope") != nullptr) ||
      (!refresh && field_of(fields, "refresh_token") != nullptr)) {
    return lwa_error(400, "invalid_request",
                     "The request has parameters that exclude each other : refresh_token, scope");
  }
  const auto& id = *field_of(fields, "client_id");
  const auto& secret = *field_of(fields, "client_secret");
  if (refresh) return token_response(accounts.refresh(id, secret, *value, now), nullptr);
  if (code) return token_response(accounts.exchange(id, secret, *value, now), nullptr);
  return token_response(accounts.grantless(id, secret, *value, now), value);
}

}  // namespace

Response handle_token_request(Accounts& accounts, const Request& request, const Target& target,
                              TimePoint now) {
  Response response;
  if (request.method != "POST") {
    response = lwa_error(405, "invalid_request", "The request method must be POST");
    response.headers.emplace_back("Allow", "POST");
  } else if (const auto fields = read_fields(request);
             !fields || !target.query.empty() || has_duplicates(*fields)) {
    response = lwa_error(400, "invalid_request",
                         "The request includes an unsupported parameter or is otherwise malformed");
  } else {
    response = grant_tokens(accounts, *fields, now);
  }
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Pragma", "no-cache");
  return response;
}

}  // namespace amazon_sandbox
