#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <cstring>
#include <fstream>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

loading::PluginFile plugin_named(const char* id, loading::PluginState state) {
  loading::PluginFile plugin;
  plugin.path = std::string("/plugins/") + id + ".so";
  plugin.state = state;
  std::strncpy(plugin.abi.id, id, sizeof(plugin.abi.id) - 1);
  std::strncpy(plugin.abi.capabilities, "order-source/1", sizeof(plugin.abi.capabilities) - 1);
  return plugin;
}

TEST(PluginOperations, ListSaysWhatIsWrong) {
  Bench bench;
  bench.plugins.push_back(plugin_named("fake", loading::PluginState::kReady));
  bench.plugins.push_back(plugin_named("old", loading::PluginState::kRefused));
  bench.plugins.back().reasons.push_back({"abi_layout", "built for another host", "rebuild it"});
  const auto answer = bench.call("plugins.list");
  ASSERT_EQ(answer.at("plugins").as_array().size(), 2u);
  EXPECT_EQ(answer.at("plugins").at(0).at("capabilities").at(0), "order-source/1");
  EXPECT_EQ(answer.at("plugins").at(1).at("reasons").at(0).at("remedy"), "rebuild it");
}

TEST(PluginOperations, TheLayoutReadsAsInTheReasons) {
  Bench bench;
  bench.plugins.push_back(plugin_named("fake", loading::PluginState::kReady));
  bench.plugins.back().abi.layout_hash = 0xabc;
  EXPECT_EQ(bench.call("plugins.show", {{"plugin", "fake"}}).at("abi").at("layout_hash"),
            "0000000000000abc");
}

TEST(PluginOperations, ShowNamesThoseThatAreThere) {
  Bench bench;
  bench.plugins.push_back(plugin_named("fake", loading::PluginState::kReady));
  EXPECT_EQ(bench.call("plugins.show", {{"plugin", "fake"}}).at("path"), "/plugins/fake.so");
  const auto problem = bench.problem("plugins.show", {{"plugin", "fakee"}});
  EXPECT_EQ(problem.status(), 404);
  EXPECT_NE(problem.remedy().find("fake"), std::string::npos);
}

TEST(ShopOperations, ListAndShow) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b", "file:/etc/b.yaml", false);
  const auto answer = bench.call("shops.list");
  ASSERT_EQ(answer.at("shops").as_array().size(), 2u);
  EXPECT_EQ(answer.at("shops").at(0).at("name"), "Shop a");
  EXPECT_EQ(answer.at("shops").at(1).at("state"), "disabled");
  EXPECT_EQ(answer.at("shops").at(1).at("state_reason"), "its file /etc/b.yaml is gone");
  bench.problems.push_back({"b", {"/etc/b.yaml", 3, "/plugin", "unknown", "correct it"}});
  const auto shown = bench.call("shops.show", {{"shop", "b"}});
  EXPECT_EQ(shown.at("source"), "file:/etc/b.yaml");
  EXPECT_EQ(shown.at("problems").at(0).at("line"), 3);
  EXPECT_EQ(bench.problem("shops.show", {{"shop", "c"}}).status(), 404);
  EXPECT_NE(bench.problem("shops.show", {{"shop", "c"}}).remedy().find("a, b"), std::string::npos);
}

// Guards: a misspelt `enabled` made a shop look as if somebody had switched it off.
TEST(ShopOperations, ADisabledShopWhoseFileHasProblemsSaysSo) {
  Bench bench;
  const auto file = bench.folder.path() + "/b.yaml";
  std::ofstream(file) << "id: b\n";
  bench.add_shop("b", "file:" + file, false);
  bench.problems.push_back({"b", {file, 3, "/enabeld", "is not known here", "correct it"}});
  const auto shop = bench.call("shops.list").at("shops").at(0);
  EXPECT_EQ(shop.at("state_reason").as_string(),
            file + ":3: /enabeld: is not known here (correct it)");
}

