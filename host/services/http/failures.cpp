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

}  // namespace

std::string Place::text() const {
  if (operation.empty()) return host;
  return host.empty() ? operation : operation + ": " + host;
}

HttpError transient(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kTransient, place, code, cause, {});
}

HttpError wrong_config(const Place& place, std::string_view code, std::string_view cause,
                       std::string_view remedy) {
  return make(Failure::Kind::kConfig, place, code, cause, remedy);
}

HttpError remote(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kRemote, place, code, cause, {});
}

HttpError cancelled(const Place& place, std::string_view code, std::string_view cause) {
  return make(Failure::Kind::kCancelled, place, code, cause, {});
}

}  // namespace marketplug::services::http
