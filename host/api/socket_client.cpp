#include "host/api/socket_client.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "host/api/socket_path.hpp"

namespace marketplug::api {
namespace {

namespace http = boost::beast::http;
using boost::asio::local::stream_protocol;
constexpr std::chrono::seconds kHealthTime{3};

OperationError no_answer(const std::string& path, const std::string& cause) {
  return {503, "no_answer", fmt::format("{}: the service did not answer: {}", path, cause),
          "Look into its log; if it hangs, restart it."};
}

/// One connection. Every wait has an end.
class Connection {
 public:
  Connection(const std::string& path, std::chrono::milliseconds silence)
      : path_(path), silence_(silence), stream_(context_) {
    boost::system::error_code error;
    stream_.socket().connect(stream_protocol::endpoint(path), error);
    if (!error) return;
    throw OperationError(503, "no_service",
                         fmt::format("{}: no service answers: {}", path, error.message()),
                         "Start it with `marketplug run`.");
  }

  template <class Body>
  void send(http::request<Body>& request) {
    request.version(11);
    request.set(http::field::host, "localhost");
    request.prepare_payload();
    boost::system::error_code result;
    await([&](auto done) { http::async_write(stream_, request, std::move(done)); }, result);
    // A server that refuses early closes before it has read all; its answer is still there.
    if (result && result != boost::asio::error::broken_pipe) throw no_answer(path_, say(result));
  }

  int read_head() {
    parser_.body_limit(boost::none);
    boost::system::error_code result;
    await([&](auto done) { http::async_read_header(stream_, buffer_, parser_, std::move(done)); },
          result);
    if (result) throw no_answer(path_, say(result));
    return static_cast<int>(parser_.get().result_int());
  }

  /// The next piece of the body; nullopt at its end.
  std::optional<std::string_view> read_some() {
    while (!parser_.is_done()) {
      parser_.get().body().data = piece_.data();
      parser_.get().body().size = piece_.size();
      boost::system::error_code result;
      await([&](auto done) { http::async_read_some(stream_, buffer_, parser_, std::move(done)); },
            result);
      if (result && result != http::error::need_buffer) throw no_answer(path_, say(result));
      const auto read = piece_.size() - parser_.get().body().size;
      if (read != 0) return std::string_view(piece_.data(), read);
    }
    return std::nullopt;
  }

 private:
  template <class Start>
  void await(Start start, boost::system::error_code& result) {
    stream_.expires_after(silence_);
    start([&](boost::system::error_code error, std::size_t) { result = error; });
    context_.restart();
    context_.run();
  }

  std::string say(const boost::system::error_code& error) const {
    if (error == boost::beast::error::timeout) {
      return fmt::format("silence for {} s",
                         std::chrono::duration_cast<std::chrono::seconds>(silence_).count());
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message) {
      return "it closed the connection";
    }
    return error.message();
  }

  const std::string& path_;
  std::chrono::milliseconds silence_;
  boost::asio::io_context context_;
  boost::beast::basic_stream<stream_protocol> stream_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::buffer_body> parser_;
  std::array<char, 64u << 10> piece_{};
};

/// Takes one line; the result, where it is the last one.
std::optional<boost::json::value> take_line(
    const std::string& path, std::string_view line,
    const std::function<void(const boost::json::value&)>& emit) {
  boost::json::parse_options options;
  options.max_depth = kDeepestJson;
  boost::system::error_code error;
  auto parsed = boost::json::parse(line, error, {}, options);
  auto* members = error ? nullptr : parsed.if_object();
  if (members == nullptr) throw no_answer(path, "it sent something that is not its protocol");
  if (auto* result = members->if_contains("result")) return std::move(*result);
  if (const auto* problem = members->if_contains("problem")) throw error_of(*problem);
  if (const auto* progress = members->if_contains("progress"); progress && !progress->is_null()) {
    emit(*progress);
  }
  return std::nullopt;
}

}  // namespace

boost::json::value RemoteBackend::call(std::string_view operation,
                                       const boost::json::object& parameters,
                                       const std::function<void(const boost::json::value&)>& emit) {
  Connection connection(path_, silence_);
  http::request<http::string_body> request;
  request.method(http::verb::post);
  request.target(fmt::format("/v1/call/{}", operation));
  request.set(http::field::content_type, "application/json");
  request.body() = boost::json::serialize(parameters);
  connection.send(request);
  connection.read_head();
  std::string rest;
  while (const auto piece = connection.read_some()) {
    rest += *piece;
    if (rest.size() > kLongestLine) throw no_answer(path_, "one line of it is too long");
    std::size_t from = 0;
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', from)) {
      auto result = take_line(path_, std::string_view(rest).substr(from, end - from), emit);
      if (result) return *std::move(result);
      from = end + 1;
    }
    rest.erase(0, from);
  }
  throw no_answer(path_, "it ended before the result");
}

bool RemoteBackend::answers() const {
  try {
    Connection connection(path_, kHealthTime);
    http::request<http::empty_body> request;
    request.method(http::verb::get);
    request.target("/healthz");
    connection.send(request);
    return connection.read_head() == 200;
  } catch (const OperationError&) {
    return false;
  }
}

}  // namespace marketplug::api