/// A service that runs, with one shop whose store is in trouble.
class LiveShops : public ::testing::Test {
 protected:
  LiveShops() {
    bench_.add_shop("a");
    bench_.parts->engine_runs = true;
    bench_.parts->not_ready = [] { return std::vector<std::string>{"The disk is full."}; };
    sync::ShopStatus status;
    status.shop = "a";
    status.state = "ok";
    status.next_due = bench_.clock.now() + std::chrono::minutes(3);
    status.jobs.resize(1);
    status.jobs[0].shop = "a";
    status.jobs[0].kind = "order-source";
    status.jobs[0].state = "queued";
    status.jobs[0].due_at = *status.next_due;
    bench_.engine.statuses = {status};
  }
  sync::ShopStatus& status() { return bench_.engine.statuses[0]; }
  boost::json::value listed() { return bench_.call("shops.list").at("shops").at(0); }
  boost::json::value shown() { return bench_.call("shops.show", {{"shop", "a"}}); }

  Bench bench_;
};

// Guards: a full disk was seen in the log alone; every command showed the shop as it was stored.
TEST_F(LiveShops, TroubleOfTheMomentIsShown) {
  status().trouble = "The disk of /var is full.";
  for (const auto& shop : {listed(), shown()}) {
    EXPECT_EQ(shop.at("state_reason"), "The disk of /var is full.");
    EXPECT_EQ(shop.at("live").at("trouble"), "The disk of /var is full.");
  }
  EXPECT_EQ(bench_.call("shops.list").at("service").at(0), "The disk is full.");
}

// Guards: a shop whose marketplace had not answered for hours was listed as one where all is well.
TEST_F(LiveShops, TroubleThatIsTriedAgainIsToldWithItsRemedyAndTimes) {
  auto& job = status().jobs[0];
  job.failures = 4;
  job.last_message = "sellingpartnerapi-eu.amazon.com: no connection";
  job.last_remedy = "Check the firewall.";
  job.last_succeeded = bench_.clock.now() - std::chrono::hours(2);
  const std::string reason =
      "sellingpartnerapi-eu.amazon.com: no connection. Check the firewall. "
      "Failed 4 time(s) in a row, last well at " +
      format_time(*job.last_succeeded) + "; tried again at " + format_time(job.due_at) + ".";
  for (const auto& shop : {listed(), shown()})
    EXPECT_EQ(shop.at("state_reason").as_string(), reason);

  bench_.write("a", [&](store::ShopTransaction& transaction) { transaction.save_job(job); });
  bench_.parts->engine_runs = false;
  for (const auto& shop : {listed(), shown()}) {
    EXPECT_EQ(shop.at("state_reason").as_string(), reason)
        << "without a service the stored job tells it";
  }
}

TEST_F(LiveShops, WaitingForQuotaIsNoTrouble) {
  status().jobs[0].last_message = "the quota is used up for now";
  EXPECT_FALSE(listed().as_object().contains("state_reason"));
}

TEST_F(LiveShops, AJobThatIsOnlyInMemoryIsShownAsSuch) {
  status().jobs[0].last_message = "no answer";
  EXPECT_EQ(shown().at("jobs").at(0).at("in_memory"), true);
  EXPECT_EQ(shown().at("jobs").at(0).at("last_message"), "no answer");
  bench_.write(
      "a", [&](store::ShopTransaction& transaction) { transaction.save_job(status().jobs[0]); });
  ASSERT_EQ(shown().at("jobs").as_array().size(), 1u);
  EXPECT_FALSE(shown().at("jobs").at(0).as_object().contains("in_memory"));
}

TEST_F(LiveShops, WhatIsOverdueSaysSinceWhen) {
  EXPECT_FALSE(listed().at("live").as_object().contains("overdue_since"));
  bench_.clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(listed().at("live").at("overdue_since").as_string(), format_time(*status().next_due));
  EXPECT_NE(listed().at("state_reason").as_string().find("overdue since"), std::string::npos);
  status().jobs[0].state = "running";
  EXPECT_FALSE(listed().at("live").as_object().contains("overdue_since"));
}

