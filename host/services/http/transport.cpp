#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "host/services/ascii.hpp"
#include "host/services/http/address_policy.hpp"
#include "host/services/http/dialer.hpp"
#include "host/services/http/inflate.hpp"
#include "host/services/http/message.hpp"
#include "host/services/http/pool.hpp"
#include "host/services/http/report.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace http {
namespace {

constexpr std::uint64_t kMostInMemory = 16u << 20;
constexpr std::size_t kMostInterim = 8;
/// A repeatable request may meet a connection that just died; an effect had better not.
constexpr std::chrono::seconds kIdleForReads{15};
constexpr std::chrono::seconds kIdleForEffects{2};

using Sink = std::function<void(std::string_view)>;

struct Limits {
  std::uint64_t transferred;
  std::uint64_t inflated;
};

/// The answer to one request on one connection.
class Exchange {
 public:
  Exchange(const HttpRequest& request, Connection& connection, const Place& place,
           const Budget& budget)
      : request_(request), connection_(connection), place_(place), budget_(budget) {}

  /// Throws HttpError; `unanswered` is set where not one byte came back.
  HttpResponse run(std::string_view bytes, const Limits& limits, const Sink& sink) {
    sent_ = connection_.write(bytes, budget_);
    Head head = read_head();
    for (std::size_t interim = 0; head.status < 200; ++interim) {
      if (head.status == 101 || interim == kMostInterim) {
        throw remote(place_, "malformed", "the answer never begins");
      }
      head = read_head();
    }
    HttpResponse response;
    response.status = head.status;
    response.headers = head.headers;
    read_body(head, limits, sink);
    reusable_ = sent_ && complete_ && head.keep_alive && inbox_.empty();
    return response;
  }

  bool reusable() const noexcept { return reusable_; }
  std::uint64_t received() const noexcept { return received_; }

 private:
  Connection::Read more() {
    auto got = connection_.read(buffer_.data(), buffer_.size(), budget_);
    if (got.end == Connection::End::kData) {
      inbox_.append(buffer_.data(), got.size);
      answered_ = true;
    }
    return got;
  }

  Head read_head() {
    std::size_t searched = 0;
    for (;;) {
      const auto end = inbox_.find("\r\n\r\n", searched);
      if (end != std::string::npos) {
        const auto text = inbox_.substr(0, end + 4);
        inbox_.erase(0, end + 4);
        return parse_head(text, place_);
      }
      if (inbox_.size() > kMaxHead)
        throw remote(place_, "too_large", "the answer's head is endless");
      searched = inbox_.size() > 3 ? inbox_.size() - 3 : 0;
      const auto got = more();
      if (got.end == Connection::End::kData) continue;
      auto error = answered_
                       ? transient(place_, "truncated", "the answer broke off within its head")
                       : transient(place_, "reset",
                                   got.cause.empty() ? "closed without an answer"
                                                     : "no answer: " + got.cause);
      error.unanswered = !answered_;
      throw error;
    }
  }

  void read_body(const Head& head, const Limits& limits, const Sink& sink) {
    BodyDecoder body(head, request_.method, place_);
    auto inflater = inflater_for(head, body, limits);
    const Sink take = [&](std::string_view piece) {
      received_ += piece.size();
      if (received_ > limits.transferred) throw too_large(limits.transferred);
      if (inflater) {
        inflater->feed(piece, sink);
      } else {
        sink(piece);
      }
    };
    if (body.announced() > limits.transferred) throw too_large(limits.transferred);
    while (!body.done()) {
      inbox_.erase(0, body.feed(inbox_, take));
      if (body.done()) break;
      const auto got = more();
      if (got.end == Connection::End::kData) continue;
      body.finish(got.end == Connection::End::kClosed);
      break;
    }
    complete_ = body.done();
    if (inflater && received_ != 0) inflater->finish();
  }

  std::optional<Inflater> inflater_for(const Head& head, const BodyDecoder& body,
                                       const Limits& limits) const {
    const auto encoding = head.header("content-encoding");
    const auto is = [&](std::string_view name) { return ascii::same(encoding, name); };
    if (encoding.empty() || is("identity") || body.done()) return std::nullopt;
    if (head.count("content-encoding") != 1 || !(is("gzip") || is("x-gzip"))) {
      throw remote(place_, "bad_encoding", "the answer is encoded in a way nobody asked for");
    }
    return Inflater(limits.inflated, place_);
  }

