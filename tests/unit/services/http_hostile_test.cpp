// The HTTPS client with broken and hostile servers: nothing truncated passes as whole, nothing
// outlasts its deadline, nothing grows without limit.

#include <zlib.h>

#include <condition_variable>
#include <future>
#include <thread>

#include "http_fixture.hpp"

namespace marketplug::services::testing {
namespace http_hostile {

using Kind = Failure::Kind;
using std::chrono::milliseconds;

class HttpHostile : public HttpTest {
 protected:
  /// A step that ends so soon, and a request to a server with that script.
  Result<HttpResponse> fetch_within(milliseconds length, const TestServer& server) {
    TestStep step(clock.now() + length);
    return transport()->send(get(server.url("/")), scope_for(server), step);
  }
};

struct Broken {
  const char* name;
  std::string bytes;
  Kind kind;
  const char* code;
};

class HttpBroken : public HttpTest, public ::testing::WithParamInterface<Broken> {};

TEST_P(HttpBroken, IsRefused) {
  EXPECT_TRUE(failed_with(fetch(GetParam().bytes), GetParam().kind, GetParam().code));
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

INSTANTIATE_TEST_SUITE_P(
    Answers, HttpBroken,
    ::testing::Values(
        Broken{"ShortBody", kOk + "Content-Length: 100\r\n\r\n0123456789", Kind::kTransient,
               "truncated"},
        Broken{"NoLastChunk", kOk + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
               Kind::kTransient, "truncated"},
        Broken{"HalfChunk", kOk + "Transfer-Encoding: chunked\r\n\r\na\r\nabc", Kind::kTransient,
               "truncated"},
        Broken{"NoEndOfTrailer", kOk + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
               Kind::kTransient, "truncated"},
        Broken{"HalfHead", "HTTP/1.1 200 OK\r\nContent-Le", Kind::kTransient, "truncated"},
        Broken{"Nothing", "", Kind::kTransient, "reset"},
        Broken{"NotHttp", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Kind::kRemote, "malformed"},
        Broken{"BadStatus", "HTTP/1.1 20x OK\r\n\r\n", Kind::kRemote, "malformed"},
        Broken{"FoldedHeader", kOk + "A: b\r\n c\r\n\r\n", Kind::kRemote, "malformed"},
        Broken{"TwoLengths", kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
               Kind::kRemote, "malformed"},
        Broken{"LengthAndChunks",
               kOk + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               Kind::kRemote, "malformed"},
        Broken{"NegativeLength", kOk + "Content-Length: -1\r\n\r\n", Kind::kRemote, "malformed"},
        Broken{"BadChunkSize", kOk + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", Kind::kRemote,
               "malformed"},
        Broken{"LongChunk", kOk + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
               Kind::kRemote, "malformed"},
        Broken{"UnaskedEncoding", answer("x", "Content-Encoding: br\r\n"), Kind::kRemote,
               "bad_encoding"},
        Broken{"NotGzip", answer("plain", "Content-Encoding: gzip\r\n"), Kind::kRemote,
               "bad_encoding"},
        Broken{"EndlessHead", kOk + "A: " + std::string(100'000, 'a') + "\r\n\r\n", Kind::kRemote,
               "too_large"},
        Broken{"AnnouncesTooMuch", kOk + "Content-Length: 20000000\r\n\r\n", Kind::kRemote,
               "too_large"}),
    [](const auto& instance) { return instance.param.name; });

TEST_F(HttpHostile, ATornTlsConnectionIsNoEndOfABody) {
  EXPECT_TRUE(failed_with(fetch([](Peer& peer) {
                            peer.read_request();
                            peer.write("HTTP/1.1 200 OK\r\n\r\npart of it");
                          }),
                          Kind::kTransient, "truncated"));
}

TEST_F(HttpHostile, AResetInTheMiddleIsNoAnswer) {
  const auto result = fetch([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    peer.reset();
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, Kind::kTransient);
  // The reset may overtake the bytes that were sent before it.
  EXPECT_TRUE(result.failure().code == "truncated" || result.failure().code == "reset");
}

std::string bomb(std::size_t size) {
  const std::string zeros(size, '\0');
  std::string out(compressBound(static_cast<uLong>(size)), '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
  z.avail_in = static_cast<uInt>(size);
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

TEST_F(HttpHostile, AGzipBombIsRefused) {
  EXPECT_TRUE(failed_with(fetch(answer(bomb(8u << 20), "Content-Encoding: gzip\r\n")),
                          Kind::kRemote, "too_large"));
}

TEST_F(HttpHostile, TruncatedGzipIsTruncated) {
  auto packed = bomb(100'000);
  packed.resize(packed.size() / 2);
  EXPECT_TRUE(failed_with(fetch(answer(packed, "Content-Encoding: gzip\r\n")), Kind::kTransient,
                          "truncated"));
}

TEST_F(HttpHostile, ChunksBeyondTheLimitAreTooLarge) {
  EXPECT_TRUE(failed_with(fetch([](Peer& peer) {
                            peer.read_request();
                            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            const auto chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
                            while (peer.write(chunk)) {
                            }
                          }),
                          Kind::kRemote, "too_large"));
}

TEST_F(HttpHostile, ALargeRequestBodyIsRefusedBeforeItIsSent) {
  const TestServer server(localhost(), always(answer("")));
  auto request = get(server.url("/"));
  request.method = "POST";
  request.body.assign((16u << 20) + 1, 'x');
  TestStep step;
  EXPECT_TRUE(
      failed_with(transport()->send(request, scope_for(server), step), Kind::kRemote, "too_large"));
  EXPECT_EQ(server.accepted(), 0);
}

TEST_F(HttpHostile, AnUnaskedAnswerIsNotTakenForTheNextOne) {
  const TestServer server(localhost(), [](Peer& peer) {
    peer.read_request();
    peer.write(answer("first") + answer("forged"));
    peer.wait_for_hangup();
  });
  const auto client = transport();
  TestStep step;
  for (int i = 0; i < 2; ++i) {
    const auto result = client->send(get(server.url("/")), scope_for(server), step);
    ASSERT_TRUE(result) << result.failure().message;
    EXPECT_EQ(result.value().body, "first");
  }
  EXPECT_EQ(server.accepted(), 2);
}

/// One byte after another until the client has had enough.
TestServer::Script drip(std::string head) {
  return [head = std::move(head)](Peer& peer) {
    peer.read_request();
    if (!peer.write(head)) return;
    do {
      if (!peer.write("x")) return;
      peer.wait_for_hangup(10);
    } while (!peer.hung_up());
  };
}

TEST_F(HttpHostile, ADripEndsAtTheStepsDeadline) {
  const TestServer server(localhost(), drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
  EXPECT_TRUE(failed_with(fetch_within(milliseconds{300}, server), Kind::kCancelled, "deadline"));
}

TEST_F(HttpHostile, ADripWithinTheHeadEndsAtTheTimeout) {
  const TestServer server(localhost(), drip("HTTP/1.1 200 OK\r\nA: "));
  auto quick = options();
  quick.timeout = std::chrono::seconds{1};
  TestStep step;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(failed_with(transport(quick)->send(get(server.url("/")), scope_for(server), step),
                          Kind::kTransient, "timeout"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds{5000});
}

/// stream() as download() calls it: how many bytes came, and how it ended.
class HttpStream : public HttpHostile {
 protected:
  Result<HttpResponse> stream(const TestServer& server, const HttpOptions& with,
                              milliseconds length = milliseconds{60'000}) {
    TestStep step(clock.now() + length);
    return transport(with)->stream(
        get(server.url("/")), scope_for(server), 1u << 30,
        [this](std::string_view piece) { got += piece.size(); }, step);
  }
  HttpOptions patient_for_a_second() const {
    auto with = options();
    with.timeout = std::chrono::seconds{1};
    return with;
  }
  std::size_t got = 0;
};

TEST_F(HttpStream, ASilentServerEndsAfterTheTimeout) {
  for (const std::string said : {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"}) {
    const TestServer server(localhost(), [&](Peer& peer) {
      peer.read_request();
      peer.write(said);
      peer.wait_for_hangup();
    });
    const auto before = std::chrono::steady_clock::now();
    const auto result = stream(server, patient_for_a_second());
    EXPECT_TRUE(failed_with(result, Kind::kTransient, "timeout"));
    EXPECT_NE(result.failure().message.find("nothing came for 1000 ms"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds{10'000});
  }
}

TEST_F(HttpStream, ASilentServerEndsAtTheStepsDeadlineWhereThatIsSooner) {
  const TestServer server(localhost(), [](Peer& peer) {
    peer.read_request();
    peer.wait_for_hangup();
  });
  EXPECT_TRUE(
      failed_with(stream(server, options(), milliseconds{300}), Kind::kCancelled, "deadline"));
}

TEST_F(HttpStream, ADripEndsAtTheStepsDeadline) {
  const TestServer server(localhost(), drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
  EXPECT_TRUE(
      failed_with(stream(server, options(), milliseconds{300}), Kind::kCancelled, "deadline"));
  EXPECT_GT(got, 0u);
}

TEST_F(HttpStream, ADripWithinTheHeadEndsAtTheStepsDeadline) {
  const TestServer server(localhost(), drip("HTTP/1.1 200 OK\r\nA: "));
  EXPECT_TRUE(
      failed_with(stream(server, options(), milliseconds{300}), Kind::kCancelled, "deadline"));
}

TEST_F(HttpStream, WhatTakesLongerThanTheTimeoutComesWholeAsLongAsSomethingComes) {
  const TestServer server(localhost(), [](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    for (int i = 0; i < 6; ++i) {
      peer.wait_for_hangup(250);
      peer.write("x");
    }
  });
  const auto result = stream(server, patient_for_a_second());
  ASSERT_TRUE(result) << result.failure().message;
  EXPECT_EQ(got, 6u);
}

TEST_F(HttpStream, MoreThanSendTakesAndNotMoreThanWasAllowed) {
  const std::string body(20u << 20, 'x');
  const TestServer server(localhost(), always(answer(body)));
  ASSERT_TRUE(stream(server, options()));
  EXPECT_EQ(got, body.size());
  TestStep step;
  EXPECT_TRUE(failed_with(transport()->send(get(server.url("/")), scope_for(server), step),
                          Kind::kRemote, "too_large"));
  EXPECT_TRUE(failed_with(
      transport()->stream(
          get(server.url("/")), scope_for(server), 19u << 20, [](std::string_view) {}, step),
      Kind::kRemote, "too_large"));
}

TEST_F(HttpStream, ABombOfTheTransportsOwnGzipIsRefusedEarly) {
  const TestServer server(localhost(),
                          always(answer(bomb(64u << 20), "Content-Encoding: GZIP\r\n")));
  EXPECT_TRUE(failed_with(stream(server, options()), Kind::kRemote, "too_large"));
  EXPECT_LE(got, 16u << 20) << "a hundred times the input, and a piece";
}

TEST_F(HttpHostile, ASilentServerEndsAtTheDeadlineForEffectsToo) {
  const TestServer server(localhost(), [](Peer& peer) { peer.wait_for_hangup(); });
  TestStep step(clock.now() + milliseconds{300});
  EXPECT_TRUE(failed_with(transport()->send(get(server.url("/"), false), scope_for(server), step),
                          Kind::kCancelled, "deadline"));
}

TEST_F(HttpHostile, AStalledHandshakeEndsAtTheDeadline) {
  const TestServer server([](Peer& peer) { peer.wait_for_hangup(); });
  EXPECT_TRUE(failed_with(fetch_within(milliseconds{300}, server), Kind::kCancelled, "deadline"));
}

TEST_F(HttpHostile, AStalledHandshakeEndsAtTheConnectTimeout) {
  const TestServer server([](Peer& peer) { peer.wait_for_hangup(); });
  auto quick = options();
  quick.connect_timeout = std::chrono::seconds{1};
  TestStep step;
  EXPECT_TRUE(failed_with(transport(quick)->send(get(server.url("/")), scope_for(server), step),
                          Kind::kTransient, "tls"));
}

TEST_F(HttpHostile, APassedDeadlineSendsNothing) {
  const TestServer server(localhost(), always(answer("x")));
  EXPECT_TRUE(failed_with(fetch_within(milliseconds{0}, server), Kind::kCancelled, "deadline"));
  EXPECT_EQ(server.accepted(), 0);
}

/// A request that hangs at a silent server, on a thread of its own.
class HttpStop : public HttpHostile {
 protected:
  Result<HttpResponse> hang(const std::function<void(HttpTransport&, TestStep&)>& end) {
    std::promise<void> arrived;
    const TestServer server(localhost(), [&](Peer& peer) {
      peer.read_request();
      arrived.set_value();
      peer.wait_for_hangup();
    });
    const auto client = transport();
    TestStep step(clock.now() + std::chrono::seconds{60});
    auto result = std::async(std::launch::async, [&] {
      return client->send(get(server.url("/")), scope_for(server), step);
    });
    arrived.get_future().wait();
    const auto before = std::chrono::steady_clock::now();
    end(*client, step);
    auto ended = result.get();
    EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds{5000});
    return ended;
  }
};

TEST_F(HttpStop, AStopEndsARead) {
  EXPECT_TRUE(failed_with(hang([](HttpTransport&, TestStep& step) { step.stop = true; }),
                          Kind::kCancelled, "stop"));
}

TEST_F(HttpStop, AbortReadsEndsARead) {
  EXPECT_TRUE(failed_with(hang([](HttpTransport& client, TestStep&) { client.abort_reads(); }),
                          Kind::kCancelled, "stop"));
}

TEST_F(HttpStop, AfterAbortReadsNewReadsAreRefusedAndEffectsAreNot) {
  const TestServer server(localhost(), always(answer("x")));
  const auto client = transport();
  client->abort_reads();
  TestStep step;
  EXPECT_TRUE(failed_with(client->send(get(server.url("/")), scope_for(server), step),
                          Kind::kCancelled, "stop"));
  EXPECT_EQ(server.accepted(), 0);
  EXPECT_TRUE(client->send(get(server.url("/"), false), scope_for(server), step));
}

TEST_F(HttpStop, AnEffectUnderWayIsNotCutOff) {
  std::promise<void> arrived, stopped;
  const TestServer server(localhost(), [&](Peer& peer) {
    peer.read_request();
    arrived.set_value();
    stopped.get_future().wait();
    // Longer than the slice in which a stop is noticed.
    peer.wait_for_hangup(250);
    peer.write(answer("done"));
  });
  const auto client = transport();
  TestStep step;
  auto result = std::async(std::launch::async, [&] {
    return client->send(get(server.url("/"), false), scope_for(server), step);
  });
  arrived.get_future().wait();
  step.stop = true;
  client->abort_reads();
  stopped.set_value();
  const auto ended = result.get();
  ASSERT_TRUE(ended) << ended.failure().message;
  EXPECT_EQ(ended.value().body, "done");
}

}  // namespace http_hostile
}  // namespace marketplug::services::testing
