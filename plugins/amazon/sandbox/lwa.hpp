#pragma once
// The token endpoint of Login with Amazon: POST /auth/o2/token, form-encoded or JSON.
// Any thread. Errors as RFC 6749, 5.2 and Amazon's wording.

#include "plugins/amazon/sandbox/accounts.hpp"
#include "plugins/amazon/sandbox/http_text.hpp"

namespace amazon_sandbox {

inline constexpr std::string_view kTokenPath = "/auth/o2/token";

Response handle_token_request(Accounts& accounts, const Request& request, const Target& target,
                              TimePoint now);

}  // namespace amazon_sandbox
