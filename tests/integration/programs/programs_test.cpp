// The built programs as their users run them: marketplug against amazon-sandbox over TLS on
// loopback, alone and through the socket of a running service.

#include "tests/integration/programs/programs.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace marketplug::testing {
namespace {

TEST_F(Programs, CheckSyncAndLookAround) {
  const auto check = marketplug({"check"});
  EXPECT_EQ(check.code, 0) << check.output;
  EXPECT_NE(check.output.find("0 error(s)"), std::string::npos) << check.output;

  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 0) << sync.output;

  const auto exported = marketplug({"orders", "export"});
  EXPECT_EQ(exported.code, 0) << exported.output;
  EXPECT_EQ(lines_of(exported.output), 120u);
  std::istringstream lines(exported.output);
  std::string line;
  std::getline(lines, line);
  const auto order = boost::json::parse(line).as_object();
  const auto shown = marketplug({"orders", "show", std::string(order.at("id").as_string())});
  EXPECT_EQ(shown.code, 0) << shown.output;
  EXPECT_NE(shown.output.find(order.at("marketplace_status").as_string()), std::string::npos)
      << shown.output;

  const auto plugins = marketplug({"plugins", "list"});
  EXPECT_EQ(plugins.code, 0);
  EXPECT_NE(plugins.output.find("amazon"), std::string::npos);
}

TEST_F(Programs, AServiceServesTheCommandsAndStopsOnRequest) {
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("service.started")) << service.output();
  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 0) << sync.output;
  const auto listed = marketplug({"--format", "json", "orders", "list", "--limit", "5"});
  EXPECT_EQ(listed.code, 0) << listed.output;
  const auto shops = marketplug({"shops", "list"});
  EXPECT_NE(shops.output.find("shop-nl"), std::string::npos) << shops.output;
  const auto refused = marketplug({"shops", "disable", "shop-nl"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.output.find("shop-nl.yaml"), std::string::npos) << refused.output;
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
  EXPECT_EQ(service.output().find(secret_), std::string::npos);
}

// Guards: a sync had no limit for stopping: it waited for ever for a plugin that hangs.
TEST_F(Programs, ASyncEndsOnRequestAlthoughAPluginHangs) {
  const auto plugins = folder_ / "plugins";
  std::filesystem::create_directory(plugins);
  std::filesystem::copy_file(std::filesystem::path(TEST_PLUGINS_DIR) / "hanging.so",
                             plugins / "hanging.so");
  write_config(plugins.string());
  write_shop("shop-nl",
             "id: shop-nl\nplugin: hanging\nenabled: true\ncurrency: EUR\nsettings: {}\n");
  for (const int number : {SIGTERM, SIGINT}) {
    Process sync(command({"sync"}), environment());
    ASSERT_TRUE(sync.read_until("hanging: called")) << sync.output();
    const auto asked = std::chrono::steady_clock::now();
    sync.signal(number);
    EXPECT_EQ(sync.finish(), 0) << sync.output();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(5));
    EXPECT_NE(sync.output().find("does not come back"), std::string::npos) << sync.output();
  }
}

TEST_F(Programs, AFileThatIsBrokenFromItsFirstReadFailsTheSyncAndNoOtherShop) {
  write_shop("shop-bad", "id: shop-bad\nplugin: amazon\n\tcurrency: EUR\n");
  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 1) << sync.output;
  EXPECT_NE(sync.output.find("shop-bad.yaml:3: the line is indented with a tab"), std::string::npos)
      << sync.output;
  EXPECT_NE(sync.output.find("remedy: "), std::string::npos) << sync.output;
  EXPECT_EQ(lines_of(marketplug({"orders", "export"}).output), 120u);
  const auto idle = marketplug({"sync"});
  EXPECT_EQ(idle.code, 1) << idle.output;
  EXPECT_NE(idle.output.find("nothing due; next at "), std::string::npos) << idle.output;
  const auto named = marketplug({"--format", "json", "sync", "--shop", "shop-nl"});
  EXPECT_EQ(named.code, 0) << named.output;
  EXPECT_EQ(named.output.find("nothing_due"), std::string::npos) << named.output;
}

// Guards: a shop whose secret's file came after the start stood still until a restart.
TEST_F(Programs, ASecretsFileThatComesLaterNeedsNoRestart) {
  const auto secret = folder_ / "token";
  auto text = shop_file("shop-nl");
  const std::string reference = "${env:LWA_REFRESH_TOKEN}";
  write_shop("shop-nl", text.replace(text.find(reference), reference.size(),
                                     "${file:" + secret.string() + "}"));
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("step.failed")) << service.output();
  const auto shown = marketplug({"shops", "show", "shop-nl"});
  EXPECT_NE(shown.output.find("secret file " + secret.string()), std::string::npos) << shown.output;
  EXPECT_NE(shown.output.find("needs_attention"), std::string::npos) << shown.output;
  std::ofstream(folder_ / "new") << ready("refresh_token");
  std::filesystem::permissions(folder_ / "new", std::filesystem::perms::owner_read);
  std::filesystem::rename(folder_ / "new", secret);
  EXPECT_TRUE(service.read_until("step.recovered")) << service.output();
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
}

