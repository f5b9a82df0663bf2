#include "host/services/http/resolver.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>

namespace marketplug::services::http {
namespace {

/// A dead name server must not collect threads without end.
constexpr int kMostLookups = 32;
constexpr std::size_t kMostAddresses = 8;

/// Shared by the asking thread and the looking one; the last of them closes the descriptor.
struct Lookup {
  Lookup() : done(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (done < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Lookup() { ::close(done); }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  int done;
  std::mutex mutex;
  int error = 0;
  std::vector<Poco::Net::IPAddress> found;
};

std::vector<Poco::Net::IPAddress> addresses_of(const addrinfo* list) {
  std::vector<Poco::Net::IPAddress> found;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    const Poco::Net::SocketAddress address(entry->ai_addr,
                                           static_cast<poco_socklen_t>(entry->ai_addrlen));
    found.push_back(address.host());
  }
  return found;
}

void look_up(Lookup& lookup, const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  {
    const std::lock_guard lock(lookup.mutex);
    lookup.error = error;
    if (error == 0) lookup.found = addresses_of(list);
  }
  if (list != nullptr) ::freeaddrinfo(list);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(lookup.done, &one, sizeof one);
}

/// First the resolver's choice, then the other family, and so on in turn.
std::vector<Poco::Net::SocketAddress> in_turn(const std::vector<Poco::Net::IPAddress>& found,
                                              std::uint16_t port) {
  std::vector<Poco::Net::IPAddress> same, other;
  for (const auto& address : found) {
    (address.family() == found.front().family() ? same : other).push_back(address);
  }
  std::vector<Poco::Net::SocketAddress> ordered;
  for (std::size_t i = 0; i < std::max(same.size(), other.size()); ++i) {
    if (i < same.size()) ordered.emplace_back(same[i], port);
    if (i < other.size()) ordered.emplace_back(other[i], port);
  }
  if (ordered.size() > kMostAddresses) ordered.resize(kMostAddresses);
  return ordered;
}

}  // namespace

Resolver::Resolver() : under_way_(std::make_shared<std::atomic<int>>(0)) {}

std::vector<Poco::Net::SocketAddress> Resolver::resolve(const std::string& host, std::uint16_t port,
                                                        const Place& place, const Budget& budget,
                                                        Budget::Steady::time_point until) const {
  Poco::Net::IPAddress literal;
  if (Poco::Net::IPAddress::tryParse(host, literal)) return {{literal, port}};
  if (under_way_->fetch_add(1) >= kMostLookups) {
    under_way_->fetch_sub(1);
    throw transient(place, "dns", "the name service does not answer, too many questions are open");
  }
  std::shared_ptr<Lookup> lookup;
  try {
    lookup = std::make_shared<Lookup>();
    std::thread([lookup, counter = under_way_, host] {
      look_up(*lookup, host);
      counter->fetch_sub(1);
    }).detach();
  } catch (const std::system_error&) {
    under_way_->fetch_sub(1);
    throw transient(place, "dns", "no thread or descriptor is left to look the name up");
  }
  if (budget.wait(lookup->done, POLLIN, until) == 0) {
    throw transient(place, "dns", "the name service did not answer in time");
  }
  const std::lock_guard lock(lookup->mutex);
  if (lookup->error != 0 || lookup->found.empty()) {
    throw transient(place, "dns",
                    std::string("the name cannot be resolved: ") +
                        (lookup->error != 0 ? ::gai_strerror(lookup->error) : "no address"));
  }
  return in_turn(lookup->found, port);
}

}  // namespace marketplug::services::http
