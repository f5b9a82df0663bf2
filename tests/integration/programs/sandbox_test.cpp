// amazon-sandbox as its users run it: each command, each fault over TLS, start, stop and restart.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "tests/integration/programs/process.hpp"
#include "tests/integration/programs/tls_client.hpp"

namespace marketplug::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Answer {
  int status = 0;
  std::string head, body;
};

class SandboxProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "amazon-sandbox-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    simulator_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static std::vector<std::string> command(std::vector<std::string> words) {
    words.insert(words.begin(), PROGRAMS_DIR "/amazon-sandbox");
    return words;
  }
  void serve(std::vector<std::string> options = {"--orders", "30", "--marketplaces", "NL,DE"}) {
    options.insert(options.begin(), {"serve", "--data", folder_.string(), "--quota-scale", "off"});
    simulator_ = std::make_unique<Process>(command(std::move(options)), environment());
    ASSERT_TRUE(simulator_->read_until("\n")) << simulator_->output();
    ready_ =
        json::parse(simulator_->output().substr(0, simulator_->output().find('\n'))).as_object();
  }
  static std::vector<std::string> environment() {
    std::vector<std::string> variables{"PATH=/usr/bin:/bin"};
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
      if (const char* value = std::getenv(name)) {
        variables.push_back(std::string(name) + "=" + value);
      }
    }
    return variables;
  }
  /// A command with --data; its exit code and all that it said.
  std::pair<int, std::string> run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", folder_.string()});
    Process process(command(std::move(words)), environment());
    const int code = process.finish();
    return {code, process.output()};
  }
  std::string must(std::vector<std::string> words) const {
    const auto name = words.front();
    auto [code, output] = run(std::move(words));
    EXPECT_EQ(code, 0) << name << ": " << output;
    return output;
  }

  std::string ready(const char* name) const { return std::string(ready_.at(name).as_string()); }
  std::string port(const char* url = "api") const {
    const auto text = ready(url);
    return text.substr(text.rfind(':') + 1);
  }
  Answer exchange(const std::string& request) const {
    TlsClient client(port(), ready("ca_file"));
    client.send(request);
    const auto text = client.read_all();
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return {0, text, {}};
    return {std::stoi(text.substr(9, 3)), text.substr(0, end + 2), text.substr(end + 4)};
  }
  std::string token() const {
    const auto form = "grant_type=refresh_token&client_id=" + ready("client_id") +
                      "&client_secret=" + ready("client_secret") +
                      "&refresh_token=" + ready("refresh_token");
    const auto answer = exchange(
        "POST /auth/o2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
        "application/x-www-form-urlencoded\r\nContent-Length: " +
        std::to_string(form.size()) + "\r\n\r\n" + form);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(json::parse(answer.body).at("access_token").as_string());
  }
  static std::string request(const std::string& target, const std::string& token,
                             const std::string& method = "GET", const std::string& more = {}) {
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
           "User-Agent: Test/1 (Language=C++)\r\nx-amz-access-token: " + token + "\r\n" + more +
           "\r\n";
  }
  Answer search(const std::string& token, const std::string& more = {}) const {
    return exchange(
        request("/orders/2026-01-01/orders?lastUpdatedAfter=2020-01-01T00:00:00Z" + more, token));
  }
  static std::vector<std::string> ids(const Answer& answer) {
    std::vector<std::string> found;
    const auto page = json::parse(answer.body);
    for (const auto& order : page.at("orders").as_array()) {
      found.emplace_back(order.at("orderId").as_string());
    }
    return found;
  }
  static std::string next_token(const Answer& answer) {
    return std::string(json::parse(answer.body).at("pagination").at("nextToken").as_string());
  }
  std::string file(const char* name) const {
    std::ifstream text(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(text), {}};
  }

  fs::path folder_;
  std::unique_ptr<Process> simulator_;
  json::object ready_;
};

