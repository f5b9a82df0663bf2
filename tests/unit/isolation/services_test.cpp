// Every service of the host, asked by one plugin in this process and in a worker: what the plugin
// is told and what the host is left with are the same.
#include <gmock/gmock.h>

#include "marketplug/testing/scripted_http.hpp"
#include "tests/unit/isolation/workers.hpp"

namespace marketplug::isolation {
namespace {

using ::testing::HasSubstr;

/// Refuses what the real one refuses.
class BoundedState : public marketplug::testing::FakeState {
 public:
  void put(std::string_view key, std::string_view value) override {
    if (key.size() > 128) throw std::length_error("the key is too long");
    FakeState::put(key, value);
  }
};

class WholeHost {
 public:
  WholeHost() {
    host.offer<Clock>(clock);
    host.offer<Random>(random);
    host.offer<HttpClient>(http);
    host.offer<Documents>(documents);
    host.offer<Quota>(quota);
    host.offer<State>(state);
    host.offer<Secrets>(secrets);
    host.offer<Log>(log);
    host.offer<Metrics>(metrics);
    secrets.values["secret:/a"] = "sesame";
    quota.wait_until = clock.now() + std::chrono::seconds{7};
    quota.retry_at = clock.now() + std::chrono::seconds{9};
    const std::string bytes("bytes \xff\0 end", 12);
    http.answer("op", HttpResponse{201, {{"x-told", "header"}}, bytes});
    http.fail("op", Failure::Kind::kTransient, "reset");
    http.answer("op", HttpResponse{200, {{"content-type", "text/csv"}}, "a document"});
  }

  /// What the plugin was told in one step.
  std::string told(const loading::LoadedPlugin& plugin) {
    auto made = plugin.create(host, "{}");
    if (!made) throw std::runtime_error(made.failure().message);
    marketplug::testing::FakeContext ctx(clock.now() + std::chrono::minutes{1});
    auto page = part<OrderSource>(*made.value())->fetch_orders({"cursor \xff"}, ctx);
    if (!page) throw std::runtime_error(page.failure().message + page.failure().detail);
    return page.value().next.value;
  }

  marketplug::testing::FakeClock clock;
  marketplug::testing::SeededRandom random;
  marketplug::testing::FakeDocuments documents;
  marketplug::testing::ScriptedHttp http{&documents};
  marketplug::testing::FakeQuota quota;
  BoundedState state;
  marketplug::testing::FakeSecrets secrets;
  marketplug::testing::CapturedLog log;
  marketplug::testing::CapturedMetrics metrics;
  marketplug::testing::FakeHost host;
};

TEST(NestedServices, GiveAWorkerWhatTheyGiveInThisProcess) {
  const auto file = test::animal("uses_services");
  Spawner spawner;
  const IsolationParts parts{spawner, test::worker_options()};
  const RemotePlugin remote(file, "{}", parts);
  const auto loaded = loading::load(file);
  ASSERT_TRUE(loaded) << loaded.failure().message;
  WholeHost here, there;
  const auto told = here.told(*loaded.value());
  EXPECT_EQ(there.told(remote), told);
  EXPECT_THAT(told, HasSubstr("send=failed:reset;"));
  EXPECT_THAT(told, HasSubstr("long key=the key is too long;"));
  EXPECT_THAT(told, HasSubstr("gone=failed:document_gone;"));

  EXPECT_EQ(there.http.left(), 0u);
  ASSERT_EQ(there.http.requests.size(), here.http.requests.size());
  EXPECT_EQ(there.http.requests[0].url, here.http.requests[0].url);
  EXPECT_EQ(there.http.requests[0].headers, here.http.requests[0].headers);
  EXPECT_EQ(there.http.requests[0].body, here.http.requests[0].body);
  EXPECT_EQ(there.quota.taken, here.quota.taken);
  EXPECT_EQ(there.quota.observed, here.quota.observed);
  EXPECT_EQ(there.quota.refusals, here.quota.refusals);
  EXPECT_EQ(there.state.values, here.state.values);
  EXPECT_EQ(there.secrets.values, here.secrets.values);
  EXPECT_EQ(there.log.lines(), here.log.lines());
  EXPECT_EQ(there.metrics.value("counted"), 2);
  EXPECT_EQ(there.metrics.value("gauged"), 7);
  EXPECT_EQ(there.documents.count(), 0u);
}

}  // namespace
}  // namespace marketplug::isolation
