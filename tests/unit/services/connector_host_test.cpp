// One connector's host: secrets that rotate, staged state, names that cannot be borrowed,
// documents.

#include <gmock/gmock.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "host/services/connector_secrets.hpp"
#include "http_fixture.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"
#include "marketplug/testing/mocks.hpp"
#include "support/fake_vaults.hpp"

namespace marketplug::services::testing {
namespace connector_host {

using ::testing::HasSubstr;
using Kind = Failure::Kind;

class StateOnly : public store::Progress {
 public:
  std::optional<Cursor> cursor(std::string_view, std::string_view) override { return {}; }
  std::optional<std::string> state(std::string_view shop, std::string_view key) override {
    const auto found = values.find(std::string(shop) + "/" + std::string(key));
    if (found == values.end()) return std::nullopt;
    return found->second;
  }
  std::vector<store::JobRecord> jobs(std::string_view) override { return {}; }
  void mark_in_flight(const store::OwnerToken&, const store::InFlightMark&) override {}
  std::vector<store::InFlightMark> marks() override { return {}; }
  void drop_mark(const store::InFlightMark&) override {}
  std::map<std::string, std::string> values;
};

/// The three parts of a store that a connector's host touches.
class SmallStore : public store::Store {
 public:
  std::unique_ptr<store::ShopTransaction> begin(const store::OwnerToken&) override { unused(); }
  store::Shops& shops() override { unused(); }
  store::Ownership& ownership() override { unused(); }
  store::Orders& orders() override { unused(); }
  store::Events& events() override { unused(); }
  store::Parked& parked() override { unused(); }
  store::Alerts& alerts() override { unused(); }
  store::Returns& returns() override { unused(); }
  store::OrderAudits& order_audits() override { unused(); }
  store::Progress& progress() override { return state; }
  store::QuotaLevels& quota() override { unused(); }
  store::SecretVault& secrets() override { return vault; }
  store::DocumentVault& documents() override { return files; }
  store::AuditTrail& audit() override { unused(); }
  store::PluginHistory& plugins() override { unused(); }
  std::optional<std::string> look_at_clock(TimePoint) override { unused(); }

  StateOnly state;
  marketplug::testing::FakeSecretVault vault;
  marketplug::testing::FakeDocumentVault files;

 private:
  [[noreturn]] static void unused() { throw std::logic_error("not a connector's business"); }
};

class ConnectorHostTest : public HttpTest {
 protected:
  std::unique_ptr<ConnectorHost> make(const std::string& shop = "shop-nl",
                                      std::vector<std::string> allow_private = {}) {
    return make_connector_host({shop, "amazon", settings, std::move(allow_private), clock, random,
                                *client, log, *registry, quota, *redactor, store});
  }
  static std::string value(ConnectorHost& host, const std::string& handle) {
    const auto got = part<Secrets>(host)->get(handle);
    return got ? got.value() : "failure: " + got.failure().code;
  }

