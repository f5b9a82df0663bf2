#include "host/api/socket_session.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "host/api/socket_path.hpp"
#include "host/api/user_name.hpp"

namespace marketplug::api::detail {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kMaxHeader = 16u << 10;
constexpr std::string_view kCallPrefix = "/v1/call/";
constexpr const char* kJsonLines = "application/jsonl";
constexpr const char* kPlainText = "text/plain; charset=utf-8";

OperationError bad_request(std::string_view cause) {
  return {400, "bad_request", fmt::format("the request is not understood: {}", cause),
          "Send POST /v1/call/<operation> with a JSON object."};
}

OperationError unreadable(const boost::system::error_code& error, std::uint64_t max_body) {
  if (error == http::error::body_limit) {
    return {413, "too_large", fmt::format("the request has more than {} bytes", max_body),
            "Send less at once."};
  }
  if (error == http::error::header_limit) {
    return {431, "too_large", "the request's header is too large", "Send fewer header fields."};
  }
  return bad_request(error.message());
}

}  // namespace

Session::Session(boost::asio::local::stream_protocol::socket socket, Shared& shared)
    : stream_(std::move(socket)), shared_(shared), heartbeat_(stream_.get_executor()) {}

void Session::start() {
  ucred peer{};
  socklen_t size = sizeof(peer);
  const int handle = stream_.socket().native_handle();
  if (::getsockopt(handle, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      (peer.uid != ::geteuid() && peer.uid != 0)) {
    answer_problem({403, "forbidden", "this socket belongs to another user",
                    "Run marketplug as the user that the service runs as."});
    return;
  }
  who_ = "cli:" + user_name(peer.uid);
  read();
}

void Session::read() {
  parser_.emplace();
  parser_->body_limit(shared_.options.max_body);
  parser_->header_limit(kMaxHeader);
  stream_.expires_after(shared_.options.read);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                     if (!error) return self->dispatch(self->parser_->get());
                     const bool theirs = error.category() ==
                                         http::make_error_code(http::error::body_limit).category();
                     if (!theirs || error == http::error::end_of_stream) return self->close();
                     self->answer_problem(unreadable(error, self->shared_.options.max_body));
                   });
}

void Session::dispatch(const Request& request) {
  const std::string target(request.target());
  if (target.starts_with(kCallPrefix)) {
    if (request.method() != http::verb::post) {
      return answer_problem({405, "bad_method", "operations are called with POST", "Use POST."});
    }
    return start_call(target.substr(kCallPrefix.size()), request.body());
  }
  if (request.method() == http::verb::get) {
    if (target == "/healthz") return answer(200, kPlainText, "ok\n");
    if (target == "/readyz") return start_readiness();
    if (target == "/metrics") return start_metrics();
  }
  answer_problem({404, "not_found", "there is nothing at this path", "See docs/operators."});
}

void Session::start_call(const std::string& operation, const std::string& body) {
  boost::json::value parameters = boost::json::object();
  if (!body.empty()) {
    boost::system::error_code error;
    parameters = boost::json::parse(body, error);
    if (error) return answer_problem(bad_request("its body is not JSON"));
    if (!parameters.is_object()) return answer_problem(bad_request("its body is not an object"));
  }
  run_on_pool([self = shared_from_this(), operation, parameters = std::move(parameters)] {
    self->execute(operation, parameters.get_object());
  });
  beat();
}

void Session::start_readiness() {
  run_on_pool([self = shared_from_this()] {
    std::string text;
    for (const auto& reason : self->shared_.parts.not_ready()) text += reason + "\n";
    self->post_answer(text.empty() ? 200 : 503, kPlainText, text.empty() ? "ready\n" : text);
  });
}

void Session::start_metrics() {
  run_on_pool([self = shared_from_this()] {
    const auto metrics =
        self->shared_.parts.backend(self->who_)->call("metrics.text", {}, [](const auto&) {});
    self->post_answer(200, "text/plain; version=0.0.4; charset=utf-8",
                      std::string(metrics.at("text").get_string()));
  });
}

