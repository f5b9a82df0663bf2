#include "host/app/connectors.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"
#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

class NoTransport : public services::HttpTransport {
 public:
  Result<HttpResponse> send(const HttpRequest&, const services::HttpScope&, StepContext&) override {
    return Failure();
  }
  Result<HttpResponse> stream(const HttpRequest&, const services::HttpScope&, std::uint64_t,
                              const std::function<void(std::string_view)>&, StepContext&) override {
    return Failure();
  }
  void prepare() override {}
  void close_idle() override {}
  void abort_reads() override {}
};

class ConnectorsTest : public ::testing::Test {
 protected:
  ConnectorsTest() {
    ::setenv("CONNECTORS_TEST_TOKEN", "sesame-sesame", 1);
    record_.id = "a";
    record_.source = "file:/a.yaml";
    record_.enabled = true;
    record_.document =
        R"({"id":"a","plugin":"fake","poll_seconds":15,"settings":{
            "token":"${env:CONNECTORS_TEST_TOKEN}","api":"https://localhost:8443/x",
            "orders":{"enabled":true,"import_new":true}}})";
  }

  Connectors connectors(std::chrono::seconds least_poll = std::chrono::seconds(0)) {
    return Connectors(ConnectorParts{
        bench_.config, bench_.source(), [this](std::string_view) { return problem_; },
        [](std::string_view, config::Problem& problem) {
          problem.file = "/a.yaml";
          problem.line = 7;
        },
        bench_.clock, bench_.random, http_, log_, metrics_, quota_, *redactor_, *bench_.store,
        least_poll, [this](std::string_view) { return refused_; }});
  }

  testing::Bench bench_;
  NoTransport http_;
  marketplug::testing::CapturedLog log_;
  marketplug::testing::CapturedMetrics metrics_;
  marketplug::testing::FakeQuota quota_;
  std::unique_ptr<services::Redactor> redactor_ = services::make_redactor();
  std::optional<config::Problem> problem_;
  std::optional<Failure> refused_;
  store::ShopRecord record_;
};

TEST_F(ConnectorsTest, ThePluginGetsHandlesAndNoSwitches) {
  const auto made = connectors().connect(record_);
  ASSERT_TRUE(made) << made.failure().message;
  const auto settings = boost::json::parse(bench_.plugin.settings_);
  EXPECT_EQ(settings.at("token"), "secret:/token");
  EXPECT_EQ(settings.at("api"), "https://localhost:8443/x");
  EXPECT_EQ(bench_.plugin.settings_.find("import_new"), std::string::npos);
  auto* secrets = part<Secrets>(*made.value().host);
  ASSERT_NE(secrets, nullptr);
  EXPECT_EQ(secrets->get("secret:/token").value(), "sesame-sesame");
}

TEST_F(ConnectorsTest, ReferencesThatAreNoSecretsArriveAsValues) {
  ::setenv("CONNECTORS_TEST_API", "https://10.1.2.3:8443", 1);
  record_.document =
      R"({"id":"a","plugin":"fake","settings":{"api":"${env:CONNECTORS_TEST_API}"}})";
  ASSERT_TRUE(connectors().connect(record_));
  EXPECT_EQ(boost::json::parse(bench_.plugin.settings_).at("api"), "https://10.1.2.3:8443");
  ::unsetenv("CONNECTORS_TEST_API");
  const auto made = connectors().connect(record_);
  ASSERT_FALSE(made);
  EXPECT_NE(made.failure().message.find("/settings/api"), std::string::npos);
  EXPECT_NE(made.failure().message.find("CONNECTORS_TEST_API"), std::string::npos);
}

// Guards: a value behind a reference reached the plugin although its schema refuses it.
TEST_F(ConnectorsTest, TheValueOfAReferenceIsJudgedByTheSchema) {
  ::setenv("CONNECTORS_TEST_API", "not-a-uri-but-internal", 1);
  record_.document =
      R"({"id":"a","plugin":"fake","settings":{"api":"${env:CONNECTORS_TEST_API}"}})";
  const auto made = connectors().connect(record_);
  ::unsetenv("CONNECTORS_TEST_API");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().kind, Failure::Kind::kConfig);
  const auto& text = made.failure().message;
  EXPECT_TRUE(
      text.starts_with("/a.yaml:7: /settings/api: the value of "
                       "${env:CONNECTORS_TEST_API} must be"))
      << text;
  EXPECT_EQ(text.find("internal"), std::string::npos) << "the value stays where it is";
  EXPECT_NE(made.failure().remedy, "");
  EXPECT_EQ(bench_.plugin.host_, nullptr);
}

