#include "host/services/http/connection.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SSLException.h>

#include "host/services/http/tls.hpp"

namespace marketplug::services::http {
namespace {

constexpr std::size_t kEarlyAnswer = 16384;

bool is_literal(const std::string& host) {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address);
}

/// OpenSSL's text without its numbers: "error:0A000126:SSL routines::unexpected eof while reading".
std::string readable(const std::string& text) {
  const auto last = text.rfind(':');
  return text.starts_with("error:") && last != std::string::npos ? text.substr(last + 1) : text;
}

}  // namespace

/// What one call into Poco gave: bytes, a wish to wait, or an end.
struct Connection::Step {
  int result = 0;  ///< > 0: bytes; 0: clean end
  short wanted = 0;
  bool torn = false;
  std::string cause;
};

template <class Call>
Connection::Step Connection::step(Call call) {
  // SSL_get_error looks into the thread's error queue and Poco into errno: what others left there
  // would be taken for an error of this connection, or retried for ever.
  ERR_clear_error();
  errno = 0;
  Step step;
  try {
    step.result = call();
    if (step.result == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_READ) step.wanted = POLLIN;
    if (step.result == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_WRITE) step.wanted = POLLOUT;
    step.torn = step.result < 0 && step.wanted == 0;
  } catch (const Poco::Exception& error) {
    step.torn = true;
    step.cause = error.message().empty() ? error.name() : readable(error.message());
  }
  ERR_clear_error();
  return step;
}

Connection::Connection(const Poco::Net::StreamSocket& socket, std::string key, bool to_private)
    : plain_(socket), key_(std::move(key)), to_private_(to_private) {}

Connection::~Connection() {
  // Says close_notify where it can; the socket does not block.
  step([this] {
    if (secure_) secure_->close();
    return 0;
  });
}

void Connection::handshake(const Poco::Net::Context::Ptr& context, const std::string& host,
                           const Place& place, const Budget& budget,
                           Budget::Steady::time_point until) {
  take_refused_certificate();
  auto last = step([&] {
    secure_.emplace(is_literal(host)
                        ? Poco::Net::SecureStreamSocket::attach(plain_, context)
                        : Poco::Net::SecureStreamSocket::attach(plain_, host, context));
    return 1;
  });
  while (!last.torn) {
    last = step([&] { return secure_->completeHandshake(); });
    if (last.torn || last.result > 0) break;
    if (last.result == 0) {
      last.torn = true;
      last.cause = "closed by the peer";
    } else if (budget.wait(plain_.impl()->sockfd(), last.wanted, until) == 0) {
      throw transient(place, "tls", "the TLS handshake did not end in time");
    }
  }
  if (last.torn) {
    if (const auto refused = take_refused_certificate()) {
      throw wrong_config(place, "tls_untrusted", "the certificate is not trusted: " + refused->why,
                         refused->remedy);
    }
    throw transient(place, "tls", "the TLS handshake failed: " + last.cause);
  }
  // Poco takes a missing certificate for a good one, and a DNS name "127.0.0.1" for the address.
  const auto verified = step([&] {
    if (!secure_->havePeerCertificate()) return 0;
    secure_->verifyPeerCertificate(host);
    if (!is_literal(host)) return 1;
    const auto certificate = secure_->peerCertificate();
    return X509_check_ip_asc(const_cast<X509*>(certificate.certificate()), host.c_str(), 0);
  });
  if (verified.torn || verified.result != 1) {
    throw wrong_config(place, "tls_name", "the certificate was issued for another name",
                       "correct the host name of the endpoint, or its certificate");
  }
}

Connection::Read Connection::receive_once(char* buffer, std::size_t size, short& wanted) {
  const auto got = step([&] { return secure_->receiveBytes(buffer, static_cast<int>(size), 0); });
  wanted = got.wanted;
  if (got.torn) return {End::kTorn, 0, got.cause};
  if (got.result == 0) return {End::kClosed, 0, {}};
  return {End::kData, got.result > 0 ? static_cast<std::size_t>(got.result) : 0, {}};
}

Connection::Read Connection::read(char* buffer, std::size_t size, const Budget& budget) {
  if (!early_.empty()) {
    const auto taken = std::min(size, early_.size());
    std::memcpy(buffer, early_.data(), taken);
    early_.erase(0, taken);
    return {End::kData, taken, {}};
  }
  for (;;) {
    budget.check();  // a peer that always has one more byte ready must not outlast it either
    short wanted = 0;
    auto got = receive_once(buffer, size, wanted);
    if (wanted == 0) return got;
    budget.wait(plain_.impl()->sockfd(), wanted);
  }
}

bool Connection::write(std::string_view bytes, const Budget& budget) {
  while (!bytes.empty()) {
    budget.check();
    const auto sent = step([&] {
      return secure_->sendBytes(bytes.data(),
                                static_cast<int>(std::min<std::size_t>(bytes.size(), 1u << 20)), 0);
    });
    if (sent.torn) return false;
    if (sent.result > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent.result));
      continue;
    }
    const auto ready =
        budget.wait(plain_.impl()->sockfd(), static_cast<short>(sent.wanted | POLLIN));
    if ((ready & POLLIN) == 0 || sent.wanted == POLLIN) continue;
    // The peer speaks while we do: an early refusal ("413"), which a reset would soon erase.
    std::array<char, kEarlyAnswer> buffer{};
    short wanted = 0;
    const auto got = receive_once(buffer.data(), buffer.size(), wanted);
    if (wanted != 0) continue;
    early_.append(buffer.data(), got.size);
    return false;
  }
  return true;
}

bool Connection::stale() const {
  pollfd state{plain_.impl()->sockfd(), POLLIN, 0};
  return !early_.empty() || ::poll(&state, 1, 0) != 0;
}

}  // namespace marketplug::services::http