void Session::execute(const std::string& operation, const boost::json::object& parameters) {
  const auto backend = shared_.parts.backend(who_);
  const auto result = backend->call(operation, parameters, [this](const boost::json::value& each) {
    if (each.is_null()) return listened_to();
    push(200, boost::json::serialize(boost::json::object{{"progress", each}}), false);
  });
  push(200, boost::json::serialize(boost::json::object{{"result", result}}), true);
}

void Session::run_on_pool(std::function<void()> work) {
  {
    const std::lock_guard lock(shared_.mutex);
    if (shared_.stopping || shared_.calls >= shared_.options.max_calls) {
      return answer_problem(
          {503, shared_.stopping ? "stopping" : "busy",
           shared_.stopping ? "the service is stopping" : "too many operations run at once",
           "Try again in a moment."});
    }
    ++shared_.calls;
  }
  has_call_ = true;
  watch_for_the_end();
  boost::asio::post(shared_.pool, [self = shared_from_this(), work = std::move(work)] {
    const auto fail = [&](const OperationError& error) {
      try {
        self->push(error.status(),
                   boost::json::serialize(boost::json::object{{"problem", problem_of(error)}}),
                   true);
      } catch (const CallerGone&) {
        // Nobody is left to be told.
      }
    };
    try {
      work();
    } catch (const CallerGone&) {
      // The operation has ended as its caller wished.
    } catch (const OperationError& error) {
      fail(error);
    } catch (const std::exception& error) {
      const LogField fields[] = {{"cause", error.what()}};
      self->shared_.parts.log.write(Log::Level::kError, "socket.call_failed",
                                    "An operation failed unexpectedly.", fields);
      fail({500, "internal", "the operation failed unexpectedly",
            "Look into the log of the service for the cause."});
    }
    const std::lock_guard lock(self->shared_.mutex);
    --self->shared_.calls;
    self->shared_.changed.notify_all();
  });
}

void Session::answer(int status, const std::string& content_type, std::string body) {
  if (closed_) return;
  auto response = std::make_shared<http::response<http::string_body>>();
  response->version(11);
  response->result(static_cast<unsigned>(status));
  response->set(http::field::content_type, content_type);
  response->keep_alive(false);
  response->body() = std::move(body);
  response->prepare_payload();
  last_queued_ = true;
  stream_.expires_after(shared_.options.write);
  http::async_write(stream_, *response,
                    [self = shared_from_this(), response](boost::system::error_code, std::size_t) {
                      self->finish();
                    });
}

void Session::answer_problem(const OperationError& error) {
  answer(error.status(), kJsonLines,
         boost::json::serialize(boost::json::object{{"problem", problem_of(error)}}) + "\n");
}

void Session::post_answer(int status, const std::string& content_type, std::string body) {
  boost::asio::post(stream_.get_executor(), [self = shared_from_this(), status, content_type,
                                             text = std::move(body)]() mutable {
    self->answer(status, content_type, std::move(text));
  });
}

void Session::watch_for_the_end() {
  stream_.expires_never();
  stream_.async_read_some(
      boost::asio::buffer(&probe_, 1),
      [self = shared_from_this()](boost::system::error_code, std::size_t) { self->close(); });
}

void Session::finish() {
  boost::system::error_code ignored;
  stream_.socket().shutdown(UnixStream::socket_type::shutdown_send, ignored);
  close();
}

void Session::close() {
  if (std::exchange(closed_, true)) return;
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
  }
  drained_.notify_all();
  heartbeat_.cancel();
  stream_.close();
  shared_.sessions.erase(shared_from_this());
  const std::lock_guard lock(shared_.mutex);
  --shared_.open;
  shared_.changed.notify_all();
}

}  // namespace marketplug::api::detail
