#pragma once
// What goes into the simulator and what comes out: plain values, no sockets.
// Any thread; everything is owned by whoever holds it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace amazon_sandbox {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Which of Amazon's hosts was addressed. kLocal is one port that serves all of them.
enum class HostKind : std::uint8_t { kLocal, kLwa, kNorthAmerica, kEurope, kFarEast };

/// The value of the header, names compared without case; nullopt when it is absent.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) noexcept;

struct Request {
  std::string method = "GET";
  std::string target;  ///< path and query as sent, percent-encoded
  Headers headers;
  std::string body;
  HostKind host = HostKind::kLocal;
};

/// Where the request went, as its sender calls it.
std::string host_of(const Request& request);

/// What happens to the connection besides the answer. A reset sends nothing; a truncated answer
/// announces its whole length, sends half of it and closes.
enum class ConnectionFault : std::uint8_t { kNone, kReset, kTruncate };

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  ConnectionFault fault = ConnectionFault::kNone;
  std::chrono::milliseconds delay{0};  ///< to wait before the answer is sent
};

}  // namespace amazon_sandbox
