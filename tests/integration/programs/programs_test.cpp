// The built programs as their users run them: marketplug against amazon-sandbox over TLS on
// loopback, alone and through the socket of a running service.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "tests/integration/programs/process.hpp"

namespace marketplug::testing {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int code = 0;
  std::string output;
};

class Programs : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "marketplug-programs-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    simulator_ = std::make_unique<Process>(
        std::vector<std::string>{program("amazon-sandbox"), "serve", "--data",
                                 (folder_ / "amazon").string(), "--orders", "120", "--marketplaces",
                                 "NL,DE,FR", "--quota-scale", "off"},
        environment());
    ASSERT_TRUE(simulator_->read_until("\n")) << simulator_->output();
    ready_ = boost::json::parse(simulator_->output().substr(0, simulator_->output().find('\n')))
                 .as_object();
    write_config();
  }
  void TearDown() override {
    simulator_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static std::string program(const std::string& name) {
    return std::string(PROGRAMS_DIR) + "/" + name;
  }
  std::string ready(const char* name) const { return std::string(ready_.at(name).as_string()); }

  std::vector<std::string> environment() const {
    std::vector<std::string> variables{"PATH=/usr/bin:/bin"};
    // Sanitizers are told how to end by these.
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
      if (const char* value = std::getenv(name))
        variables.push_back(std::string(name) + "=" + value);
    }
    if (ready_.empty()) return variables;
    variables.push_back("LWA_CLIENT_ID=" + ready("client_id"));
    variables.push_back("LWA_CLIENT_SECRET=" + secret_);
    variables.push_back("LWA_REFRESH_TOKEN=" + ready("refresh_token"));
    return variables;
  }

  void write_config() {
    secret_ = ready("client_secret");
    const auto authority = ready("api").substr(std::string("https://").size());
    std::ofstream(folder_ / "marketplug.yaml")
        << "store: { url: \"sqlite:marketplug.db\" }\n"
        << "plugins: { folder: \"" << PLUGINS_DIR << "\" }\n"
        << "shops: { folder: ./shops.d }\n"
        << "http:\n  ca_file: \"" << ready("ca_file") << "\"\n  allow_private: [\"" << authority
        << "\"]\n";
    fs::create_directory(folder_ / "shops.d");
    std::ofstream(folder_ / "shops.d" / "shop-nl.yaml")
        << "id: shop-nl\nname: Test shop\nplugin: amazon\nenabled: true\ncurrency: "
           "EUR\nsettings:\n  account:\n"
        << "    region: EU\n    marketplaces: [NL, DE, FR]\n    authorization:\n      kind: self\n"
        << "      seller_id: " << ready("seller_id")
        << "\n      lwa_client_id: ${env:LWA_CLIENT_ID}\n"
        << "      lwa_client_secret: ${env:LWA_CLIENT_SECRET}\n      refresh_token: "
           "${env:LWA_REFRESH_TOKEN}\n"
        << "    endpoints:\n      api: " << ready("api") << "\n      lwa: " << ready("lwa") << "\n"
        << "  orders: { enabled: true, pii_access: true, start_date: \"2025-01-01\" }\n";
  }

  std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {program("marketplug"), "--config", (folder_ / "marketplug.yaml").string()});
    return arguments;
  }
  Ran marketplug(std::vector<std::string> arguments) const {
    Process process(command(std::move(arguments)), environment());
    const int code = process.finish();
    return {code, process.output()};
  }
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  fs::path folder_;
  std::unique_ptr<Process> simulator_;
  boost::json::object ready_;
  std::string secret_;
};

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
