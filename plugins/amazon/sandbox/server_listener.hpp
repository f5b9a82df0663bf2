#pragma once
// Serves HTTP/1.1 on a socket: reads requests, calls the handler, writes its answers and the
// connection faults they carry. A thread per connection. start and stop belong to one thread.

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "plugins/amazon/sandbox/request.hpp"

namespace amazon_sandbox {

class Listener {
 public:
  using Handler = std::function<Response(const Request&)>;  ///< called from many threads

  /// The socket is bound and listening. `gzip`: compress for clients that accept it.
  Listener(const Poco::Net::ServerSocket& socket, Handler handler, bool gzip);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  unsigned port() const;
  /// Ends idle connections within half a second; an answer under way is finished, or given up when
  /// its reader takes nothing for five seconds.
  void stop();

  // For the connections.
  bool stopping() const;
  /// False when the listener was stopped meanwhile.
  bool sleep(std::chrono::milliseconds duration);
  Response answer(const Request& request) const { return handler_(request); }
  bool gzip() const { return gzip_; }

 private:
  Handler handler_;
  bool gzip_;
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  Poco::ThreadPool threads_;
  std::unique_ptr<Poco::Net::TCPServer> server_;
};

}  // namespace amazon_sandbox
