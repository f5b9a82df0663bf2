#pragma once
// The service layer: every operation that the command line, the socket and (later) the API offer,
// once. The command line talks to a Backend and cannot tell whether it is this process or another.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace marketplug::api {

/// What a caller did wrong or ran into; becomes an exit code or an HTTP problem (RFC 9457).
class OperationError : public std::runtime_error {
 public:
  OperationError(int status, std::string code, const std::string& message, std::string remedy)
      : std::runtime_error(message),
        status_(status),
        code_(std::move(code)),
        remedy_(std::move(remedy)) {}
  int status() const noexcept { return status_; }  ///< as in HTTP: 400, 404, 409, 500 …
  const std::string& code() const noexcept { return code_; }
  const std::string& remedy() const noexcept { return remedy_; }

 private:
  int status_;
  std::string code_, remedy_;
};

class Backend {
 public:
  virtual ~Backend() = default;
  /// One operation by name ("orders.list") with its parameters. Long ones hand each piece of
  /// progress or each record to `emit` and return a summary. Throws OperationError.
  virtual boost::json::value call(std::string_view operation, const boost::json::object& parameters,
                                  const std::function<void(const boost::json::value&)>& emit) = 0;
};

}  // namespace marketplug::api
