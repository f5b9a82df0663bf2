#include "src/services.hpp"

#include <span>
#include <stdexcept>
#include <string>

namespace marketplug::amazon {
namespace {

template <class Service>
Service& needed(Host& host) {
  Service* found = part<Service>(host);
  if (found == nullptr) {
    throw std::runtime_error("the Amazon plugin needs " + std::string(Service::kId) +
                             ", which this host does not offer");
  }
  return *found;
}

}  // namespace

Services services_of(Host& host) {
  return {needed<HttpClient>(host), needed<Secrets>(host), needed<Clock>(host), part<Quota>(host),
          part<Log>(host),          part<Documents>(host), part<State>(host)};
}

void note(const Services& services, Log::Level level, std::string_view event,
          std::string_view message, std::initializer_list<LogField> fields) {
  if (services.log == nullptr) return;
  services.log->write(level, event, message, std::span<const LogField>(fields));
}

}  // namespace marketplug::amazon