TEST_F(SandboxProgram, EachCommandDoesItsWork) {
  serve();
  const auto added = must({"add-order", "--ago", "10m", "--marketplace", "DE", "--status",
                           "UNSHIPPED", "--count", "2", "--seed", "5"});
  ASSERT_EQ(std::count(added.begin(), added.end(), '\n'), 2);
  const auto id = added.substr(0, added.find('\n'));
  EXPECT_NE(must({"orders"}).find(id + "  DE  UNSHIPPED  MERCHANT"), std::string::npos);
  EXPECT_EQ(json::parse(must({"orders", id})).at("orderId").as_string(), id);
  const auto changed =
      must({"change-order", id, "--status", "CANCELLED", "--cancelled-by", "BUYER", "--ago", "4m",
            "--set", R"({"/orderItems/0/product/title":"Other"})", "--visible-after", "9m"});
  EXPECT_NE(changed.find("\"title\":\"Other\""), std::string::npos);
  const auto back = run({"change-order", id, "--ago", "1h"});
  EXPECT_EQ(back.first, 1);
  EXPECT_NE(back.second.find("backwards"), std::string::npos) << back.second;
  must({"change-order", id, "--ago", "1h", "--backwards", "--merge", R"({"novel":1})"});
  EXPECT_NE(must({"settle"}).find("\"hidden\":0"), std::string::npos);
  must({"set", R"({"page_order":"newest"})"});
  must({"fault", "status", "--status", "503", "--operation", "searchOrders", "--next", "1"});
  const auto access = token();
  EXPECT_EQ(search(access).status, 503);
  EXPECT_EQ(search(access).status, 200);
  EXPECT_NE(must({"stats", "--reset"}).find("searchOrders"), std::string::npos);
  EXPECT_EQ(must({"stats"}).find("searchOrders"), std::string::npos);
  must({"fault", "reset"});
  must({"fault", "--clear"});
  EXPECT_EQ(search(access).status, 200);
}

TEST_F(SandboxProgram, WhatCannotBeDoneIsSaidAndGivesACode) {
  const std::vector<std::pair<std::vector<std::string>, int>> cases{
      {{"orders"}, 1},
      {{"serve", "--visible-after", "soon"}, 2},
      {{"serve", "--visible-after", "10m..1m"}, 2},
      {{"serve", "--page-order", "any"}, 2},
      {{"serve", "--enforce-region", "UK"}, 2},
      {{"serve", "--visible-after", "11m"}, 1},
      {{"serve", "--until", "yesterday"}, 1},
      {{"change-order", "405-0000000-0000000", "--merge", "{"}, 2},
  };
  for (const auto& [words, code] : cases) {
    const auto ran = run(words);
    EXPECT_EQ(ran.first, code) << words.front() << ": " << ran.second;
    EXPECT_FALSE(ran.second.empty()) << words.front();
  }
}

TEST_F(SandboxProgram, AnOrderOfThreeMinutesAgoIsFoundAtOnce) {
  serve({"--orders", "0"});
  const auto id = must({"add-order", "--ago", "3m"});
  must({"add-order"});  // too young for a search
  EXPECT_EQ(ids(search(token())), std::vector<std::string>{id.substr(0, id.find('\n'))});
}

TEST_F(SandboxProgram, ConnectionFaultsReachTheClient) {
  serve();
  const auto access = token();
  const auto account = [&] { return exchange(request("/sellers/v1/account", access)); };
  const auto whole = account();
  ASSERT_EQ(whole.status, 200);
  must({"fault", "delay", "--delay", "300ms"});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(account().body, whole.body);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(300));
  must({"fault", "--clear"});
  must({"fault", "reset"});
  EXPECT_EQ(account().head, "");
  must({"fault", "--clear"});
  must({"fault", "truncated"});
  const auto half = account();
  EXPECT_EQ(half.body.size(), whole.body.size() / 2);
  EXPECT_NE(half.head.find("Content-Length: " + std::to_string(whole.body.size())),
            std::string::npos);
}

TEST_F(SandboxProgram, AnswersAreSpoiledAsAsked) {
  serve();
  const auto access = token();
  const auto under = [&](const std::string& kind, const std::string& more = {}) {
    must({"fault", "--clear", kind, "--operation", "searchOrders"});
    return search(access, more);
  };
  boost::system::error_code error;
  json::parse(under("malformed").body, error);
  EXPECT_TRUE(error);
  EXPECT_NE(under("wrong_content_type").head.find("text/html"), std::string::npos);
  EXPECT_NE(under("invalid_utf8").body.find('\xff'), std::string::npos);
  const auto twice = ids(under("repeated_order", "&maxResultsPerPage=5"));
  EXPECT_EQ(twice.size(), 5u);
  EXPECT_EQ(twice.front(), twice.back());
  EXPECT_TRUE(ids(under("short_page")).empty());
  const auto first = under("same_page", "&maxResultsPerPage=5");
  const auto second = search(access, "&maxResultsPerPage=5&paginationToken=" + next_token(first));
  EXPECT_EQ(ids(second), ids(first));
  EXPECT_NE(next_token(second), next_token(first));
  const auto page = under("repeated_token", "&maxResultsPerPage=5");
  const auto again = search(access, "&maxResultsPerPage=5&paginationToken=" + next_token(page));
  EXPECT_EQ(next_token(again), next_token(page));
  EXPECT_EQ(under("status").status, 500);
  EXPECT_EQ(under("expired_token").status, 403);
}

