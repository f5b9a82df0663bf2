// Server and client together, over a real socket in a temporary folder.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "host/api/socket_client.hpp"
#include "host/api/socket_path.hpp"
#include "host/api/socket_server.hpp"
#include "host/api/user_name.hpp"
#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using boost::json::object;
using boost::json::value;
using testing::TemporaryFolder;
using Emit = std::function<void(const value&)>;
using Script = std::function<value(const std::string&, const object&, const Emit&)>;

constexpr std::chrono::seconds kPatience{20};

class ScriptedBackend : public Backend {
 public:
  explicit ScriptedBackend(const Script& script) : script_(script) {}
  value call(std::string_view operation, const object& parameters, const Emit& emit) override {
    return script_(std::string(operation), parameters, emit);
  }

 private:
  const Script& script_;
};

/// A connection without any protocol of its own.
class RawClient {
 public:
  explicit RawClient(const std::string& path) : handle_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    connected_ =
        ::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    const timeval limit{20, 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~RawClient() { ::close(handle_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  void send(const std::string& text) {
    (void)!::send(handle_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  /// Everything until the server closes.
  std::string rest() {
    std::string text;
    char piece[4096];
    for (ssize_t got = 0; (got = ::recv(handle_, piece, sizeof(piece), 0)) > 0;) {
      text.append(piece, static_cast<std::size_t>(got));
    }
    return text;
  }
  std::string get(const std::string& path) {
    send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return rest();
  }
  std::string post(const std::string& path, const std::string& body) {
    send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body);
    return rest();
  }

 private:
  int handle_;
  bool connected_ = false;
};

class Socket : public ::testing::Test {
 protected:
  Socket() { options_.path = folder_.path() + "/marketplug.sock"; }

  void serve(Script script) {
    script_ = std::move(script);
    server_ = std::make_unique<SocketServer>(
        options_, ServerParts{[this](std::string who) {
                                who_ = std::move(who);
                                return std::make_unique<ScriptedBackend>(script_);
                              },
                              [this] { return not_ready_; }, log_});
  }

  value call(
      const std::string& operation, const object& parameters = {},
      const Emit& emit = [](const value&) {}) {
    return RemoteBackend(options_.path, kPatience).call(operation, parameters, emit);
  }

  OperationError problem(const std::string& operation) {
    try {
      call(operation);
    } catch (const OperationError& error) {
      return error;
    }
    return {0, "none", "no problem", ""};
  }

  TemporaryFolder folder_;
  marketplug::testing::CapturedLog log_;
  ServerOptions options_;
  Script script_;
  std::string who_;
  std::vector<std::string> not_ready_;
  std::unique_ptr<SocketServer> server_;
};

TEST_F(Socket, CarriesParametersProgressAndResult) {
  serve([](const std::string& operation, const object& parameters, const Emit& emit) -> value {
    emit(object{{"step", 1}});
    emit(nullptr);
    emit(object{{"step", 2}});
    return object{{"operation", operation}, {"parameters", parameters}};
  });
  std::vector<value> progress;
  const auto result =
      call("orders.list", {{"shop", "ä\n"}}, [&](const value& each) { progress.push_back(each); });
  EXPECT_EQ(result.at("operation"), "orders.list");
  EXPECT_EQ(result.at("parameters").at("shop"), "ä\n");
  ASSERT_EQ(progress.size(), 2u);
  EXPECT_EQ(progress[1].at("step"), 2);
  EXPECT_EQ(who_, "cli:" + user_name(::geteuid()));
}

TEST_F(Socket, CarriesProblemsWithStatusCodeAndRemedy) {
  serve([](const std::string&, const object&, const Emit&) -> value {
    throw OperationError(409, "declared_shop", "read-only", "change the file");
  });
  const auto error = problem("shops.disable");
  EXPECT_EQ(error.status(), 409);
  EXPECT_EQ(error.code(), "declared_shop");
  EXPECT_STREQ(error.what(), "read-only");
  EXPECT_EQ(error.remedy(), "change the file");
  EXPECT_EQ(RawClient(options_.path).post("/v1/call/shops.disable", "{}").substr(0, 12),
            "HTTP/1.1 409");
}

TEST_F(Socket, AProblemAfterRecordsStillArrives) {
  serve([](const std::string&, const object&, const Emit& emit) -> value {
    emit(object{{"step", 1}});
    throw OperationError(503, "stopping", "the service stops", "again");
  });
  int told = 0;
  EXPECT_THROW(call("orders.export", {}, [&](const value&) { ++told; }), OperationError);
  EXPECT_EQ(told, 1);
}

TEST_F(Socket, AnUnexpectedFailureIsLoggedAndNotTold) {
  serve([](const std::string&, const object&, const Emit&) -> value {
    throw std::runtime_error("line 42 of a secret file");
  });
  const auto error = problem("orders.list");
  EXPECT_EQ(error.status(), 500);
  EXPECT_EQ(std::string(error.what()).find("42"), std::string::npos);
  EXPECT_TRUE(log_.contains("line 42"));
}

TEST_F(Socket, ManyLargeRecordsArriveWhole) {
  const std::string text(100'000, 'x');
  serve([&](const std::string&, const object&, const Emit& emit) -> value {
    for (int i = 0; i < 100; ++i) emit(object{{"i", i}, {"text", text}});
    return 100;
  });
  int expected = 0;
  const auto result = call("orders.export", {}, [&](const value& each) {
    ASSERT_EQ(each.at("i"), expected++);
    ASSERT_EQ(each.at("text").as_string().size(), text.size());
  });
  EXPECT_EQ(result, 100);
  EXPECT_EQ(expected, 100);
}

TEST_F(Socket, HealthReadinessAndMetrics) {
  serve([](const std::string& operation, const object&, const Emit&) -> value {
    EXPECT_EQ(operation, "metrics.text");
    return object{{"text", "marketplug_up 1\n"}};
  });
  EXPECT_NE(RawClient(options_.path).get("/healthz").find("200 OK"), std::string::npos);
  EXPECT_NE(RawClient(options_.path).get("/readyz").find("200 OK"), std::string::npos);
  EXPECT_NE(RawClient(options_.path).get("/metrics").find("marketplug_up 1"), std::string::npos);
  not_ready_ = {"the store is gone"};
  const auto answer = RawClient(options_.path).get("/readyz");
  EXPECT_NE(answer.find("503"), std::string::npos);
  EXPECT_NE(answer.find("the store is gone"), std::string::npos);
  EXPECT_TRUE(RemoteBackend(options_.path).answers());
}

TEST_F(Socket, WhatIsNotUnderstoodGetsAReason) {
  options_.max_body = 1000;
  serve([](const std::string&, const object&, const Emit&) -> value { return nullptr; });
  const auto answer = [&](const std::string& path, const std::string& body) {
    return RawClient(options_.path).post(path, body).substr(9, 3);
  };
  EXPECT_EQ(answer("/v1/call/x", "{}"), "200");
  EXPECT_EQ(answer("/v1/call/x", ""), "200");
  EXPECT_EQ(answer("/v1/call/x", "{"), "400");
  EXPECT_EQ(answer("/v1/call/x", "[]"), "400");
  EXPECT_EQ(answer("/v1/call/x", std::string(2000, ' ')), "413");
  EXPECT_EQ(answer("/elsewhere", "{}"), "404");
  EXPECT_EQ(RawClient(options_.path).get("/v1/call/x").substr(9, 3), "405");
  RawClient garbage(options_.path);
  garbage.send("hello\r\n\r\n");
  EXPECT_EQ(garbage.rest().substr(9, 3), "400");
  RawClient header(options_.path);
  header.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(header.rest().substr(9, 3), "431");
}

TEST_F(Socket, OnlyItsOwnerMayConnect) {
  serve([](const std::string&, const object&, const Emit&) -> value { return nullptr; });
  struct stat status {};
  ASSERT_EQ(::stat(options_.path.c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(Socket, ASocketOfADeadProcessIsReplaced) {
  {
    const int handle = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(::bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    ::close(handle);
  }
  EXPECT_EQ(problem("x").code(), "no_service");
  serve([](const std::string&, const object&, const Emit&) -> value { return 7; });
  EXPECT_EQ(call("x"), 7);
}

TEST_F(Socket, AFileThatIsNoSocketIsLeftAlone) {
  std::ofstream(options_.path) << "precious";
  EXPECT_THROW(serve([](const auto&, const auto&, const auto&) -> value { return 7; }),
               OperationError);
  std::string text;
  std::ifstream(options_.path) >> text;
  EXPECT_EQ(text, "precious");
}

TEST_F(Socket, ItsFileGoesWithTheServer) {
  serve([](const std::string&, const object&, const Emit&) -> value { return 7; });
  server_->stop();
  EXPECT_FALSE(std::filesystem::exists(options_.path));
  EXPECT_EQ(problem("x").code(), "no_service");
}

TEST(SocketPath, IsCheckedAgainstTheLimitOfUnixSockets) {
  const auto longest = "/" + std::string(90, 'f');
  EXPECT_EQ(socket_path(longest).size(), 107u);
  try {
    socket_path(longest + "f");
    FAIL() << "108 bytes do not fit";
  } catch (const OperationError& error) {
    EXPECT_NE(std::string(error.what()).find("108 bytes"), std::string::npos) << error.what();
    EXPECT_NE(error.remedy().find("store.url"), std::string::npos);
  }
}

TEST_F(Socket, AClientThatGoesEndsItsOperation) {
  std::promise<void> ended;
  options_.heartbeat = std::chrono::milliseconds(10);
  serve([&](const std::string&, const object&, const Emit& emit) -> value {
    struct Ending {
      std::promise<void>& promise;
      ~Ending() { promise.set_value(); }
    } const ending{ended};
    while (true) {
      emit(nullptr);
      std::this_thread::yield();
    }
  });
  {
    RawClient client(options_.path);
    client.send("POST /v1/call/events.tail HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  }
  EXPECT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(Socket, AnExceptionOfTheListenerEndsTheOperationToo) {
  std::promise<void> ended;
  serve([&](const std::string&, const object&, const Emit& emit) -> value {
    struct Ending {
      std::promise<void>& promise;
      ~Ending() { promise.set_value(); }
    } const ending{ended};
    while (true) emit(object{{"step", 1}});
  });
  struct Enough {};
  EXPECT_THROW(call("x", {}, [](const value&) { throw Enough{}; }), Enough);
  EXPECT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(Socket, SilentClientsAreDroppedAndStopNobody) {
  options_.max_connections = 3;
  options_.read = std::chrono::milliseconds(50);
  serve([](const std::string&, const object&, const Emit&) -> value { return 7; });
  RawClient one(options_.path), two(options_.path);
  EXPECT_EQ(call("x"), 7);
  EXPECT_EQ(one.rest(), "");
  EXPECT_EQ(two.rest(), "");
}

TEST_F(Socket, AClientThatTakesNothingIsDropped) {
  options_.write = std::chrono::milliseconds(50);
  std::promise<void> ended;
  serve([&](const std::string&, const object&, const Emit& emit) -> value {
    struct Ending {
      std::promise<void>& promise;
      ~Ending() { promise.set_value(); }
    } const ending{ended};
    const std::string text(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) emit(value(text));
    return nullptr;
  });
  RawClient client(options_.path);
  client.send("POST /v1/call/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(Socket, MoreCallsThanAllowedAreAnsweredBusy) {
  options_.max_calls = 1;
  std::promise<void> entered, leave;
  serve([&, left = leave.get_future().share()](const std::string& operation, const object&,
                                               const Emit&) -> value {
    if (operation == "long") {
      entered.set_value();
      left.wait();
    }
    return 7;
  });
  auto running = std::async(std::launch::async, [&] { return call("long"); });
  entered.get_future().wait();
  EXPECT_EQ(problem("short").code(), "busy");
  EXPECT_TRUE(RemoteBackend(options_.path).answers()) << "health does not queue behind calls";
  leave.set_value();
  EXPECT_EQ(running.get(), 7);
}

TEST_F(Socket, StopLetsCallsEndByThemselves) {
  std::promise<void> entered;
  std::atomic<bool> stopping{false};
  options_.grace = std::chrono::seconds(20);
  serve([&](const std::string&, const object&, const Emit&) -> value {
    entered.set_value();
    while (!stopping) std::this_thread::yield();
    return 7;
  });
  auto running = std::async(std::launch::async, [&] { return call("long"); });
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  stopping = true;
  stopped.get();
  EXPECT_EQ(running.get(), 7);
}

TEST_F(Socket, StopCutsOffWhoeverListensLonger) {
  std::promise<void> entered;
  options_.grace = std::chrono::milliseconds(20);
  serve([&, told = false](const std::string&, const object&, const Emit& emit) mutable -> value {
    if (!std::exchange(told, true)) entered.set_value();
    while (true) {
      emit(nullptr);
      std::this_thread::yield();
    }
  });
  auto running = std::async(std::launch::async, [&] { return problem("events.tail").code(); });
  entered.get_future().wait();
  server_->stop();
  EXPECT_EQ(running.get(), "no_answer");
}

TEST_F(Socket, ASilentServiceIsNotWaitedForForEver) {
  std::promise<void> leave;
  options_.heartbeat = std::chrono::hours(1);
  serve(
      [left = leave.get_future().share()](const std::string&, const object&, const Emit&) -> value {
        left.wait();
        return 7;
      });
  RemoteBackend impatient(options_.path, std::chrono::milliseconds(50));
  try {
    impatient.call("x", {}, [](const value&) {});
    FAIL() << "it answered";
  } catch (const OperationError& error) {
    EXPECT_EQ(error.code(), "no_answer");
  }
  leave.set_value();
}

TEST_F(Socket, SignsOfLifeKeepAPatientClientWaiting) {
  std::promise<void> leave;
  options_.heartbeat = std::chrono::milliseconds(5);
  serve(
      [left = leave.get_future().share()](const std::string&, const object&, const Emit&) -> value {
        left.wait();
        return 7;
      });
  RawClient raw(options_.path);
  raw.send("POST /v1/call/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  auto running = std::async(std::launch::async, [&] { return raw.rest(); });
  EXPECT_EQ(running.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  leave.set_value();
  const auto text = running.get();
  EXPECT_NE(text.find("{\"progress\":null}"), std::string::npos);
  EXPECT_NE(text.find("{\"result\":7}"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::api
