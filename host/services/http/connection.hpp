#pragma once
// One TLS connection to one host: never blocks but in its Budget, never throws Poco's exceptions,
// tells a clean end from a torn one. One thread at a time.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>

#include "host/services/http/budget.hpp"

namespace marketplug::services::http {

class Connection {
 public:
  /// What a read gave.
  enum class End { kData, kClosed, kTorn };
  struct Read {
    End end = End::kData;
    std::size_t size = 0;
    std::string cause;  ///< kTorn: for the message
  };

  /// Of a connected, non-blocking socket; handshake() comes next.
  Connection(const Poco::Net::StreamSocket& socket, std::string key, bool to_private);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Verifies chain and host name. Throws HttpError "tls", "tls_untrusted", "tls_name".
  void handshake(const Poco::Net::Context::Ptr& context, const std::string& host,
                 const Place& place, const Budget& budget, Budget::Steady::time_point until);

  /// Some bytes of the answer, at least one, unless it ended.
  Read read(char* buffer, std::size_t size, const Budget& budget);
  /// All of it; false where the peer tore the connection or began to answer before the end (what it
  /// said waits in read()).
  bool write(std::string_view bytes, const Budget& budget);

  /// Whether the peer closed (or said something unasked) while it was kept.
  bool stale() const;

  const std::string& key() const noexcept { return key_; }
  bool to_private() const noexcept { return to_private_; }

  std::chrono::steady_clock::time_point kept_since;
  bool kept = false;  ///< it has carried a whole exchange before

 private:
  struct Step;
  template <class Call>
  Step step(Call call);
  Read receive_once(char* buffer, std::size_t size, short& wanted);

  Poco::Net::StreamSocket plain_;
  /// Not before the handshake: an empty one would make Poco's own lenient default context.
  std::optional<Poco::Net::SecureStreamSocket> secure_;
  std::string key_;
  bool to_private_;
  std::string early_;  ///< read while writing
};

}  // namespace marketplug::services::http