TEST_F(LiveShops, WithoutAServiceThereIsNothingLive) {
  bench_.parts->engine_runs = false;
  status().trouble = "The disk of /var is full.";
  EXPECT_FALSE(listed().as_object().contains("live"));
  EXPECT_TRUE(bench_.call("shops.list").at("service").as_array().empty());
}

TEST(ShopOperations, AFileWithoutAShopIsListedToo) {
  Bench bench;
  bench.problems.push_back({"", {"/etc/b.yaml", 3, "", "a tab", "use blanks"}});
  EXPECT_EQ(bench.call("shops.list").at("problems").at(0).at("line"), 3);
}

TEST(ShopOperations, ShowNeverGivesSecretsAway) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("literal", "store", true,
                 R"({"id":"literal","plugin":"fake","settings":{"token":"sesame-sesame"}})");
  bench.add_shop("foreign", "store", true,
                 R"({"id":"foreign","plugin":"gone","settings":{"token":"sesame-sesame"}})");
  EXPECT_EQ(bench.call("shops.show", {{"shop", "a"}}).at("document").at("settings").at("token"),
            "${env:T}");
  bench.add_shop("misspelt", "store", true,
                 R"({"id":"misspelt","plugin":"fake","settings":{"tokken":"sesame-sesame",
                     "more":{"token":["sesame-sesame"]}}})");
  for (const auto* shop : {"literal", "foreign", "misspelt"}) {
    const auto text = boost::json::serialize(bench.call("shops.show", {{"shop", shop}}));
    EXPECT_EQ(text.find("sesame"), std::string::npos) << text;
  }
}

TEST(ShopOperations, ADeclaredShopIsReadOnlyAndItsFileNamed) {
  Bench bench;
  bench.add_shop("a", "file:/etc/shops.d/a.yaml");
  const auto problem = bench.problem("shops.disable", {{"shop", "a"}});
  EXPECT_EQ(problem.status(), 409);
  EXPECT_NE(std::string(problem.what()).find("/etc/shops.d/a.yaml"), std::string::npos);
  EXPECT_TRUE(bench.store->shops().find("a")->enabled);
  EXPECT_EQ(bench.engine.reloads, 0);
}

TEST(ShopOperations, DisablingIsAuditedOnceAndReachesTheEngine) {
  Bench bench;
  bench.add_shop("a");
  EXPECT_EQ(bench.call("shops.disable", {{"shop", "a"}}).at("enabled"), false);
  bench.call("shops.disable", {{"shop", "a"}});
  EXPECT_FALSE(bench.store->shops().find("a")->enabled);
  EXPECT_EQ(bench.audited("shop.disabled"), 1u);
  EXPECT_EQ(bench.engine.reloads, 1);
}

TEST(ShopOperations, AShopWithProblemsIsNotEnabled) {
  Bench bench;
  bench.add_shop("a", "store", false, R"({"id":"a","plugin":"fake","settings":{"tokken":"x"}})");
  const auto problem = bench.problem("shops.enable", {{"shop", "a"}});
  EXPECT_EQ(problem.status(), 409);
  EXPECT_EQ(problem.code(), "invalid_shop");
  EXPECT_FALSE(bench.store->shops().find("a")->enabled);
}

// What `check` calls an error without asking the marketplace is one for enabling too.
TEST(ShopOperations, AShopWhosePluginIsMissingIsNotEnabled) {
  Bench bench;
  bench.add_shop("a", "store", false, R"({"id":"a","plugin":"amazn","settings":{}})");
  const auto problem = bench.problem("shops.enable", {{"shop", "a"}});
  EXPECT_EQ(problem.status(), 409);
  EXPECT_NE(std::string(problem.what()).find("there is no plugin amazn in"), std::string::npos)
      << problem.what();
  EXPECT_FALSE(problem.remedy().empty());
  EXPECT_FALSE(bench.store->shops().find("a")->enabled);
}

}  // namespace
}  // namespace marketplug::api
