#pragma once
// What every test of the HTTPS client needs: a CA, a transport that trusts it, a scope that lists
// the test's server, and a step whose stop can be asked for from another thread.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>

#include "host/services/services.hpp"
#include "marketplug/testing/fakes.hpp"
#include "tls_server.hpp"

namespace marketplug::services::testing {

using marketplug::testing::CapturedLog;
using marketplug::testing::CapturedMetrics;
using marketplug::testing::FakeClock;

/// Any thread may ask for the stop.
class TestStep : public StepContext {
 public:
  explicit TestStep(TimePoint until = TimePoint::max()) : until_(until) {}
  TimePoint deadline() const noexcept override { return until_; }
  bool stop_requested() const noexcept override { return stop; }
  bool keep_raw() const noexcept override { return true; }
  std::atomic<bool> stop{false};

 private:
  TimePoint until_;
};

/// One CA for all tests of the program: making keys is the slow part.
inline const TestCa& test_ca() {
  static const TestCa ca;
  return ca;
}

class HttpTest : public ::testing::Test {
 protected:
  /// Without the system's roots, which are many and slow to read (SystemRootsAreTrusted has its
  /// own).
  HttpTest() { ::setenv("SSL_CERT_FILE", "/dev/null", 1); }

  static Identity localhost() { return test_ca().issue("DNS:localhost,IP:127.0.0.1"); }

  HttpOptions options() const {
    HttpOptions made;
    made.ca_files = {test_ca().file()};
    made.timeout = std::chrono::seconds{20};
    return made;
  }
  std::unique_ptr<HttpTransport> transport(const HttpOptions& with) {
    return make_http(with, clock, log, metrics);
  }
  std::unique_ptr<HttpTransport> transport() { return transport(options()); }

  static HttpScope scope_for(const TestServer& server) {
    HttpScope scope;
    scope.shop = "shop-nl";
    scope.plugin = "amazon";
    scope.allow_private = {"localhost:" + server.port(), "127.0.0.1:" + server.port()};
    return scope;
  }
  static HttpRequest get(std::string url, bool repeatable = true) {
    HttpRequest request;
    request.method = "GET";
    request.url = std::move(url);
    request.operation = "getThing";
    request.repeatable = repeatable;
    return request;
  }

  /// One GET to a server with that script, over a transport of its own.
  Result<HttpResponse> fetch(const TestServer::Script& script) {
    const TestServer server(localhost(), script);
    TestStep step;
    return transport()->send(get(server.url("/")), scope_for(server), step);
  }
  Result<HttpResponse> fetch(const std::string& bytes) {
    return fetch([&](Peer& peer) {
      peer.read_request();
      peer.write(bytes);
      peer.close_notify();
    });
  }

  FakeClock clock;
  CapturedLog log;
  CapturedMetrics metrics;
};

/// The failure's kind and code in one assertion.
inline ::testing::AssertionResult failed_with(const Result<HttpResponse>& result,
                                              Failure::Kind kind, const std::string& code) {
  if (result) return ::testing::AssertionFailure() << "status " << result.value().status;
  const auto& failure = result.failure();
  if (failure.kind == kind && failure.code == code) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "kind " << static_cast<int>(failure.kind) << ", code "
                                       << failure.code << ": " << failure.message;
}

}  // namespace marketplug::services::testing
