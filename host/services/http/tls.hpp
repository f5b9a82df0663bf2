#pragma once
// The one TLS context of the transport: system roots plus the operator's, TLS 1.2 or newer, every
// certificate verified. There is no switch that weakens it. Any thread once made.

#include <optional>
#include <string>
#include <vector>

#include <Poco/Net/Context.h>

namespace marketplug::services::http {

/// Throws std::runtime_error that names a CA file which cannot be read.
Poco::Net::Context::Ptr make_tls_context(const std::vector<std::string>& ca_files);

/// Why OpenSSL refused a certificate, and what to do about it.
struct RefusedCertificate {
  std::string why, remedy;
};
/// Why the last handshake of this thread refused a certificate; empty: it did not. Forgets it.
std::optional<RefusedCertificate> take_refused_certificate();

}  // namespace marketplug::services::http