  HttpError too_large(std::uint64_t most) const {
    return remote(place_, "too_large",
                  "the answer is larger than " + std::to_string(most) + " bytes");
  }

  const HttpRequest& request_;
  Connection& connection_;
  const Place& place_;
  const Budget& budget_;
  bool sent_ = false, answered_ = false, complete_ = false, reusable_ = false;
  std::uint64_t received_ = 0;
  std::string inbox_;
  std::array<char, 16384> buffer_{};
};

class PocoTransport : public HttpTransport {
 public:
  PocoTransport(const HttpOptions& options, const Clock& clock, Log& log, Metrics& metrics)
      : options_(options), clock_(clock), dialer_(options), reporter_(log, metrics) {
    // OpenSSL writes with write(2): a peer that hung up would end the program.
    std::signal(SIGPIPE, SIG_IGN);
  }

  Result<HttpResponse> send(const HttpRequest& request, const HttpScope& scope,
                            StepContext& ctx) override {
    std::string body;
    auto result = exchange(
        request, scope, {kMostInMemory, kMostInMemory}, {options_.timeout, options_.timeout},
        [&](std::string_view piece) { body += piece; }, ctx);
    if (result) result.value().body = std::move(body);
    return result;
  }

  Result<HttpResponse> stream(const HttpRequest& request, const HttpScope& scope,
                              std::uint64_t max_bytes, const Sink& sink,
                              StepContext& ctx) override {
    // Large ones take their time: until the step's end, as long as something comes.
    return exchange(request, scope, {max_bytes, std::numeric_limits<std::uint64_t>::max()},
                    {std::chrono::milliseconds::max(), options_.timeout}, sink, ctx);
  }

  void prepare() override { dialer_.prepare(); }
  void close_idle() override { pool_.close_idle(); }

  void abort_reads() override { aborted_ = true; }

 private:
  Result<HttpResponse> exchange(const HttpRequest& request, const HttpScope& scope,
                                const Limits& limits, const Budget::Patience& patience,
                                const Sink& sink, StepContext& ctx) {
    Report report(reporter_, request, scope);
    try {
      const auto url = parse_url(request.url, report.place());
      report.to(url);
      const auto bytes = write_request(request, url, options_.user_agent, report.place());
      if (request.body.size() > kMostInMemory) {
        throw remote(report.place(), "too_large", "the request's body is larger than 16 MB");
      }
      const Budget budget(report.place(), ctx, clock_, patience, request.repeatable, aborted_);
      budget.check();
      return report.succeeded(run(request, url, scope, bytes, limits, sink, budget, report));
    } catch (HttpError& error) {
      return report.failed(std::move(error.failure));
    }
  }

  /// On a kept connection where there is one; once more on a fresh one where that was stale and
  /// repeating does no harm.
  HttpResponse run(const HttpRequest& request, const Url& url, const HttpScope& scope,
                   std::string_view bytes, const Limits& limits, const Sink& sink,
                   const Budget& budget, Report& report) {
    const bool listed = is_listed(scope.allow_private, url.host_port());
    const auto idle = request.repeatable ? kIdleForReads : kIdleForEffects;
    auto connection = pool_.take(url.host_port(), idle, listed);
    if (connection != nullptr) {
      try {
        return run_on(std::move(connection), request, bytes, limits, sink, budget, report);
      } catch (const HttpError& error) {
        if (!error.unanswered || !request.repeatable) throw;
      }
    }
    connection = dialer_.open(url, scope, report.place(), budget);
    return run_on(std::move(connection), request, bytes, limits, sink, budget, report);
  }

  HttpResponse run_on(std::unique_ptr<Connection> connection, const HttpRequest& request,
                      std::string_view bytes, const Limits& limits, const Sink& sink,
                      const Budget& budget, Report& report) {
    Exchange exchange(request, *connection, report.place(), budget);
    auto response = exchange.run(bytes, limits, sink);
    report.received(exchange.received());
    if (exchange.reusable()) pool_.put(std::move(connection));
    return response;
  }

  HttpOptions options_;
  const Clock& clock_;
  Dialer dialer_;
  Reporter reporter_;
  Pool pool_;
  std::atomic<bool> aborted_{false};
};

}  // namespace
}  // namespace http

std::unique_ptr<HttpTransport> make_http(const HttpOptions& options, const Clock& clock, Log& log,
                                         Metrics& metrics) {
  return std::make_unique<http::PocoTransport>(options, clock, log, metrics);
}

}  // namespace marketplug::services