  marketplug::testing::SeededRandom random;
  marketplug::testing::FakeQuota quota;
  std::unique_ptr<MetricsRegistry> registry = make_metrics();
  std::unique_ptr<Redactor> redactor = make_redactor();
  std::unique_ptr<HttpTransport> client = transport();
  SmallStore store;
  std::map<std::string, std::string, std::less<>> settings;
};

TEST_F(ConnectorHostTest, OffersEveryServiceByItsId) {
  const auto host = make();
  EXPECT_EQ(part<Clock>(*host)->now(), clock.now());
  EXPECT_NE(part<Random>(*host)->next(), part<Random>(*host)->next());
  EXPECT_NE(part<HttpClient>(*host), nullptr);
  EXPECT_NE(part<Documents>(*host), nullptr);
  EXPECT_NE(part<Log>(*host), nullptr);
  EXPECT_NE(part<Secrets>(*host), nullptr);
  EXPECT_NE(part<Quota>(*host), nullptr);
  EXPECT_NE(part<Metrics>(*host), nullptr);
  EXPECT_NE(part<State>(*host), nullptr);
  EXPECT_EQ(host->query("host.http/2"), nullptr);
}

TEST_F(ConnectorHostTest, QuotasAreAskedNoMoreUrgentlyThanTheStepIs) {
  ::testing::StrictMock<marketplug::testing::MockQuota> asked;
  const auto host = make_connector_host({"shop-nl",
                                         "amazon",
                                         settings,
                                         {},
                                         clock,
                                         random,
                                         *client,
                                         log,
                                         *registry,
                                         asked,
                                         *redactor,
                                         store});
  auto* offered = part<Quota>(*host);
  using ::testing::_;
  EXPECT_CALL(asked, take(_, _, QuotaPriority::kPerson));
  offered->take({}, {}, QuotaPriority::kPerson);
  host->limit_priority(QuotaPriority::kBackground);
  EXPECT_CALL(asked, take(_, _, QuotaPriority::kBackground));
  EXPECT_CALL(asked, left(_, _, QuotaPriority::kBackground));
  offered->take({}, {}, QuotaPriority::kPerson);
  offered->left({}, {}, QuotaPriority::kStock);
  host->limit_priority(QuotaPriority::kPerson);
  EXPECT_CALL(asked, take(_, _, QuotaPriority::kPresent));
  offered->take({}, {}, QuotaPriority::kPresent);
  EXPECT_CALL(asked, observe(_, 0.5));
  offered->observe({}, 0.5);
  EXPECT_CALL(asked, refused(_, _));
  offered->refused({}, {});
}

// ---- secrets
// --------------------------------------------------------------------------------------

class ConnectorSecretsTest : public ConnectorHostTest {
 protected:
  ConnectorSecretsTest() {
    ::setenv("MARKETPLUG_TEST_TOKEN", "declared-1", 1);
    settings = {{"/token", "${env:MARKETPLUG_TEST_TOKEN}"}, {"/literal", "literal-value"}};
  }
  ~ConnectorSecretsTest() override { ::unsetenv("MARKETPLUG_TEST_TOKEN"); }
};

TEST_F(ConnectorSecretsTest, GivesWhatTheSettingsDeclareAndTeachesTheRedactor) {
  const auto host = make();
  EXPECT_EQ(value(*host, "secret:/token"), "declared-1");
  EXPECT_EQ(value(*host, "secret:/literal"), "literal-value");
  EXPECT_EQ(redactor->redact("x declared-1 literal-value"), "x *** ***");
  EXPECT_EQ(value(*host, "secret:/unknown"), "failure: secret_missing");
  EXPECT_EQ(value(*host, "/token"), "failure: secret_handle");
}

TEST_F(ConnectorSecretsTest, AReferenceThatDoesNotResolveNamesTheSetting) {
  ::unsetenv("MARKETPLUG_TEST_TOKEN");
  const auto host = make();
  const auto got = part<Secrets>(*host)->get("secret:/token");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().kind, Kind::kConfig);
  EXPECT_THAT(got.failure().message, HasSubstr("/token: environment variable"));
}

TEST_F(ConnectorSecretsTest, AReplacedSecretIsDurableAndWinsUntilTheReferenceChanges) {
  {
    const auto host = make();
    ASSERT_TRUE(part<Secrets>(*host)->replace("secret:/token", "rotated-1"));
    EXPECT_EQ(value(*host, "secret:/token"), "rotated-1");
    EXPECT_EQ(redactor->redact("rotated-1"), "***");
  }
  const auto host = make();
  EXPECT_EQ(value(*host, "secret:/token"), "rotated-1");
  ASSERT_TRUE(part<Secrets>(*host)->replace("secret:/token", "rotated-2"));
  EXPECT_EQ(value(*host, "secret:/token"), "rotated-2");
  ::setenv("MARKETPLUG_TEST_TOKEN", "declared-2", 1);
  EXPECT_EQ(value(*host, "secret:/token"), "declared-2");
  // Set back by mistake: what replaced the first one is still there.
  ::setenv("MARKETPLUG_TEST_TOKEN", "declared-1", 1);
  EXPECT_EQ(value(*host, "secret:/token"), "rotated-2");
}

TEST_F(ConnectorSecretsTest, AReplacedSecretIsInForceWhileItsReferenceGivesNone) {
  const auto host = make();
  ASSERT_TRUE(part<Secrets>(*host)->replace("secret:/token", "rotated-1"));
  ::unsetenv("MARKETPLUG_TEST_TOKEN");
  EXPECT_EQ(value(*host, "secret:/token"), "rotated-1");
  ASSERT_TRUE(part<Secrets>(*host)->replace("secret:/token", "rotated-2"));
  EXPECT_EQ(value(*make(), "secret:/token"), "rotated-2");
  EXPECT_EQ(value(*make("other-shop"), "secret:/token"), "failure: secret_missing");
  ::setenv("MARKETPLUG_TEST_TOKEN", "declared-2", 1);
  EXPECT_EQ(value(*host, "secret:/token"), "declared-2") << "a person's newer word";
}

TEST_F(ConnectorSecretsTest, ASecretWithoutASettingCanBeStored) {
  const auto host = make();
  ASSERT_TRUE(part<Secrets>(*host)->replace("secret:/granted", "from-consent"));
  EXPECT_EQ(value(*host, "secret:/granted"), "from-consent");
  EXPECT_EQ(value(*make("other-shop"), "secret:/granted"), "failure: secret_missing");
}

TEST_F(ConnectorSecretsTest, RefusesWhatCannotBeASecret) {
  const auto host = make();
  auto& kept = *part<Secrets>(*host);
  EXPECT_FALSE(kept.replace("secret:/token", ""));
  EXPECT_FALSE(kept.replace("secret:/token", std::string(70'000, 'x')));
  EXPECT_FALSE(kept.replace("token", "value"));
}

TEST_F(ConnectorSecretsTest, TheFingerprintTellsNothingWithoutTheStoredValue) {
  EXPECT_NE(replaced_fingerprint("stored-a", "declared"),
            replaced_fingerprint("stored-b", "declared"));
  EXPECT_EQ(replaced_fingerprint("stored-a", "declared").size(), 64u);
}

// ---- state
// ----------------------------------------------------------------------------------------

TEST_F(ConnectorHostTest, StateIsStagedAndSeenAtOnce) {
  store.state.values["shop-nl/kept"] = "old";
  const auto host = make();
  auto& state = *part<State>(*host);
  EXPECT_EQ(state.get("kept"), "old");
  state.put("kept", "new");
  state.put("gone", "x");
  state.erase("gone");
  EXPECT_EQ(state.get("kept"), "new");
  EXPECT_EQ(state.get("gone"), std::nullopt);
  EXPECT_EQ(store.state.values["shop-nl/kept"], "old");
  const auto staged = host->take_staged_state();
  EXPECT_EQ(staged.writes.at("kept"), "new");
  EXPECT_EQ(staged.writes.at("gone"), std::nullopt);
  EXPECT_TRUE(host->take_staged_state().writes.empty());
  EXPECT_EQ(state.get("kept"), "old");
}

TEST_F(ConnectorHostTest, StateHasLimits) {
  const auto host = make();
  auto& state = *part<State>(*host);
  state.put(std::string(128, 'k'), std::string(65536, 'v'));
  EXPECT_THROW(state.put(std::string(129, 'k'), "v"), std::length_error);
  EXPECT_THROW(state.put("k", std::string(65537, 'v')), std::length_error);
  EXPECT_THROW(state.put("", "v"), std::length_error);
}

// ---- names
// ----------------------------------------------------------------------------------------

TEST_F(ConnectorHostTest, APluginSpeaksInItsOwnNameOnly) {
  const auto host = make();
  const LogField fields[] = {{"shop", "victim"}, {"plugin", "other"}, {"n", "1"}};
  part<Log>(*host)->write(Log::Level::kInfo, "e", "m", fields);
  EXPECT_TRUE(log.contains("shop=shop-nl plugin=amazon n=1"));
  EXPECT_FALSE(log.contains("victim"));
  const MetricLabel labels[] = {{"shop", "victim"}, {"kind", "a"}};
  part<Metrics>(*host)->count("pages_total", 1, labels);
  part<Metrics>(*host)->gauge("age_seconds", 2, {});
  EXPECT_THAT(registry->exposition(),
              HasSubstr("marketplug_plugin_pages_total{kind=\"a\",plugin=\"amazon\","
                        "shop=\"shop-nl\"} 1\n"));
  EXPECT_THAT(registry->exposition(), HasSubstr("marketplug_plugin_age_seconds{"));
}

// ---- documents
// ------------------------------------------------------------------------------------

std::string packed(std::string_view text) {
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

/// Lines that shrink to about a third, as reports do.
class SeededText {
 public:
  std::string line() {
    return std::to_string(numbers_.next()) + "\tsku-" + std::to_string(numbers_.next() % 1000) +
           "\tUNSHIPPED\tMERCHANT\t2026-11-23T10:00:00Z\n";
  }

 private:
  marketplug::testing::SeededRandom numbers_;
};

class DownloadTest : public ConnectorHostTest {
 protected:
  Result<DocumentInfo> download(const std::string& bytes, const DownloadLimits& limits = {}) {
    const TestServer server(localhost(), always(bytes));
    host = make("shop-nl", {"localhost:" + server.port()});
    TestStep step;
    auto request = get(server.url("/document"));
    request.secret_url = true;
    return part<HttpClient>(*host)->download(request, limits, step);
  }
  std::string code(const Result<DocumentInfo>& result) {
    return result ? "no failure" : result.failure().code;
  }
  std::unique_ptr<ConnectorHost> host;
};

TEST_F(DownloadTest, KeepsADocumentForTheShop) {
  std::string body(200'000, 'a');
  body += "end";
  const auto got = download(answer(body, "Content-Type: text/tab-separated-values; charset=x\r\n"));
  ASSERT_TRUE(got) << got.failure().message;
  const auto info = got.value();
  EXPECT_EQ(info.size, body.size());
  EXPECT_EQ(info.content_type, "text/tab-separated-values; charset=x");
  EXPECT_EQ(info.expires_at, clock.now() + std::chrono::hours{24});
  auto& documents = *part<Documents>(*host);
  EXPECT_EQ(documents.info(info.handle).value(), info);
  EXPECT_EQ(documents.read(info.handle, 199'999, 100).value(), "aend");
  EXPECT_EQ(documents.read(info.handle, 200'003, 100).value(), "");
  const auto other = make("other-shop");
  EXPECT_EQ(code(part<Documents>(*other)->info(info.handle)), "document_gone");
  part<Documents>(*other)->drop(info.handle);
  EXPECT_TRUE(documents.info(info.handle));
  documents.drop(info.handle);
  documents.drop("doc-unknown");
  EXPECT_EQ(documents.read(info.handle, 0, 1).failure().code, "document_gone");
}

TEST_F(DownloadTest, ADocumentExpires) {
  const auto got = download(answer("x"));
  ASSERT_TRUE(got);
  clock.advance(std::chrono::hours{24});
  EXPECT_EQ(code(part<Documents>(*host)->info(got.value().handle)), "document_gone");
}

TEST_F(DownloadTest, InflatesADocumentThatIsGzip) {
  DownloadLimits limits;
  limits.gunzip = true;
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "\n";
  const auto got = download(answer(packed(text)), limits);
  ASSERT_TRUE(got) << got.failure().message;
  EXPECT_EQ(got.value().size, text.size());
  EXPECT_EQ(part<Documents>(*host)->read(got.value().handle, 0, 1 << 20).value(), text);
}

TEST_F(DownloadTest, ALargeDocumentInflatesWithinItsLimits) {
  DownloadLimits limits;
  limits.gunzip = true;
  std::string text;
  SeededText noise;
  while (text.size() < (20u << 20)) text += noise.line();
  const auto bytes = packed(text);
  const auto got = download(answer(bytes), limits);
  ASSERT_TRUE(got) << got.failure().message;
  EXPECT_EQ(got.value().size, text.size());
  limits.max_inflated = text.size() - 1;
  EXPECT_EQ(code(download(answer(bytes), limits)), "too_large");
  limits.max_inflated = text.size();
  limits.max_bytes = bytes.size() - 1;
  EXPECT_EQ(code(download(answer(bytes), limits)), "too_large");
}

TEST_F(DownloadTest, ABombIsRefusedHoweverItIsWrapped) {
  DownloadLimits limits;
  limits.gunzip = true;
  const auto document = packed(std::string(64u << 20, 'x'));
  EXPECT_EQ(code(download(answer(document), limits)), "too_large");
  EXPECT_EQ(code(download(answer(packed(document), "Content-Encoding: x-gzip\r\n"), limits)),
            "too_large");
  EXPECT_EQ(store.files.purge(TimePoint::max()), 0u);
}

TEST_F(DownloadTest, ASilentServerEndsADownload) {
  const TestServer server(localhost(), [](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(100'000, 'x'));
    peer.wait_for_hangup();
  });
  host = make("shop-nl", {"localhost:" + server.port()});
  TestStep step(clock.now() + std::chrono::milliseconds{300});
  EXPECT_EQ(code(part<HttpClient>(*host)->download(get(server.url("/")), {}, step)), "deadline");
  auto quick = options();
  quick.timeout = std::chrono::seconds{1};
  client = transport(quick);
  host = make("shop-nl", {"localhost:" + server.port()});
  TestStep long_step(clock.now() + std::chrono::seconds{60});
  EXPECT_EQ(code(part<HttpClient>(*host)->download(get(server.url("/")), {}, long_step)),
            "timeout");
  EXPECT_EQ(store.files.purge(TimePoint::max()), 0u);
}

TEST_F(DownloadTest, FailuresLeaveNothingBehind) {
  DownloadLimits gunzip;
  gunzip.gunzip = true;
  DownloadLimits small;
  small.max_bytes = 1000;
  DownloadLimits little;
  little.max_inflated = 100'000;
  auto half = packed(std::string(300'000, 'x') + "random tail 123456789");
  half.resize(half.size() - 12);
  EXPECT_EQ(code(download(answer("gone", "", "403 Forbidden"))), "status_403");
  EXPECT_EQ(code(download(answer("gone", "", "403 Forbidden"), gunzip)), "status_403");
  EXPECT_EQ(code(download(answer("not gzip"), gunzip)), "bad_encoding");
  EXPECT_EQ(code(download(answer(half), gunzip)), "truncated");
  EXPECT_EQ(code(download(answer(""), gunzip)), "truncated");
  EXPECT_EQ(code(download(answer(std::string(1001, 'x')), small)), "too_large");
  EXPECT_EQ(code(download(answer(std::string(100'001, 'x')), little)), "too_large");
  EXPECT_EQ(code(download(answer(packed(std::string(4'000'000, 'x'))), gunzip)), "too_large");
  EXPECT_EQ(store.files.purge(clock.now()), 0u);
  EXPECT_EQ(store.files.purge(TimePoint::max()), 0u);
}

}  // namespace connector_host
}  // namespace marketplug::services::testing
