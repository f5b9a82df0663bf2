#include "host/services/http/failures.hpp"

namespace marketplug::services::http {
namespace {

HttpError make(Failure::Kind kind, const Place& place, std::string_view code,
               std::string_view cause, std::string_view remedy) {
  Failure failure;
  failure.kind = kind;
  failure.code = code;
  failure.message = place.text() + ": " + std::string(cause);
  failure.remedy = remedy;
  return HttpError(std::move(failure));
}

/// What a person can do about trouble that is tried again by itself.
std::string_view remedy_of(std::string_view code) {
  if (code == "dns") {
    return "It is tried again by itself. If it stays, check the spelling of the endpoint and the "
           "name service of this machine.";
  }
  if (code == "connect") {
    return "It is tried again by itself. If it stays, check the endpoint's host and port, the "
           "firewall, and whether http.proxy is needed.";
  }
  if (code == "tls") {
    return "It is tried again by itself. If it stays, the server may offer no TLS 1.2 or newer, or "
           "something between intercepts the connection.";
  }
  if (code == "deadline") {
    return "It is tried again by itself, later each time. If it stays, the host answers too slowly "
           "or not at all: check the network between this machine and the host.";
  }
  if (code == "stop") return {};
  if (code == "too_large" || code == "bad_encoding" || code == "malformed") {
    return "It is tried again by itself. If it stays, something between may change the answers (a "
           "proxy); otherwise report it with the log lines.";
  }
  return "It is tried again by itself. If it stays, check the network between this machine and the "
         "host.";
}

}  // namespace

std::string Place::text() const {
  if (operation.empty()) return host;
  return host.empty() ? operation : operation + ": " + host;
}

HttpError transient(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kTransient, place, code, cause, remedy_of(code));
}

HttpError wrong_config(const Place& place, std::string_view code, std::string_view cause,
                       std::string_view remedy) {
  return make(Failure::Kind::kConfig, place, code, cause, remedy);
}

HttpError remote(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kRemote, place, code, cause, remedy_of(code));
}

HttpError cancelled(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kCancelled, place, code, cause, remedy_of(code));
}

}  // namespace marketplug::services::http
