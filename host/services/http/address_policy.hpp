#pragma once
// Which addresses a plugin may reach (SSRF, reliability 4.6): the public internet, and what the
// operator listed. Judged on resolved addresses, never on names. Pure.

#include <string>
#include <string_view>
#include <vector>

#include <Poco/Net/IPAddress.h>

namespace marketplug::services::http {

/// False for private, loopback, link-local, CGNAT, unique local, mapped, multicast, documentation
/// and unspecified addresses (IANA's special-purpose registries), and for IPv6 forms that carry
/// such an IPv4 address (NAT64, 6to4).
bool is_public(const Poco::Net::IPAddress& address);

/// Whether "host:port" is in the operator's list, compared without case.
bool is_listed(const std::vector<std::string>& allow_private, std::string_view host_port);

}  // namespace marketplug::services::http
