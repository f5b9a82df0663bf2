#include "host/services/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace marketplug::services::http {
namespace {

constexpr int kChainDepth = 5;

/// OpenSSL calls back on the thread of the handshake; Poco has no way to hand the reason out.
int& refused_reason() {
  thread_local int reason = X509_V_OK;
  return reason;
}

/// Instead of Poco's, which asks handlers that anybody in the process may have registered.
int on_certificate(int ok, X509_STORE_CTX* store) {
  if (ok == 0) refused_reason() = X509_STORE_CTX_get_error(store);
  return ok;
}

void add_ca_file(SSL_CTX* context, const std::string& path) {
  const auto fail = [&](const std::string& why) {
    throw std::runtime_error("http.ca_file: " + path + ": " + why +
                             "; name a readable PEM file with CA certificates");
  };
  if (::access(path.c_str(), R_OK) != 0) fail(std::strerror(errno));
  ERR_clear_error();
  if (SSL_CTX_load_verify_file(context, path.c_str()) != 1) {
    ERR_clear_error();
    fail("no certificate can be read from it");
  }
}

}  // namespace

Poco::Net::Context::Ptr make_tls_context(const std::vector<std::string>& ca_files) {
  Poco::Net::Context::Params params;
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
  params.verificationDepth = kChainDepth;
  params.loadDefaultCAs = true;
  params.cipherList = "DEFAULT:!aNULL:!eNULL:!PSK:!SRP";
  Poco::Net::Context::Ptr context(
      new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params));
  context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  auto* raw = context->sslContext();
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, &on_certificate);
  if (SSL_CTX_get_security_level(raw) < 2) SSL_CTX_set_security_level(raw, 2);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A body larger than one TLS record is handed on in parts, from wherever it lies then.
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  static constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(raw, kHttp11.data(), kHttp11.size());
  for (const auto& path : ca_files) add_ca_file(raw, path);
  return context;
}

std::optional<RefusedCertificate> take_refused_certificate() {
  const int reason = std::exchange(refused_reason(), X509_V_OK);
  if (reason == X509_V_OK) return std::nullopt;
  const bool date =
      reason == X509_V_ERR_CERT_HAS_EXPIRED || reason == X509_V_ERR_CERT_NOT_YET_VALID;
  return RefusedCertificate{
      X509_verify_cert_error_string(reason),
      date ? "check this machine's clock; if it is right, whoever runs the host must renew the "
             "certificate"
           : "if this host is meant, add its CA's certificate under http.ca_file (a public host: "
             "install the package ca-certificates); otherwise correct the endpoint or ask who "
             "intercepts the connection"};
}

}  // namespace marketplug::services::http