TEST_F(SandboxProgram, HttpIsTakenAtItsWord) {
  serve();
  const auto access = token();
  const auto head = exchange(request("/sellers/v1/account", access, "HEAD"));
  EXPECT_EQ(head.status, 405);
  EXPECT_EQ(head.body, "");
  EXPECT_NE(head.head.find("Date: "), std::string::npos);
  const auto form = "grant_type=refresh_token";
  const auto chunked = exchange(
      "POST /auth/o2/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
      "application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n18;note=1\r\n" +
      std::string(form) + "\r\n0\r\nX-Checksum: 1\r\nX-Other: 2\r\n\r\n");
  EXPECT_EQ(chunked.status, 400);
  EXPECT_NE(chunked.body.find("client_id"), std::string::npos) << chunked.body;
  const auto size = std::to_string(20 << 20);
  const auto large = exchange(
      request("/orders/2026-01-01/orders", access, "POST", "Content-Length: " + size + "\r\n") +
      std::string(1 << 20, 'x'));
  EXPECT_EQ(large.status, 413);
  EXPECT_NE(large.body.find("{\"errors\":[{\"code\":"), std::string::npos) << large.body;
  EXPECT_NE(large.head.find("x-amzn-RequestId: "), std::string::npos) << large.head;
}

TEST_F(SandboxProgram, CertificatesAreKeptWhileTheyAreGood) {
  serve();
  const auto ca = file("ca.pem"), certificate = file("server.pem");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "server.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  simulator_->signal(SIGTERM);
  EXPECT_EQ(simulator_->finish(), 0);
  EXPECT_FALSE(fs::exists(folder_ / "ready.json"));
  serve();
  EXPECT_EQ(file("ca.pem"), ca);
  EXPECT_EQ(file("server.pem"), certificate);
  simulator_->signal(SIGINT);
  EXPECT_EQ(simulator_->finish(), 0);
  std::ofstream(folder_ / "server.pem") << "damaged";
  serve();
  EXPECT_NE(file("ca.pem"), ca);
  EXPECT_FALSE(token().empty());
}

TEST_F(SandboxProgram, AStopDoesNotWaitForALateAnswer) {
  serve();
  const auto access = token();
  must({"fault", "delay", "--delay", "1h", "--operation", "searchOrders"});
  TlsClient client(port(), ready("ca_file"));
  client.send(request("/orders/2026-01-01/orders?lastUpdatedAfter=2020-01-01T00:00:00Z", access));
  while (must({"stats"}).find("searchOrders") == std::string::npos) {
  }
  simulator_->signal(SIGTERM);
  EXPECT_EQ(simulator_->finish(), 0);
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(SandboxProgram, OneFolderHasOneSimulator) {
  serve();
  const auto second = run({"serve"});
  EXPECT_EQ(second.first, 1);
  EXPECT_NE(second.second.find("another simulator runs with"), std::string::npos) << second.second;
  EXPECT_TRUE(fs::exists(folder_ / "ready.json"));
  EXPECT_FALSE(token().empty());
}

/// The addresses on which somebody listens at the port, as the kernel writes them.
std::vector<std::string> listeners(const char* table, const std::string& port) {
  std::ifstream lines(table);
  std::ostringstream hex;
  hex << std::hex << std::uppercase << std::stoi(port);
  const auto suffix = ":" + std::string(4 - hex.str().size(), '0') + hex.str();
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number, local, remote, state;
    words >> number >> local >> remote >> state;
    if (state == "0A" && local.ends_with(suffix)) found.push_back(local);
  }
  return found;
}

TEST_F(SandboxProgram, ListensOnLoopbackOnly) {
  serve();
  for (const char* url : {"api", "admin"}) {
    const auto found = listeners("/proc/net/tcp", port(url));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].substr(0, 8), "0100007F");
    EXPECT_TRUE(listeners("/proc/net/tcp6", port(url)).empty());
  }
}

}  // namespace
}  // namespace marketplug::testing