TEST_F(ConnectorsTest, RulesAndStateAreTheShops) {
  const auto made = connectors().connect(record_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made.value().plugin, "fake");
  EXPECT_TRUE(made.value().rules.import_orders);
  EXPECT_EQ(made.value().rules.poll, std::chrono::seconds(15));
  part<State>(*made.value().host)->put("k", "v");
  const auto staged = made.value().take_staged_state();
  ASSERT_EQ(staged.size(), 1u);
  EXPECT_EQ(staged[0].first, "k");
  EXPECT_EQ(staged[0].second, "v");
  EXPECT_TRUE(made.value().take_staged_state().empty());
  const auto patient = connectors(std::chrono::seconds(90)).connect(record_);
  EXPECT_EQ(patient.value().rules.poll, std::chrono::seconds(90));
}

TEST_F(ConnectorsTest, AShopWithAProblemIsNotTried) {
  problem_ = config::Problem{"/a.yaml", 4, "/currency", "must be text", "quote it"};
  const auto made = connectors().connect(record_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().kind, Failure::Kind::kConfig);
  EXPECT_NE(made.failure().message.find("/a.yaml:4"), std::string::npos);
  EXPECT_EQ(made.failure().remedy, "quote it");
  EXPECT_EQ(bench_.plugin.host_, nullptr);
}

TEST_F(ConnectorsTest, AShopOfTheStoreIsCheckedAnew) {
  record_.source = "store";
  record_.document = R"({"id":"a","plugin":"fake","settings":{"tokken":"x"}})";
  EXPECT_FALSE(connectors().connect(record_));
  record_.document =
      R"({"id":"a","plugin":"fake","status_mapping":{"UNSHIPPED":"nowhere"},"settings":{}})";
  EXPECT_FALSE(connectors().connect(record_));
}

TEST_F(ConnectorsTest, WhatThePluginAndItsLoadingSayIsPassedOn) {
  Failure failure;
  failure.message = "no such region";
  bench_.plugin.failure = failure;
  EXPECT_EQ(connectors().connect(record_).failure().message, "no such region");
  record_.document = R"({"id":"a","plugin":"gone","settings":{}})";
  EXPECT_EQ(connectors().connect(record_).failure().code, "no_such_plugin");
  record_.document = "[";
  EXPECT_EQ(connectors().connect(record_).failure().code, "invalid_shop");
}

TEST_F(ConnectorsTest, ShopOrHostMayAskForAProcessOfItsOwn) {
  ASSERT_TRUE(connectors().connect(record_));
  EXPECT_EQ(bench_.asked_for, Isolation::kNone);
  bench_.config.plugins.isolation = {{"fake", "process"}};
  ASSERT_TRUE(connectors().connect(record_));
  EXPECT_EQ(bench_.asked_for, Isolation::kProcess);
  bench_.config.plugins.isolation = {{"fake", "none"}, {"other", "process"}};
  ASSERT_TRUE(connectors().connect(record_));
  EXPECT_EQ(bench_.asked_for, Isolation::kNone);
  record_.document = R"({"id":"a","plugin":"fake","isolation":"process","settings":{}})";
  ASSERT_TRUE(connectors().connect(record_));
  EXPECT_EQ(bench_.asked_for, Isolation::kProcess);
}

TEST_F(ConnectorsTest, APluginInQuarantineIsNotTouched) {
  refused_ = Failure{};
  refused_->code = "quarantined";
  const auto made = connectors().connect(record_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().code, "quarantined");
  EXPECT_EQ(bench_.lookups, 0);
}

TEST(EndpointsOf, EveryHttpsUrlOfTheSettings) {
  const auto settings = boost::json::parse(R"({
    "account": {"endpoints": {"api": "https://localhost:8443", "lwa": "https://10.0.0.1/auth/o2"}},
    "list": ["https://[::1]:9/x", "https://[::1]/x", "http://plain.example", "https://",
             "https://user:pw@sneaky.example", 7]})");
  EXPECT_EQ(endpoints_of(settings),
            (std::vector<std::string>{"localhost:8443", "10.0.0.1:443", "[::1]:9", "[::1]:443"}));
}

}  // namespace
}  // namespace marketplug::app
