#include "plugins/amazon/sandbox/server_listener.hpp"

#include <Poco/DeflatingStream.h>
#include <Poco/Exception.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerParams.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "plugins/amazon/sandbox/errors.hpp"
#include "plugins/amazon/sandbox/http_text.hpp"

namespace amazon_sandbox {
namespace {

constexpr std::size_t kMaxHead = std::size_t{64} * 1024;
constexpr std::size_t kMaxBody = std::size_t{16} * 1024 * 1024;
constexpr int kMaxConnections = 512;
constexpr std::chrono::seconds kIdle{60};
constexpr std::chrono::milliseconds kTick{250};
constexpr std::chrono::seconds kLinger{2};

/// The text of a request that is too large or malformed, or nothing when the peer is gone.
enum class ReadProblem { kGone, kMalformed, kTooLarge };

class Connection : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket& socket, Listener& listener)
      : TCPServerConnection(socket), listener_(listener) {}

  void run() override {
    try {
      socket().setNoDelay(true);
      socket().setReceiveTimeout(Poco::Timespan(5, 0));
      socket().setSendTimeout(Poco::Timespan(5, 0));
      while (serve_one()) {
      }
    } catch (const Poco::Exception&) {
      // The peer went away or broke the protocol: the connection ends, the server does not.
    }
  }

 private:
  /// Waits for data and appends it. False: end of the stream, idle too long, or the server stops.
  bool receive(std::chrono::milliseconds patience = kIdle) {
    auto waited = std::chrono::milliseconds(0);
    while (socket().available() <= 0 &&
           !socket().poll(Poco::Timespan(0, static_cast<long>(kTick.count()) * 1000),
                          Poco::Net::Socket::SELECT_READ)) {
      waited += kTick;
      if (listener_.stopping() || waited > patience) return false;
    }
    char chunk[32 * 1024];
    const int count = socket().receiveBytes(chunk, sizeof chunk);
    if (count > 0) buffer_.append(chunk, static_cast<std::size_t>(count));
    return count > 0;
  }

