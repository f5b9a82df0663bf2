#include "host/api/local_backend.hpp"

#include <fmt/format.h>

#include "host/api/operation.hpp"

namespace marketplug::api {
namespace {

struct Answer {
  int status;
  const char* code;
};

Answer answer_to(store::StoreError::Kind kind) {
  using Kind = store::StoreError::Kind;
  switch (kind) {
    case Kind::kFenced:
      return {409, "fenced"};
    case Kind::kLocked:
      return {409, "locked"};
    case Kind::kBusy:
      return {503, "busy"};
    case Kind::kDiskFull:
      return {507, "disk_full"};
    case Kind::kReadOnly:
      return {500, "read_only"};
    case Kind::kCorrupt:
      return {500, "corrupt"};
    case Kind::kNewerSchema:
      return {500, "newer_schema"};
    case Kind::kWrongKey:
      return {500, "wrong_key"};
    case Kind::kConstraint:
      return {409, "conflict"};
    case Kind::kNotFound:
      return {404, "not_found"};
    case Kind::kIo:
      return {503, "io"};
    case Kind::kStopped:
      return {503, "stopped"};
    case Kind::kOther:
      break;
  }
  return {500, "store"};
}

}  // namespace

boost::json::value LocalBackend::call(std::string_view operation,
                                      const boost::json::object& parameters,
                                      const std::function<void(const boost::json::value&)>& emit) {
  const auto* found = find_operation(operation);
  if (found == nullptr) {
    throw OperationError(404, "unknown_operation",
                         fmt::format("there is no operation {}", operation),
                         "Use the same version of marketplug on both sides.");
  }
  const Arguments arguments(operation, found->parameters, parameters);
  try {
    return found->run(Call{parts_, who_, arguments, emit});
  } catch (const store::StoreError& error) {
    throw to_operation_error(error);
  }
}

OperationError to_operation_error(const store::StoreError& error) {
  const auto answer = answer_to(error.kind());
  return {answer.status, answer.code, error.what(), ""};
}

OperationError to_operation_error(const Failure& failure) {
  using Kind = Failure::Kind;
  int status = 500;
  std::string code = failure.code;
  const auto as = [&](int number, const char* name) {
    status = number;
    if (code.empty()) code = name;
  };
  switch (failure.kind) {
    case Kind::kInternal:
      as(500, "internal");
      break;
    case Kind::kConfig:
      as(409, "config");
      break;
    case Kind::kAuth:
      as(409, "auth");
      break;
    case Kind::kThrottled:
      as(503, "throttled");
      break;
    case Kind::kTransient:
      as(503, "transient");
      break;
    case Kind::kRemote:
      as(502, "remote");
      break;
    case Kind::kCancelled:
      as(503, "cancelled");
      break;
  }
  return {status, code, failure.message, failure.remedy};
}

store::ShopRecord require_shop(store::Store& store, std::string_view id) {
  if (auto shop = store.shops().find(id)) return *std::move(shop);
  std::string known;
  std::size_t count = 0;
  for (const auto& shop : store.shops().list()) {
    if (++count > 20) {
      known += ", …";
      break;
    }
    if (!known.empty()) known += ", ";
    known += shop.id;
  }
  throw OperationError(404, "no_such_shop", fmt::format("there is no shop {}", id),
                       known.empty() ? "No shop is set up yet: put a file into the shops' folder."
                                     : fmt::format("Shops here: {}.", known));
}

}  // namespace marketplug::api
