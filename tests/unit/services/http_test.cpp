// The HTTPS client with well-behaved servers: requests as sent, answers as given, kept connections.

#include <zlib.h>

#include <future>
#include <mutex>
#include <thread>

#include "http_fixture.hpp"

namespace marketplug::services::testing {
namespace http_basics {

using Kind = Failure::Kind;

std::string gzipped(std::string_view text) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

class HttpBasics : public HttpTest {};

TEST_F(HttpBasics, SendsTheRequestAndGivesTheAnswer) {
  std::string seen;
  const TestServer server(localhost(), [&](Peer& peer) {
    seen = peer.read_request();
    peer.write(answer("{\"ok\":true}", "X-Amzn-RequestId: r-1\r\n", "201 Created"));
    peer.wait_for_hangup();
  });
  auto request = get(server.url("/orders?x=1"), false);
  request.method = "POST";
  request.headers = {{"x-amz-access-token", "t"}};
  request.body = "body";
  TestStep step;
  {
    const auto client = transport();
    const auto result = client->send(request, scope_for(server), step);
    ASSERT_TRUE(result) << result.failure().message;
    EXPECT_EQ(result.value().status, 201);
    EXPECT_EQ(result.value().body, "{\"ok\":true}");
    EXPECT_EQ(result.value().header("x-amzn-requestid"), "r-1");
  }
  EXPECT_TRUE(seen.starts_with("POST /orders?x=1 HTTP/1.1\r\nHost: localhost:" + server.port()));
  for (const auto* part :
       {"\r\nx-amz-access-token: t\r\n", "\r\nUser-Agent: Marketplug\r\n",
        "\r\nAccept-Encoding: gzip\r\n", "\r\nContent-Length: 4\r\n", "\r\n\r\nbody"}) {
    EXPECT_NE(seen.find(part), std::string::npos) << part;
  }
  EXPECT_TRUE(log.contains("r-1"));
  EXPECT_EQ(metrics.value("http_requests_total"), 1);
}

TEST_F(HttpBasics, AnOwnUserAgentWins) {
  std::string seen;
  {
    const TestServer server(localhost(), [&](Peer& peer) {
      seen = peer.read_request();
      peer.write(answer(""));
    });
    auto request = get(server.url("/"));
    request.headers = {{"user-agent", "Connector/1"}};
    TestStep step;
    EXPECT_TRUE(transport()->send(request, scope_for(server), step));
  }
  EXPECT_NE(seen.find("user-agent: Connector/1"), std::string::npos);
  EXPECT_EQ(seen.find("Marketplug"), std::string::npos);
}

TEST_F(HttpBasics, KeepsConnections) {
  const TestServer server(localhost(), always(answer("x")));
  const auto client = transport();
  TestStep step;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(HttpBasics, AKeptPrivateConnectionIsOnlyForThoseWhoMayReachIt) {
  const TestServer server(localhost(), always(answer("x")));
  const auto client = transport();
  TestStep step;
  ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  EXPECT_TRUE(failed_with(client->send(get(server.url("/")), HttpScope{"b", "amazon", {}}, step),
                          Kind::kConfig, "address_refused"));
}

TEST_F(HttpBasics, ConnectionCloseIsHonoured) {
  const TestServer server(localhost(), always(answer("x", "Connection: close\r\n")));
  const auto client = transport();
  TestStep step;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  }
  EXPECT_EQ(server.accepted(), 2);
}

/// The first connection answers once and ends at the second request, unnoticed until then.
TestServer::Script dies_at_second_request() {
  return [](Peer& peer) {
    peer.read_request();
    peer.write(answer("first"));
    if (peer.number() != 0) return;
    peer.read_request();
    peer.reset();
  };
}

TEST_F(HttpBasics, AStaleConnectionIsTriedAgainForWhatMayBeRepeated) {
  const TestServer server(localhost(), dies_at_second_request());
  const auto client = transport();
  TestStep step;
  ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  const auto second = client->send(get(server.url("/")), scope_for(server), step);
  ASSERT_TRUE(second) << second.failure().message;
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(HttpBasics, AStaleConnectionIsNotTriedAgainForAnEffect) {
  const TestServer server(localhost(), dies_at_second_request());
  const auto client = transport();
  TestStep step;
  ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  EXPECT_TRUE(failed_with(client->send(get(server.url("/"), false), scope_for(server), step),
                          Kind::kTransient, "reset"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(HttpBasics, APostThatMayNotBeRepeatedArrivesOnceAtMost) {
  std::atomic<int> arrived{0};
  const TestServer server(localhost(), [&](Peer& peer) {
    for (auto text = peer.read_request(); !text.empty(); text = peer.read_request()) {
      if (text.starts_with("POST")) {
        ++arrived;
        return peer.reset();
      }
      peer.write(answer("read"));
    }
  });
  const auto client = transport();
  TestStep step;
  auto request = get(server.url("/"), false);
  request.method = "POST";
  request.body = "ship it";
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
    EXPECT_TRUE(
        failed_with(client->send(request, scope_for(server), step), Kind::kTransient, "reset"));
    EXPECT_EQ(arrived, i) << "on a kept connection";
  }
  request.repeatable = true;
  ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  EXPECT_FALSE(client->send(request, scope_for(server), step));
  EXPECT_EQ(arrived, 5) << "what may be repeated is, once";
}

TEST_F(HttpBasics, AFreshConnectionThatDiesIsNotTriedAgain) {
  const TestServer server(localhost(), [](Peer& peer) { peer.read_request(); });
  TestStep step;
  EXPECT_TRUE(failed_with(transport()->send(get(server.url("/")), scope_for(server), step),
                          Kind::kTransient, "reset"));
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(HttpBasics, AConnectionClosedWhileIdleIsNotUsedForAnEffect) {
  std::promise<void> closed;
  const TestServer server(localhost(), [&](Peer& peer) {
    peer.read_request();
    peer.write(answer("x"));
    if (peer.number() != 0) return;
    peer.close_notify();
    ::shutdown(peer.fd(), SHUT_WR);
    closed.set_value();
    peer.wait_for_hangup();
  });
  const auto client = transport();
  TestStep step;
  ASSERT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
  closed.get_future().wait();
  EXPECT_TRUE(client->send(get(server.url("/"), false), scope_for(server), step));
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(HttpBasics, InflatesGzip) {
  const auto packed = gzipped("hello hello hello");
  const auto result = fetch(answer(packed, "Content-Encoding: gzip\r\n"));
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "hello hello hello");
}

TEST_F(HttpBasics, NamesOfEncodingsAreComparedWithoutCase) {
  for (const auto* name : {"GZIP", "x-gzip", "X-GZip", "Identity"}) {
    const bool plain = std::string_view(name) == "Identity";
    const auto body = plain ? std::string("hello") : gzipped("hello");
    const auto result = fetch(answer(body, "Content-Encoding: " + std::string(name) + "\r\n"));
    ASSERT_TRUE(result) << name << ": " << result.failure().message;
    EXPECT_EQ(result.value().body, "hello") << name;
  }
}

TEST_F(HttpBasics, ReadsChunks) {
  const auto result = fetch(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "hello world");
}

TEST_F(HttpBasics, ReadsABodyThatEndsWithTheConnection) {
  const auto result = fetch("HTTP/1.1 200 OK\r\n\r\nall of it");
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "all of it");
}

TEST_F(HttpBasics, SkipsInterimAnswers) {
  const auto result = fetch("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer("final"));
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "final");
}

TEST_F(HttpBasics, RedirectsAreGivenAndNotFollowed) {
  const TestServer elsewhere(localhost(), always(answer("elsewhere")));
  const TestServer plain(always(answer("plain")));
  for (const auto& target : {elsewhere.url("/"), "http://localhost:" + plain.port() + "/",
                             std::string("/other"), std::string("//elsewhere.example/")}) {
    for (const auto* status : {"301 Moved Permanently", "302 Found", "303 See Other",
                               "307 Temporary Redirect", "308 Permanent Redirect"}) {
      const TestServer server(localhost(),
                              always(answer("", "Location: " + target + "\r\n", status)));
      auto scope = scope_for(server);
      for (const auto* other : {&elsewhere, &plain}) {
        scope.allow_private.push_back("localhost:" + other->port());
      }
      TestStep step;
      const auto result = transport()->send(get(server.url("/")), scope, step);
      ASSERT_TRUE(result) << target << ": " << result.failure().message;
      EXPECT_EQ(result.value().status, std::stoi(status));
      EXPECT_EQ(result.value().header("location"), target);
      EXPECT_EQ(server.accepted(), 1);
    }
  }
  EXPECT_EQ(elsewhere.accepted(), 0);
  EXPECT_EQ(plain.accepted(), 0);
}

TEST_F(HttpBasics, HeadHasNoBody) {
  const TestServer server(localhost(), always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"));
  auto request = get(server.url("/"));
  request.method = "HEAD";
  TestStep step;
  const auto result = transport()->send(request, scope_for(server), step);
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "");
}

TEST_F(HttpBasics, AnEarlyRefusalOfALargeBodyIsHeard) {
  const TestServer server(localhost(), [](Peer& peer) {
    std::string some;
    peer.read_some(some);
    peer.write(answer("too much", "Connection: close\r\n", "413 Content Too Large"));
    peer.close_notify();
    ::shutdown(peer.fd(), SHUT_WR);
    peer.wait_for_hangup();
  });
  auto request = get(server.url("/"), false);
  request.method = "POST";
  request.body.assign(15u << 20, 'x');
  TestStep step;
  const auto result = transport()->send(request, scope_for(server), step);
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().status, 413);
}

TEST_F(HttpBasics, StreamsInPieces) {
  const std::string body(3'000'000, 'z');
  const TestServer server(localhost(), always(answer(body)));
  TestStep step;
  std::string got;
  std::size_t largest = 0;
  const auto result = transport()->stream(
      get(server.url("/")), scope_for(server), 4'000'000,
      [&](std::string_view piece) {
        got += piece;
        largest = std::max(largest, piece.size());
      },
      step);
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(result.value().body, "");
  EXPECT_EQ(got, body);
  EXPECT_LE(largest, 65536u);
}

TEST_F(HttpBasics, HundredRequestsFromEightThreads) {
  const TestServer server(localhost(), [](Peer& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
      peer.write(answer(request.substr(4, request.find(' ', 4) - 4)));
    }
  });
  const auto client = transport();
  std::atomic<int> next{0}, right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      TestStep step;
      for (int n = next++; n < 100; n = next++) {
        const auto path = "/" + std::to_string(n);
        const auto result = client->send(get(server.url(path)), scope_for(server), step);
        if (result && result.value().body == path) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 100);
  EXPECT_LE(server.accepted(), 8);
}

TEST_F(HttpBasics, TheLogHoldsNoQueryNoHeaderNoBody) {
  const TestServer server(localhost(), always(answer("canary-body")));
  auto request = get(server.url("/path?token=canary-query"));
  request.headers = {{"x-amz-access-token", "canary-header"}};
  TestStep step;
  ASSERT_TRUE(transport()->send(request, scope_for(server), step));
  EXPECT_FALSE(log.contains("canary"));
  EXPECT_TRUE(log.contains("path=/path"));
  EXPECT_TRUE(log.contains("host=localhost:" + server.port()));
}

TEST_F(HttpBasics, OfASecretUrlOnlyTheOperationIsLogged) {
  std::string port;
  {
    const TestServer server(localhost(), always(answer("x")));
    port = server.port();
    auto request = get(server.url("/canary-path?X-Amz-Signature=canary-query"));
    request.secret_url = true;
    TestStep step;
    ASSERT_TRUE(transport()->send(request, scope_for(server), step));
    request.url = "https://canary.invalid/canary-path";
    auto quick = options();
    quick.connect_timeout = std::chrono::seconds{1};
    const auto result = transport(quick)->send(request, scope_for(server), step);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.failure().message.find("canary"), std::string::npos);
  }
  EXPECT_FALSE(log.contains("canary"));
  EXPECT_FALSE(log.contains(port));
  EXPECT_TRUE(log.contains("operation=getThing"));
}

}  // namespace http_basics
}  // namespace marketplug::services::testing
