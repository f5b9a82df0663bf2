// Whom the HTTPS client talks to: certificates, protocols, addresses, proxies, and requests that
// somebody tries to split.

#include <gmock/gmock.h>

#include "host/services/http/address_policy.hpp"
#include "host/services/http/url.hpp"
#include "http_fixture.hpp"

namespace marketplug::services::testing {
namespace http_trust {

using Kind = Failure::Kind;
using ::testing::HasSubstr;

class HttpTrust : public HttpTest {
 protected:
  Result<HttpResponse> fetch_from(const Identity& identity, const std::string& host = "localhost",
                                  int max_version = 0) {
    const TestServer server(identity, always(answer("x")), max_version);
    TestStep step;
    return transport()->send(get(server.url("/", host)), scope_for(server), step);
  }
};

TEST_F(HttpTrust, AnUnknownCaIsRefusedWithTheCause) {
  const TestCa other;
  const auto result = fetch_from(other.issue("DNS:localhost"));
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "tls_untrusted"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("issuer"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("http.ca_file"));
  EXPECT_TRUE(log.contains("warning http.request"));
}

TEST_F(HttpTrust, SystemRootsAreTrusted) {
  ::setenv("SSL_CERT_FILE", test_ca().file().c_str(), 1);
  const TestServer server(localhost(), always(answer("x")));
  TestStep step;
  EXPECT_TRUE(transport(HttpOptions{})->send(get(server.url("/")), scope_for(server), step));
}

TEST_F(HttpTrust, AnExpiredCertificateIsRefused) {
  const auto result = fetch_from(test_ca().issue("DNS:localhost", -7200, -3600));
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "tls_untrusted"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("expired"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("clock"));
}

TEST_F(HttpTrust, ACertificateOfTheFutureIsRefused) {
  EXPECT_TRUE(failed_with(fetch_from(test_ca().issue("DNS:localhost", 3600, 7200)), Kind::kConfig,
                          "tls_untrusted"));
}

TEST_F(HttpTrust, AnotherHostsCertificateIsRefusedOnLocalhostToo) {
  const auto result = fetch_from(test_ca().issue("DNS:evil.test"));
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "tls_name"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("another name"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("host name of the endpoint"));
  EXPECT_TRUE(log.contains("warning http.request"));
}

TEST_F(HttpTrust, ANameThatOnlyBeginsOrEndsRightIsRefused) {
  EXPECT_TRUE(failed_with(fetch_from(test_ca().issue("DNS:localhost.evil.test,DNS:xlocalhost")),
                          Kind::kConfig, "tls_name"));
}

TEST_F(HttpTrust, AnAddressNeedsACertificateForTheAddress) {
  EXPECT_TRUE(fetch_from(test_ca().issue("IP:127.0.0.1"), "127.0.0.1"));
  EXPECT_TRUE(failed_with(fetch_from(test_ca().issue("DNS:127.0.0.1"), "127.0.0.1"), Kind::kConfig,
                          "tls_name"));
}

TEST_F(HttpTrust, ASelfSignedCertificateIsRefused) {
  const auto result = fetch_from(TestCa::self_signed("DNS:localhost,IP:127.0.0.1"));
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "tls_untrusted"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("self-signed certificate"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("http.ca_file"));
}

TEST_F(HttpTrust, ACertificateForClientsOnlyIsRefused) {
  const auto result = fetch_from(test_ca().issue("DNS:localhost", -3600, 86400, "clientAuth"));
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "tls_untrusted"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("purpose"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("certificate"));
  EXPECT_TRUE(fetch_from(test_ca().issue("DNS:localhost", -3600, 86400, "serverAuth")));
}

class HttpOldTls : public HttpTrust, public ::testing::WithParamInterface<int> {};

TEST_P(HttpOldTls, IsRefused) {
  const TestServer server(localhost(), always(answer("x")), GetParam());
  // The server speaks it with those who do: what is refused below is refused by us.
  ASSERT_TRUE(server.speaks(GetParam()));
  TestStep step;
  const auto result = transport()->send(get(server.url("/")), scope_for(server), step);
  EXPECT_TRUE(failed_with(result, Kind::kTransient, "tls"));
  EXPECT_THAT(result.failure().message, HasSubstr("getThing: localhost:"));
  EXPECT_THAT(result.failure().message, HasSubstr("handshake"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("TLS 1.2"));
}

INSTANTIATE_TEST_SUITE_P(Versions, HttpOldTls, ::testing::Values(TLS1_VERSION, TLS1_1_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_VERSION ? "Tls10" : "Tls11";
                         });

TEST_F(HttpTrust, Tls12IsSpoken) {
  EXPECT_TRUE(fetch_from(localhost(), "localhost", TLS1_2_VERSION));
}

TEST_F(HttpTrust, ErrorsThatOthersLeftInOpenSslsQueueAreNotOurs) {
  const TestServer server(localhost(), always(answer("x")));
  ERR_raise(ERR_LIB_SSL, SSL_R_CERTIFICATE_VERIFY_FAILED);
  errno = EINTR;
  TestStep step;
  EXPECT_TRUE(transport()->send(get(server.url("/")), scope_for(server), step));
}

TEST_F(HttpTrust, ACaFileThatCannotBeReadIsNamed) {
  auto with = options();
  with.ca_files.push_back("/nowhere/ca.pem");
  try {
    transport(with)->prepare();
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/ca.pem"));
  }
  const TempFolder folder;
  std::ofstream(folder.file("empty.pem")) << "no certificate\n";
  with.ca_files = {folder.file("empty.pem")};
  EXPECT_THROW(transport(with)->prepare(), std::runtime_error);
}

TEST_F(HttpTrust, WithABadCaFileNothingIsSentUntilItIsMended) {
  const TempFolder folder;
  auto with = options();
  with.ca_files = {folder.file("ca.pem")};
  const auto client = transport(with);
  const TestServer server(localhost(), always(answer("x")));
  TestStep step;
  const auto refused = client->send(get(server.url("/")), scope_for(server), step);
  EXPECT_TRUE(failed_with(refused, Kind::kConfig, "http_config"));
  EXPECT_THAT(refused.failure().message, HasSubstr(folder.file("ca.pem") + ": No such file"));
  EXPECT_THAT(refused.failure().remedy, HasSubstr("`http`"));
  EXPECT_EQ(server.accepted(), 0);
  std::filesystem::copy_file(test_ca().file(), folder.file("ca.pem"));
  EXPECT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
}

TEST_F(HttpTrust, TheSystemsRootsAreNotReadBeforeTheyAreNeeded) {
  ::setenv("SSL_CERT_FILE", "/dev/null", 1);
  const auto client = transport(HttpOptions{});
  ::setenv("SSL_CERT_FILE", test_ca().file().c_str(), 1);
  const TestServer server(localhost(), always(answer("x")));
  TestStep step;
  EXPECT_TRUE(client->send(get(server.url("/")), scope_for(server), step));
}

// ---- addresses
// ------------------------------------------------------------------------------------

TEST_F(HttpTrust, APrivateAddressIsRefusedUnlessListed) {
  const TestServer server(localhost(), always(answer("x")));
  const auto client = transport();
  TestStep step;
  HttpScope scope;
  const auto refused = client->send(get(server.url("/")), scope, step);
  EXPECT_TRUE(failed_with(refused, Kind::kConfig, "address_refused"));
  EXPECT_THAT(refused.failure().remedy, HasSubstr("http.allow_private"));
  scope.allow_private = {"localhost:1"};
  EXPECT_TRUE(failed_with(client->send(get(server.url("/")), scope, step), Kind::kConfig,
                          "address_refused"));
  EXPECT_EQ(server.accepted(), 0);
  scope.allow_private = {"LOCALHOST:" + server.port()};
  EXPECT_TRUE(client->send(get(server.url("/")), scope, step));
}

TEST_F(HttpTrust, LiteralsAreJudgedHoweverTheyAreWritten) {
  const auto client = transport();
  TestStep step;
  for (const auto* host : {"10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
                           "127.1", "2130706433", "0x7f.1", "[fd00::1]", "100.64.0.1"}) {
    EXPECT_TRUE(failed_with(client->send(get("https://" + std::string(host) + "/"), {}, step),
                            Kind::kConfig, "address_refused"))
        << host;
  }
}

TEST(AddressPolicy, KnowsThePublicInternet) {
  for (const auto* text : {"54.239.28.85", "8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1",
                           "2600:1f18::1", "2a05:d018::1", "64:ff9b::808:808", "2002:808:808::1"}) {
    EXPECT_TRUE(http::is_public(Poco::Net::IPAddress(text))) << text;
  }
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.255.255.255",
                           "100.64.0.1",
                           "127.0.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "203.0.113.9",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:10.0.0.1",
                           "::ffff:8.8.8.8",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "64:ff9b::a00:1",
                           "2002:7f00:1::1",
                           "3fff::1"}) {
    EXPECT_FALSE(http::is_public(Poco::Net::IPAddress(text))) << text;
  }
}

TEST_F(HttpTrust, ARefusedConnectionIsTransient) {
  std::string port;
  {
    const TestServer gone(localhost(), always(""));
    port = gone.port();
  }
  HttpScope scope;
  scope.allow_private = {"localhost:" + port};
  TestStep step;
  const auto result = transport()->send(get("https://localhost:" + port + "/"), scope, step);
  EXPECT_TRUE(failed_with(result, Kind::kTransient, "connect"));
  EXPECT_THAT(result.failure().message, HasSubstr("localhost:" + port));
}

TEST_F(HttpTrust, AnUnknownNameIsTransient) {
  auto quick = options();
  quick.connect_timeout = std::chrono::seconds{1};
  TestStep step;
  const auto result = transport(quick)->send(get("https://no-such-host.invalid/"), {}, step);
  EXPECT_TRUE(failed_with(result, Kind::kTransient, "dns"));
  EXPECT_THAT(result.failure().message, HasSubstr("no-such-host.invalid"));
}

// ---- requests
// -------------------------------------------------------------------------------------

TEST_F(HttpTrust, NothingIsSentUnencrypted) {
  TestStep step;
  EXPECT_TRUE(failed_with(transport()->send(get("http://sellingpartnerapi.example/"), {}, step),
                          Kind::kConfig, "not_https"));
}

TEST_F(HttpTrust, RequestsCannotBeSplit) {
  const TestServer server(localhost(), always(answer("x")));
  const auto client = transport();
  TestStep step;
  const auto refused = [&](const HttpRequest& request) {
    return failed_with(client->send(request, scope_for(server), step), Kind::kConfig,
                       "invalid_request");
  };
  for (const auto* path : {"/a\r\nX: y", "/a b", "/a\tb", "/a\x7f", "/\xc3\xa4", "/a#b"}) {
    EXPECT_TRUE(refused(get(server.url(path)))) << path;
  }
  for (const auto& header : HttpHeaders{{"X", "a\r\nY: b"},
                                        {"X", "a\nb"},
                                        {"X", std::string("a\0b", 3)},
                                        {"X\r\nY", "b"},
                                        {"X Y", "b"},
                                        {"", "b"},
                                        {"Host", "other.example"},
                                        {"content-length", "0"},
                                        {"Transfer-Encoding", "chunked"},
                                        {"Proxy-Authorization", "Basic x"}}) {
    auto request = get(server.url("/"));
    request.headers = {header};
    EXPECT_TRUE(refused(request)) << header.first;
  }
  for (const auto* method : {"", "get", "GET /x HTTP/1.1\r\nX:", "CONNECT"}) {
    auto request = get(server.url("/"));
    request.method = method;
    EXPECT_TRUE(refused(request)) << method;
  }
  EXPECT_EQ(server.accepted(), 0);
}

TEST(Url, TakesApartAndRefuses) {
  const http::Place place{"op", ""};
  const auto url = http::parse_url("HTTPS://API.Example:8443/a/b?c=d", place);
  EXPECT_EQ(url.host, "api.example");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(url.path(), "/a/b");
  EXPECT_EQ(http::parse_url("https://api.example", place).authority(), "api.example");
  EXPECT_EQ(http::parse_url("https://api.example?x", place).target, "/?x");
  EXPECT_EQ(http::parse_url("https://[2600::1]/", place).host_port(), "[2600::1]:443");
  for (const auto* text :
       {"https://", "https:///x", "https://user:secret@host/", "https://host:0/",
        "https://host:65536/", "https://host:8x/", "https://ho st/", "https://[::1/",
        "https://host./", "https://ho%73t/", "https://host\\@other/", "https://:443/"}) {
    EXPECT_THROW(http::parse_url(text, place), http::HttpError) << text;
  }
}

// ---- proxy
// ----------------------------------------------------------------------------------------

/// A proxy that answers CONNECT so, and then carries bytes to the server, both ways.
TestServer::Script proxy_script(std::string reply, std::string target_port, std::string& seen) {
  return [reply = std::move(reply), target_port = std::move(target_port), &seen](Peer& peer) {
    seen = peer.read_request();
    peer.write(reply);
    if (target_port.empty()) return;
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(target_port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      std::array<char, 16384> buffer{};
      std::array<pollfd, 2> ends{{{peer.fd(), POLLIN, 0}, {fd, POLLIN, 0}}};
      for (bool open = true; open && ::poll(ends.data(), ends.size(), 20000) > 0;) {
        for (std::size_t i = 0; i < 2 && open; ++i) {
          if (ends.at(i).revents == 0) continue;
          const auto got = ::recv(ends.at(i).fd, buffer.data(), buffer.size(), 0);
          open = got > 0 && ::send(ends.at(1 - i).fd, buffer.data(), static_cast<std::size_t>(got),
                                   MSG_NOSIGNAL) == got;
        }
      }
    }
    ::close(fd);
  };
}

TEST_F(HttpTrust, GoesThroughAProxyWithCredentials) {
  std::string seen;
  const TestServer server(localhost(), always(answer("through")));
  const TestServer proxy(
      proxy_script("HTTP/1.1 200 Connection established\r\n\r\n", server.port(), seen));
  auto with = options();
  with.proxy = "http://ops:se%3Acret@127.0.0.1:" + proxy.port();
  TestStep step;
  const auto client = transport(with);
  for (int i = 0; i < 2; ++i) {
    const auto result = client->send(get(server.url("/")), scope_for(server), step);
    ASSERT_TRUE(result) << result.failure().message;
    EXPECT_EQ(result.value().body, "through");
  }
  EXPECT_EQ(proxy.accepted(), 1);
  EXPECT_THAT(seen, HasSubstr("CONNECT localhost:" + server.port() + " HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Proxy-Authorization: Basic b3BzOnNlOmNyZXQ=\r\n"));
  EXPECT_TRUE(failed_with(transport(with)->send(get(server.url("/")), HttpScope{}, step),
                          Kind::kConfig, "address_refused"));
}

TEST_F(HttpTrust, AProxyThatWantsALoginIsAConfigError) {
  std::string seen;
  const TestServer proxy(proxy_script("HTTP/1.1 407 Login\r\n\r\n", "", seen));
  auto with = options();
  with.proxy = "http://ops:canary@127.0.0.1:" + proxy.port();
  TestStep step;
  const auto result = transport(with)->send(get("https://api.example/"), {}, step);
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "proxy"));
  EXPECT_THAT(result.failure().message, HasSubstr("127.0.0.1:" + proxy.port()));
  EXPECT_THAT(result.failure().remedy, HasSubstr("http.proxy"));
  EXPECT_FALSE(log.contains("canary"));
}

