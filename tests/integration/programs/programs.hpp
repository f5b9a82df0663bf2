#pragma once
// The built programs over a simulator that was started for the test: configuration, one shop
// (shop-nl), commands. One thread.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/programs/process.hpp"

namespace marketplug::testing {

struct Ran {
  int code = 0;
  std::string output;
};

class Programs : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "marketplug-programs-XXXXXX").string();
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
    std::filesystem::remove_all(folder_, ignored);
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
    for (const auto& variable : more_environment_) variables.push_back(variable);
    variables.push_back("LWA_CLIENT_ID=" + ready("client_id"));
    variables.push_back("LWA_CLIENT_SECRET=" + secret_);
    variables.push_back("LWA_REFRESH_TOKEN=" + ready("refresh_token"));
    return variables;
  }

  void write_config(const std::string& plugins = PLUGINS_DIR, const std::string& more = "") {
    secret_ = ready("client_secret");
    const auto authority = ready("api").substr(std::string("https://").size());
    std::ofstream(folder_ / "marketplug.yaml") << "store: { url: \"sqlite:marketplug.db\" }\n"
                                               << "plugins: { folder: \"" << plugins << "\" }\n"
                                               << "shops: { folder: ./shops.d }\n"
                                               << "http:\n  ca_file: \"" << ready("ca_file")
                                               << "\"\n  allow_private: [\"" << authority << "\"]\n"
                                               << more;
    std::filesystem::create_directory(folder_ / "shops.d");
    write_shop("shop-nl", shop_file("shop-nl"));
  }
  void write_shop(const std::string& id, const std::string& text) const {
    std::ofstream(folder_ / "shops.d" / (id + ".yaml")) << text;
  }
  std::string shop_file(const std::string& id) const {
    std::ostringstream out;
    out << "id: " << id
        << "\nname: Test shop\nplugin: amazon\nenabled: true\ncurrency: "
           "EUR\nsettings:\n  account:\n"
        << "    region: EU\n    marketplaces: [NL, DE, FR]\n    authorization:\n      kind: self\n"
        << "      seller_id: " << ready("seller_id")
        << "\n      lwa_client_id: ${env:LWA_CLIENT_ID}\n"
        << "      lwa_client_secret: ${env:LWA_CLIENT_SECRET}\n      refresh_token: "
           "${env:LWA_REFRESH_TOKEN}\n"
        << "    endpoints:\n      api: " << ready("api") << "\n      lwa: " << ready("lwa") << "\n"
        << "  orders: { enabled: true, pii_access: true, start_date: \"2025-01-01\" }\n";
    return out.str();
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
  /// A command to the running simulator; what it printed.
  std::string sandbox(std::vector<std::string> words) const {
    words.insert(words.begin(), program("amazon-sandbox"));
    words.insert(words.end(), {"--data", (folder_ / "amazon").string()});
    Process process(std::move(words), environment());
    EXPECT_EQ(process.finish(), 0) << process.output();
    return process.output();
  }
  /// So many the simulator has taken; their answers may still be under way.
  int requests_of(const std::string& operation) const {
    std::istringstream words(sandbox({"stats"}));
    for (std::string word; words >> word;) {
      int count = 0;
      if (word == operation && words >> count) return count;
    }
    return 0;
  }
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  std::filesystem::path folder_;
  std::unique_ptr<Process> simulator_;
  boost::json::object ready_;
  std::string secret_;
  std::vector<std::string> more_environment_;
};

}  // namespace marketplug::testing
