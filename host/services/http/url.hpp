#pragma once
// An https URL taken apart, strictly: what could smuggle something is refused, not repaired. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "host/services/http/failures.hpp"

namespace marketplug::services::http {

struct Url {
  std::string host;  ///< lower case, without brackets
  std::uint16_t port = 443;
  std::string target;  ///< path and query, as given; never empty

  /// Without the query, for logs.
  std::string_view path() const noexcept;
  /// "host:port", IPv6 in brackets: as http.allow_private lists it.
  std::string host_port() const;
  /// The Host header: without the default port.
  std::string authority() const;
};

/// Throws HttpError kConfig: "not_https", or "invalid_request" for user info, blanks, control
/// characters, or what is no host and port.
Url parse_url(std::string_view text, const Place& place);

/// "http://user:password@host:port" of the settings.
struct ProxyAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string user, password;  ///< percent-decoded

  std::string host_port() const;
};
/// Throws std::runtime_error that does not repeat the text (it may hold a password).
ProxyAddress parse_proxy(std::string_view text);

}  // namespace marketplug::services::http