  std::optional<ReadProblem> read_head(RequestHead& head) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > kMaxHead) return ReadProblem::kMalformed;
      if (!receive()) return ReadProblem::kGone;
    }
    auto parsed = parse_request_head(std::string_view(buffer_).substr(0, end + 4));
    if (!parsed) return ReadProblem::kMalformed;
    head = std::move(*parsed);
    buffer_.erase(0, end + 4);
    return std::nullopt;
  }

  std::optional<ReadProblem> need(std::size_t bytes) {
    while (buffer_.size() < bytes) {
      if (!receive()) return ReadProblem::kGone;
    }
    return std::nullopt;
  }

  /// Takes a line of the body's framing off the buffer, without its end.
  std::optional<ReadProblem> read_line(std::string& line) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (buffer_.size() > kMaxHead) return ReadProblem::kMalformed;
      if (!receive()) return ReadProblem::kGone;
    }
    line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return std::nullopt;
  }

  /// RFC 7230, 4.1: chunks with their extensions, then trailer fields, which say nothing here.
  std::optional<ReadProblem> read_chunked(std::string& body) {
    std::string line;
    for (;;) {
      if (const auto problem = read_line(line)) return problem;
      std::size_t size = 0;
      const auto* end = line.data() + line.size();
      const auto read = std::from_chars(line.data(), end, size, 16);
      if (read.ec != std::errc{} || (read.ptr != end && *read.ptr != ';' && *read.ptr != ' ')) {
        return ReadProblem::kMalformed;
      }
      if (size == 0) break;
      if (size > kMaxBody || body.size() + size > kMaxBody) return ReadProblem::kTooLarge;
      if (const auto problem = need(size + 2)) return problem;
      if (buffer_.compare(size, 2, "\r\n") != 0) return ReadProblem::kMalformed;
      body.append(buffer_, 0, size);
      buffer_.erase(0, size + 2);
    }
    for (std::size_t trailer = 0; trailer < kMaxHead; trailer += line.size()) {
      if (const auto problem = read_line(line)) return problem;
      if (line.empty()) return std::nullopt;
    }
    return ReadProblem::kMalformed;
  }

  std::optional<ReadProblem> read_body(const RequestHead& head, std::string& body) {
    if (head.content_length > kMaxBody) return ReadProblem::kTooLarge;
    if (head.content_length == 0 && !head.chunked) return std::nullopt;
    if (find_header(head.request.headers, "expect").value_or("") == "100-continue") {
      send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (head.chunked) return read_chunked(body);
    if (const auto problem = need(head.content_length)) return problem;
    body = buffer_.substr(0, head.content_length);
    buffer_.erase(0, head.content_length);
    return std::nullopt;
  }

  void send(std::string_view data) {
    while (!data.empty()) {
      const int count = socket().sendBytes(data.data(), static_cast<int>(data.size()));
      if (count <= 0) throw Poco::IOException("the peer does not read");
      data.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// RST, without a TLS goodbye: disconnecting a TCP socket on Linux aborts it.
  void reset() {
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    static_cast<void>(::connect(socket().impl()->sockfd(), &nobody, sizeof nobody));
  }

  void compress(const Request& request, Response& response) const {
    if (!listener_.gzip() || response.body.size() < 512) return;
    if (find_header(response.headers, "content-encoding")) return;
    if (find_header(request.headers, "accept-encoding").value_or("").find("gzip") ==
        std::string_view::npos) {
      return;
    }
    std::ostringstream packed;
    Poco::DeflatingOutputStream deflate(packed, Poco::DeflatingStreamBuf::STREAM_GZIP, 1);
    deflate.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
    deflate.close();
    response.body = packed.str();
    response.headers.emplace_back("Content-Encoding", "gzip");
  }

  /// True when the connection can carry another request. `with_body`: not to a HEAD.
  bool write(const Response& response, bool keep_alive, bool with_body) {
    if (response.delay.count() > 0 && !listener_.sleep(response.delay)) return false;
    if (response.fault == ConnectionFault::kReset) {
      reset();
      return false;
    }
    const bool truncate = response.fault == ConnectionFault::kTruncate;
    auto text = write_response_head(response, keep_alive && !truncate);
    if (with_body) {
      text.append(response.body, 0, truncate ? response.body.size() / 2 : response.body.size());
    }
    send(text);
    return keep_alive && !truncate;
  }

  bool refuse(ReadProblem problem) {
    if (problem == ReadProblem::kGone) return false;
    // The handler answers what is no request; it numbers and counts that too.
    auto response = listener_.answer(Request{});
    if (problem == ReadProblem::kTooLarge) {
      auto refusal =
          api_error(413, "RequestTooLarge", "The request size exceeded the maximum accepted size.");
      for (auto& header : response.headers) {
        if (header.first != "Content-Type") refusal.headers.push_back(std::move(header));
      }
      response = std::move(refusal);
    }
    write(response, false, true);
    linger();
    return false;
  }

  /// Takes what the peer is still sending: closing on it would reset the connection, and the answer
  /// would be lost.
  void linger() {
    ::shutdown(socket().impl()->sockfd(), SHUT_WR);  // Poco's does nothing under TLS
    for (std::size_t taken = 0; taken < 4 * kMaxBody; taken += buffer_.size()) {
      buffer_.clear();
      if (!receive(kLinger)) return;
    }
  }

  static HostKind host_kind(const Request& request) {
    const auto host = find_header(request.headers, "host").value_or("");
    if (host.find("sellingpartnerapi-na.") != host.npos) return HostKind::kNorthAmerica;
    if (host.find("sellingpartnerapi-eu.") != host.npos) return HostKind::kEurope;
    if (host.find("sellingpartnerapi-fe.") != host.npos) return HostKind::kFarEast;
    return host.starts_with("api.amazon.") ? HostKind::kLwa : HostKind::kLocal;
  }

  bool serve_one() {
    RequestHead head;
    if (const auto problem = read_head(head)) return refuse(*problem);
    if (const auto problem = read_body(head, head.request.body)) return refuse(*problem);
    head.request.host = host_kind(head.request);
    auto response = listener_.answer(head.request);
    compress(head.request, response);
    return write(response, head.keep_alive && !listener_.stopping(), head.request.method != "HEAD");
  }

  Listener& listener_;
  std::string buffer_;
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
 public:
  explicit ConnectionFactory(Listener& listener) : listener_(listener) {}
  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
    return new Connection(socket, listener_);
  }

 private:
  Listener& listener_;
};

Poco::Net::TCPServerParams::Ptr server_params() {
  Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
  params->setMaxThreads(kMaxConnections);
  params->setMaxQueued(kMaxConnections);
  return params;
}

}  // namespace

Listener::Listener(const Poco::Net::ServerSocket& socket, Handler handler, bool gzip)
    : handler_(std::move(handler)), gzip_(gzip), threads_(2, kMaxConnections + 1) {
  server_ = std::make_unique<Poco::Net::TCPServer>(new ConnectionFactory(*this), threads_, socket,
                                                   server_params());
  server_->start();
}

Listener::~Listener() { stop(); }

unsigned Listener::port() const { return server_->port(); }

void Listener::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  stopped_.notify_all();
  server_->stop();
  threads_.joinAll();
}

bool Listener::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Listener::sleep(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, duration, [this] { return stopping_; });
}

}  // namespace amazon_sandbox
