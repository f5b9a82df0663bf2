#pragma once
// The Backend of another process, reached over its Unix socket. One thread at a time; each call is
// a connection of its own, so dropping it (an exception from `emit`) ends the operation there.

#include <chrono>
#include <string>
#include <string_view>

#include "host/api/backend.hpp"

namespace marketplug::api {

class RemoteBackend : public Backend {
 public:
  explicit RemoteBackend(std::string path,
                         std::chrono::milliseconds silence = std::chrono::seconds(60))
      : path_(std::move(path)), silence_(silence) {}
  /// Throws what the service answers, and OperationError 503: code "no_service" where nobody
  /// listens, "no_answer" where it fell silent or closed in the middle.
  boost::json::value call(std::string_view operation, const boost::json::object& parameters,
                          const std::function<void(const boost::json::value&)>& emit) override;
  /// Whether a service listens and answers.
  bool answers() const;

 private:
  std::string path_;
  std::chrono::milliseconds silence_;
};

}  // namespace marketplug::api