TEST_F(Programs, AStopWhileAnAnswerIsLateDoesNotWaitForItAndLosesNothing) {
  sandbox({"fault", "delay", "--delay", "60s", "--operation", "searchOrders"});
  {
    Process service(command({"run"}), environment());
    while (requests_of("searchOrders") == 0) {
    }
    const auto asked = std::chrono::steady_clock::now();
    service.signal(SIGTERM);
    EXPECT_EQ(service.finish(), 0) << service.output();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(4500));
    for (const char* forced : {"service.stop_forced", "step.will_not_stop"}) {
      EXPECT_EQ(service.output().find(forced), std::string::npos) << service.output();
    }
  }
  sandbox({"fault", "--clear"});
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("service.started")) << service.output();
  EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  EXPECT_EQ(lines_of(marketplug({"orders", "export"}).output), 120u);
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
}

TEST_F(Programs, AKilledServiceLosesNothing) {
  {
    Process service(command({"run"}), environment());
    ASSERT_TRUE(service.read_until("service.started")) << service.output();
    service.signal(SIGKILL);
    EXPECT_EQ(service.finish(), -SIGKILL);
  }
  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 0) << sync.output;
  EXPECT_EQ(lines_of(marketplug({"orders", "export"}).output), 120u);
}

TEST_F(Programs, AServiceThatIsKilledWhileItAsksLosesNothing) {
  sandbox({"fault", "delay", "--delay", "60s", "--operation", "searchOrders"});
  {
    Process service(command({"run"}), environment());
    while (requests_of("searchOrders") == 0) {
    }
    service.signal(SIGKILL);
    EXPECT_EQ(service.finish(), -SIGKILL);
  }
  sandbox({"fault", "--clear"});
  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 0) << sync.output;
  EXPECT_EQ(lines_of(marketplug({"orders", "export"}).output), 120u);
}

TEST_F(Programs, ASecondServiceOnTheSameStoreIsRefusedAndTheFirstGoesOn) {
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("service.started")) << service.output();
  const auto second = marketplug({"run"});
  EXPECT_EQ(second.code, 1) << second.output;
  EXPECT_NE(second.output.find(folder_.string()), std::string::npos) << second.output;
  EXPECT_NE(second.output.find("marketplug"), std::string::npos) << second.output;
  EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
}

TEST_F(Programs, AnUnreachableHostIsToldWithItsRemedyAndTriedAgain) {
  auto text = shop_file("shop-nl");
  // Port 9 (discard) has no listener.
  for (const std::string& address : {ready("api"), ready("lwa")}) {
    const auto at = text.find(address);
    const auto port = text.find(':', at + std::string("https://").size());
    text.replace(port + 1, text.find_first_of("/\n", port) - port - 1, "9");
  }
  write_shop("shop-nl", text);
  std::ifstream in(folder_ / "marketplug.yaml");
  std::string config{std::istreambuf_iterator<char>(in), {}};
  config.replace(config.find("allow_private: ["), 16, "allow_private: [\"localhost:9\", ");
  std::ofstream(folder_ / "marketplug.yaml") << config;
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("step.failed")) << service.output();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"shops", "list"}, {"shops", "show", "shop-nl"}, {"check"}}) {
    const auto told = marketplug(words);
    EXPECT_NE(told.output.find("localhost"), std::string::npos) << told.output;
    EXPECT_NE(told.output.find("no connection"), std::string::npos) << told.output;
    // A line of the list has no room for the remedy.
    const bool whole = words.back() != "list";
    EXPECT_EQ(told.output.find("firewall") != std::string::npos, whole) << told.output;
  }
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
}

TEST_F(Programs, AWrongSecretSaysWhatToDo) {
  secret_ = "amzn1.oa2-cs.v1.this-is-not-the-secret";
  const auto check = marketplug({"check"});
  EXPECT_EQ(check.code, 1) << check.output;
  EXPECT_NE(check.output.find("invalid_client"), std::string::npos) << check.output;
  EXPECT_NE(check.output.find("remedy"), std::string::npos) << check.output;
  EXPECT_EQ(check.output.find(secret_), std::string::npos) << check.output;
}

TEST_F(Programs, AnUnknownKeyIsNamedWithFileAndLine) {
  std::ofstream(folder_ / "marketplug.yaml", std::ios::app) << "plugin: {}\n";
  const auto run = marketplug({"check"});
  EXPECT_NE(run.code, 0);
  EXPECT_NE(run.output.find("marketplug.yaml:7"), std::string::npos) << run.output;
  EXPECT_NE(run.output.find("plugins"), std::string::npos) << run.output;
}

}  // namespace
}  // namespace marketplug::testing
