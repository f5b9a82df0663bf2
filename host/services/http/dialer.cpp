#include "host/services/http/dialer.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <Poco/Exception.h>

#include "host/services/http/address_policy.hpp"
#include "host/services/http/message.hpp"
#include "host/services/http/tls.hpp"

namespace marketplug::services::http {
namespace {

using Poco::Net::SocketAddress;

/// Sent bytes that nobody acknowledges for so long end the connection (a NAT that forgot it).
constexpr int kUnacknowledgedMs = 15000;

/// The addresses that the plugin may reach; throws "address_refused" where none is left.
std::vector<SocketAddress> allowed(std::vector<SocketAddress> found, const Url& url,
                                   const HttpScope& scope, const Place& place) {
  if (is_listed(scope.allow_private, url.host_port())) return found;
  std::erase_if(found, [](const SocketAddress& address) { return !is_public(address.host()); });
  if (found.empty()) {
    throw wrong_config(place, "address_refused",
                       "the host is on a private, loopback or reserved address",
                       "if this host is meant, list its host:port under http.allow_private");
  }
  return found;
}

/// 0 once connected, an errno where refused, -1 where `until` passed.
int connect_one(Poco::Net::StreamSocket& socket, const SocketAddress& address, const Budget& budget,
                Budget::Steady::time_point until) {
  try {
    socket.connectNB(address);
  } catch (const Poco::Exception& error) {
    return error.code() != 0 ? error.code() : ENETUNREACH;
  }
  const int descriptor = socket.impl()->sockfd();
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  if (budget.wait(descriptor, POLLOUT, until) == 0) return -1;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

void tune(Poco::Net::StreamSocket& socket) {
  const int descriptor = socket.impl()->sockfd();
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMs,
               sizeof kUnacknowledgedMs);
}

std::string base64(std::string_view text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// The proxy's own words end where the tunnel begins: byte by byte, so that none of it is eaten.
std::string exchange_head(int descriptor, std::string_view request, const Place& place,
                          const Budget& budget, Budget::Steady::time_point until) {
  const auto lost = [&](std::string_view why) {
    return transient(place, "connect", "the proxy " + std::string(why));
  };
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const bool writing = !request.empty();
    if (budget.wait(descriptor, writing ? POLLOUT : POLLIN, until) == 0) {
      throw lost("did not answer in time");
    }
    char byte = 0;
    const auto done = writing ? ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL)
                              : ::recv(descriptor, &byte, 1, 0);
    if (done < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (done <= 0) throw lost("closed the connection");
    if (writing) {
      request.remove_prefix(static_cast<std::size_t>(done));
    } else {
      head += byte;
      if (head.size() > kMaxHead) throw lost("answered with an endless header");
    }
  }
  return head;
}

}  // namespace

Dialer::Dialer(const HttpOptions& options)
    : ca_files_(options.ca_files),
      proxy_text_(options.proxy),
      connect_timeout_(options.connect_timeout),
      user_agent_(options.user_agent) {}

void Dialer::prepare() const {
  const std::lock_guard lock(preparing_);
  if (!context_.isNull()) return;
  if (!proxy_text_.empty()) proxy_ = parse_proxy(proxy_text_);
  context_ = make_tls_context(ca_files_);
}

std::unique_ptr<Connection> Dialer::open(const Url& url, const HttpScope& scope, const Place& place,
                                         const Budget& budget) const {
  try {
    prepare();
  } catch (const std::exception& error) {
    throw wrong_config(place, "http_config", error.what(),
                       "correct `http` in the host's configuration and start again");
  }
  const auto until = budget.stage(connect_timeout_);
  const Place proxy_place{place.operation, proxy_ ? "proxy " + proxy_->host_port() : ""};
  std::vector<SocketAddress> addresses;
  bool to_private = false;
  if (proxy_) {
    // The operator chose the proxy, which then resolves the name itself; what is an address already
    // or names this machine is judged here all the same.
    Poco::Net::IPAddress literal;
    if (Poco::Net::IPAddress::tryParse(url.host, literal) || url.host == "localhost" ||
        url.host.ends_with(".localhost")) {
      const SocketAddress target(url.host == "localhost" || url.host.ends_with(".localhost")
                                     ? Poco::Net::IPAddress("127.0.0.1")
                                     : literal,
                                 url.port);
      to_private = !is_public(target.host());
      allowed({target}, url, scope, place);
    }
    addresses = resolver_.resolve(proxy_->host, proxy_->port, proxy_place, budget, until);
  } else {
    addresses =
        allowed(resolver_.resolve(url.host, url.port, place, budget, until), url, scope, place);
    to_private = std::any_of(addresses.begin(), addresses.end(),
                             [](const auto& address) { return !is_public(address.host()); });
  }
  auto socket = connect(addresses, proxy_ ? proxy_place : place, budget);
  if (proxy_) through_proxy(socket, url, proxy_place, budget);
  auto connection = std::make_unique<Connection>(socket, url.host_port(), to_private);
  connection->handshake(context_, url.host, place, budget, budget.stage(connect_timeout_));
  return connection;
}

Poco::Net::StreamSocket Dialer::connect(const std::vector<SocketAddress>& addresses,
                                        const Place& place, const Budget& budget) const {
  int error = -1;
  const auto until = budget.stage(connect_timeout_);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // Half of what is left for each but the last: a dead address leaves time for the next one.
    const auto now = Budget::Steady::now();
    const auto share = i + 1 == addresses.size() ? until : now + (until - now) / 2;
    Poco::Net::StreamSocket socket;
    error = connect_one(socket, addresses[i], budget, share);
    if (error != 0) continue;
    tune(socket);
    return socket;
  }
  throw transient(place, "connect",
                  error == -1
                      ? "no connection within " + std::to_string(connect_timeout_.count()) + " ms"
                      : "no connection: " + std::string(std::strerror(error)));
}

void Dialer::through_proxy(Poco::Net::StreamSocket& socket, const Url& url, const Place& place,
                           const Budget& budget) const {
  auto request = "CONNECT " + url.host_port() + " HTTP/1.1\r\nHost: " + url.host_port() +
                 "\r\nUser-Agent: " + user_agent_ + "\r\n";
  if (!proxy_->user.empty()) {
    request +=
        "Proxy-Authorization: Basic " + base64(proxy_->user + ":" + proxy_->password) + "\r\n";
  }
  request += "\r\n";
  const auto text = exchange_head(socket.impl()->sockfd(), request, place, budget,
                                  budget.stage(connect_timeout_));
  const auto head = parse_head(text, place);
  if (head.status >= 200 && head.status < 300) return;
  const auto status = std::to_string(head.status);
  if (head.status == 407) {
    throw wrong_config(place, "proxy", "the proxy demands other credentials (status 407)",
                       "set http.proxy to http://user:password@host:port with valid credentials");
  }
  if (head.status >= 500 || head.status == 408 || head.status == 429) {
    throw transient(place, "connect", "the proxy cannot reach the host (status " + status + ")");
  }
  throw wrong_config(place, "proxy", "the proxy refuses the connection (status " + status + ")",
                     "allow the marketplace's hosts in the proxy, or correct http.proxy");
}

}  // namespace marketplug::services::http