TEST_F(HttpTrust, AProxyThatRefusesIsNamed) {
  std::string seen;
  const TestServer proxy(proxy_script("HTTP/1.1 403 Forbidden\r\n\r\n", "", seen));
  auto with = options();
  with.proxy = "http://127.0.0.1:" + proxy.port();
  TestStep step;
  const auto result = transport(with)->send(get("https://api.example/"), {}, step);
  EXPECT_TRUE(failed_with(result, Kind::kConfig, "proxy"));
  EXPECT_THAT(result.failure().message, HasSubstr("proxy 127.0.0.1:" + proxy.port()));
  EXPECT_THAT(result.failure().message, HasSubstr("403"));
  EXPECT_THAT(result.failure().remedy, HasSubstr("allow the marketplace's hosts"));
}

TEST_F(HttpTrust, AProxyThatCannotReachTheHostIsTransient) {
  std::string seen;
  const TestServer proxy(proxy_script("HTTP/1.1 502 Bad Gateway\r\n\r\n", "", seen));
  auto with = options();
  with.proxy = "http://127.0.0.1:" + proxy.port();
  TestStep step;
  const auto result = transport(with)->send(get("https://api.example/"), {}, step);
  EXPECT_TRUE(failed_with(result, Kind::kTransient, "connect"));
  EXPECT_THAT(result.failure().message, HasSubstr("proxy 127.0.0.1:" + proxy.port()));
}

TEST_F(HttpTrust, AMalformedProxyIsRefusedWithoutItsPassword) {
  for (const auto* text :
       {"https://u:canary@p:1", "http://u:canary@p", "u:canary@p:80", "http://u:canary%zz@p:80"}) {
    auto with = options();
    with.proxy = text;
    try {
      transport(with)->prepare();
      FAIL() << text;
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
    }
  }
}

}  // namespace http_trust
}  // namespace marketplug::services::testing
