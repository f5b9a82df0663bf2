#pragma once
// How a request fails: one exception inside the transport, turned into a Failure at its door.
// Messages name the host, never for a signed URL. Any thread.

#include <stdexcept>
#include <string>
#include <string_view>

#include "marketplug/result.hpp"

namespace marketplug::services::http {

class HttpError : public std::exception {
 public:
  explicit HttpError(Failure why) : failure(std::move(why)) {}
  const char* what() const noexcept override { return failure.message.c_str(); }

  Failure failure;
  /// The connection was lost before the first byte of an answer: on a kept one, it was stale.
  bool unanswered = false;
};

/// Who is talked to, for messages: "searchOrders: api.example".
struct Place {
  std::string operation;
  std::string host;  ///< "a signed address" where the URL is a secret

  std::string text() const;
};

HttpError transient(const Place& place, std::string_view code, std::string_view cause);
HttpError wrong_config(const Place& place, std::string_view code, std::string_view cause,
                       std::string_view remedy);
HttpError remote(const Place& place, std::string_view code, std::string_view cause);
HttpError cancelled(const Place& place, std::string_view code, std::string_view cause);

}  // namespace marketplug::services::http
