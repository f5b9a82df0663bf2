#pragma once
// Opens connections: resolve once, judge the addresses, connect to one of them, through the proxy
// where there is one, and verify by host name. Any thread.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/services/http/connection.hpp"
#include "host/services/http/resolver.hpp"
#include "host/services/http/url.hpp"
#include "host/services/services.hpp"

namespace marketplug::services::http {

class Dialer {
 public:
  explicit Dialer(const HttpOptions& options);

  /// Reading the system's roots takes 20 ms: done once, by the first who needs them. Throws
  /// std::runtime_error for a CA file or a proxy that cannot be used, each time anew.
  void prepare() const;
  /// Ready for a request. Throws HttpError.
  std::unique_ptr<Connection> open(const Url& url, const HttpScope& scope, const Place& place,
                                   const Budget& budget) const;

 private:
  Poco::Net::StreamSocket connect(const std::vector<Poco::Net::SocketAddress>& addresses,
                                  const Place& place, const Budget& budget) const;
  void through_proxy(Poco::Net::StreamSocket& socket, const Url& url, const Place& place,
                     const Budget& budget) const;

  Resolver resolver_;
  std::vector<std::string> ca_files_;
  std::string proxy_text_;
  std::chrono::milliseconds connect_timeout_;
  std::string user_agent_;
  mutable std::mutex preparing_;
  mutable Poco::Net::Context::Ptr context_;  ///< these two never change once they are there
  mutable std::optional<ProxyAddress> proxy_;
};

}  // namespace marketplug::services::http
