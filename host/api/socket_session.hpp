#pragma once
// Inside of the socket server: one connection, which carries one request. A session lives on the
// server's I/O thread; only push() and listened_to() are for the thread of the running operation.

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "host/api/socket_server.hpp"

namespace marketplug::api::detail {

using UnixStream = boost::beast::basic_stream<boost::asio::local::stream_protocol>;

/// Thrown into a running operation whose caller went away.
struct CallerGone {};

class Session;

/// What the sessions share; owned by the server, outlives them.
struct Shared {
  const ServerOptions& options;
  const ServerParts& parts;
  boost::asio::thread_pool& pool;
  std::set<std::shared_ptr<Session>> sessions;  ///< I/O thread only
  std::mutex mutex;
  std::condition_variable changed;  ///< a call ended, or a session
  std::size_t calls = 0, open = 0;  ///< under `mutex`
  bool stopping = false;            ///< under `mutex`
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::local::stream_protocol::socket socket, Shared& shared);
  void start();
  /// Ends it at once, whatever it does.
  void close();
  bool has_call() const noexcept { return has_call_; }

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  void read();
  void dispatch(const Request& request);
  void start_call(const std::string& operation, const std::string& body);
  void start_metrics();
  void start_readiness();
  void execute(const std::string& operation, const boost::json::object& parameters);
  void run_on_pool(std::function<void()> work);
  /// A whole answer at once, then the end.
  void answer(int status, const std::string& content_type, std::string body);
  void answer_problem(const OperationError& error);
  /// As answer(), from the operation's thread.
  void post_answer(int status, const std::string& content_type, std::string body);

  /// Operation's thread: hands a line over; waits while the client is slow. Throws CallerGone.
  void push(int status, std::string line, bool last);
  void listened_to();  ///< throws CallerGone
  void queue(int status, std::string line, bool last);
  void write_head();
  void write_next();
  void watch_for_the_end();
  void beat();
  void finish();

  UnixStream stream_;
  Shared& shared_;
  std::string who_;
  bool has_call_ = false, closed_ = false;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::asio::steady_timer heartbeat_;
  char probe_ = 0;

  std::optional<boost::beast::http::response<boost::beast::http::empty_body>> head_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>> head_out_;
  std::deque<std::string> lines_;
  std::string writing_;
  bool head_sent_ = false, busy_ = false, last_queued_ = false;

  std::mutex mutex_;
  std::condition_variable drained_;
  std::size_t pending_ = 0;  ///< bytes the client has not taken yet; under `mutex_`
  bool gone_ = false;        ///< under `mutex_`
};

}  // namespace marketplug::api::detail
