#pragma once
// Serves a Backend on a Unix socket, as HTTP: POST /v1/call/{operation} with a JSON object,
// answered as JSON Lines (socket_path.hpp); GET /healthz, /readyz, /metrics. Only the own user and
// root may connect. One thread serves all connections; operations run on a bounded pool. Start and
// stop it from one thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/api/backend.hpp"
#include "marketplug/services/log.hpp"

namespace marketplug::api {

struct ServerOptions {
  std::string path;  ///< see socket_path()
  std::size_t max_connections = 64;
  std::size_t max_calls = 16;                  ///< at once; more are answered 503
  std::uint64_t max_body = 1u << 20;           ///< bytes of a request
  std::chrono::milliseconds read{10'000};      ///< for a whole request to arrive
  std::chrono::milliseconds write{30'000};     ///< for a client to take what was written
  std::chrono::milliseconds heartbeat{5'000};  ///< between signs of life in a long call
  std::chrono::milliseconds grace{1'500};      ///< for calls to end by themselves at a stop
};

struct ServerParts {
  /// The Backend for a caller ("cli:<user>"), made once per call.
  std::function<std::unique_ptr<Backend>(std::string who)> backend;
  /// Why the service is not ready; empty: it is.
  std::function<std::vector<std::string>()> not_ready;
  Log& log;
};

class SocketServer {
 public:
  /// Listens from now on. The caller holds the lock of the state folder: a socket file that lies
  /// there is a dead process's and is replaced; anything else there is left alone. Throws
  /// OperationError.
  SocketServer(ServerOptions options, ServerParts parts);
  /// As stop().
  ~SocketServer();
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;
  /// Takes no more calls, gives those under way their grace, closes, and removes the socket file.
  /// Waits for calls that still run.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace marketplug::api
