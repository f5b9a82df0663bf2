#pragma once
// Names to addresses within a deadline. getaddrinfo has none, so each lookup runs on a thread of
// its own, which may outlive the request (never touching it). Any thread.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <Poco/Net/SocketAddress.h>

#include "host/services/http/budget.hpp"
#include "host/services/http/failures.hpp"

namespace marketplug::services::http {

class Resolver {
 public:
  Resolver();
  /// At least one address, the families in turn (a broken IPv6 costs one try). Throws HttpError
  /// "dns" where the name is unknown or nobody answers before `until`.
  std::vector<Poco::Net::SocketAddress> resolve(const std::string& host, std::uint16_t port,
                                                const Place& place, const Budget& budget,
                                                Budget::Steady::time_point until) const;

 private:
  std::shared_ptr<std::atomic<int>> under_way_;
};

}  // namespace marketplug::services::http
