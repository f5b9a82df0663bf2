// What a person gets wrong, as the built programs answer it: place, cause and remedy, and a good
// shop beside the bad one that goes on.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstring>
#include <fstream>
#include <iterator>

#include "marketplug/abi.hpp"
#include "tests/integration/programs/programs.hpp"
#include "tests/unit/services/tls_server.hpp"

namespace marketplug::testing {
namespace {

namespace fs = std::filesystem;

class BadInput : public Programs {
 protected:
  static std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("no \"" + from + "\" in the text");
    return text.replace(at, from.size(), to);
  }

  void write_bad_shop(const std::string& from, const std::string& to) const {
    write_shop("shop-bad", replaced(shop_file("shop-bad"), from, to));
  }

  /// The plugins folder of the test, with the good amazon.so in it.
  fs::path own_plugins() {
    const auto folder = folder_ / "plugins";
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    fs::copy_file(fs::path(PLUGINS_DIR) / "amazon.so", folder / "amazon.so");
    write_config(folder.string());
    return folder;
  }
  static std::string amazon_so() {
    std::ifstream file(fs::path(PLUGINS_DIR) / "amazon.so", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void install(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
    ::chmod(file.c_str(), 0600);
  }

  boost::json::object shop(const std::string& id) const {
    const auto shown = marketplug({"--format", "json", "shops", "show", id});
    return boost::json::parse(shown.output).as_object();
  }
  std::size_t orders_of(const std::string& shop) const {
    return lines_of(marketplug({"orders", "export", "--shop", shop}).output);
  }

  /// `check` fails and says all of `texts`; the bad shop stands still; the good one syncs.
  void expect_only_the_bad_shop_stands_still(const std::vector<std::string>& texts) {
    const auto check = marketplug({"check"});
    EXPECT_EQ(check.code, 1) << check.output;
    for (const auto& text : texts) {
      EXPECT_NE(check.output.find(text), std::string::npos) << text << " in\n" << check.output;
    }
    EXPECT_NE(check.output.find("remedy"), std::string::npos) << check.output;
    const auto sync = marketplug({"sync", "--until-idle"});
    EXPECT_EQ(sync.code, 1) << sync.output;
    EXPECT_EQ(shop("shop-bad").at("state"), "not_running");
    EXPECT_NE(shop("shop-bad").at("state_reason").as_string().find("shop-bad.yaml"),
              std::string::npos);
    EXPECT_EQ(shop("shop-nl").at("state"), "ok");
    EXPECT_EQ(orders_of("shop-nl"), 120u);
    EXPECT_EQ(orders_of("shop-bad"), 0u);
  }
};

TEST_F(BadInput, AMissingPluginIsNamedWithTheFolder) {
  write_bad_shop("plugin: amazon", "plugin: amazn");
  expect_only_the_bad_shop_stands_still(
      {"shop-bad.yaml:3", "/plugin: there is no plugin amazn in " + std::string(PLUGINS_DIR)});
}

TEST_F(BadInput, APluginThatWasCutShortIsNamed) {
  const auto plugins = own_plugins();
  const auto bytes = amazon_so();
  install(plugins / "other.so", bytes.substr(0, bytes.size() / 2));
  write_bad_shop("plugin: amazon", "plugin: other");
  const auto path = fs::canonical(plugins / "other.so").string();
  expect_only_the_bad_shop_stands_still({"shop-bad.yaml:3", path + ": "});
  const auto listed = marketplug({"plugins", "list"});
  EXPECT_NE(listed.output.find(path), std::string::npos) << listed.output;
  EXPECT_NE(listed.output.find("refused"), std::string::npos) << listed.output;
}

TEST_F(BadInput, APluginOfAnotherInterfaceIsRefusedNamingBothVersions) {
  const auto plugins = own_plugins();
  auto bytes = amazon_so();
  const auto block = bytes.find(std::string(kAbiMagic));
  ASSERT_NE(block, std::string::npos);
  const std::uint32_t other_major = kAbiMajor + 7;
  std::memcpy(bytes.data() + block + offsetof(AbiInfo, abi_major), &other_major, 4);
  std::memcpy(bytes.data() + block + offsetof(AbiInfo, id), "other\0", 6);
  install(plugins / "other.so", bytes);
  write_bad_shop("plugin: amazon", "plugin: other");
  const auto version = [](std::uint32_t major) {
    return std::to_string(major) + "." + std::to_string(kAbiMinor);
  };
  const auto cause = "built for plugin interface " + version(other_major) + ", this host has " +
                     version(kAbiMajor);
  expect_only_the_bad_shop_stands_still({"shop-bad.yaml:3", cause});
  const auto check = marketplug({"check"}).output;
  EXPECT_EQ(check.find(cause), check.rfind(cause)) << "once is enough:\n" << check;
  const auto listed = marketplug({"--format", "json", "plugins", "list"});
  const auto answer = boost::json::parse(listed.output);
  ASSERT_EQ(answer.at("plugins").as_array().size(), 2u);
  EXPECT_EQ(answer.at("plugins").at(1).at("id"), "other");
  EXPECT_EQ(answer.at("plugins").at(1).at("state"), "refused");
}

TEST_F(BadInput, AnUnknownKeyOfAShopIsNamedWithWhatWasMeant) {
  write_bad_shop("refresh_token: ", "refresh_tokn: Atzr|sesame-");
  expect_only_the_bad_shop_stands_still(
      {"shop-bad.yaml:15: /settings/account/authorization/refresh_tokn: is not known here",
       "did you mean refresh_token?"});
  EXPECT_EQ(marketplug({"shops", "show", "shop-bad"}).output.find("sesame"), std::string::npos);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find("sesame"), std::string::npos) << entry.path();
  }
}

TEST_F(BadInput, ATabThatIndentsIsNamedWithItsLine) {
  write_shop("shop-bad", shop_file("shop-bad"));
  ASSERT_EQ(marketplug({"shops", "list"}).code, 0) << "so that the shop is known by its file";
  write_bad_shop("  account:", "\taccount:");
  expect_only_the_bad_shop_stands_still({"shop-bad.yaml:7: the line is indented with a tab"});
  write_bad_shop("name: Test shop", "carrier_mapping:\n  -\tcarrier: UPS");
  const auto check = marketplug({"check", "--shop", "shop-bad"});
  EXPECT_EQ(check.code, 1) << check.output;
  EXPECT_NE(check.output.find("shop-bad.yaml:3: a tab follows the dash"), std::string::npos)
      << check.output;
}

TEST_F(BadInput, TabsThatIndentNothingAreTaken) {
  write_bad_shop("name: Test shop\n", "name:\tTest shop\t\n");
  const auto check = marketplug({"check"});
  EXPECT_EQ(check.code, 0) << check.output;
}

TEST_F(BadInput, SecretsThatAreNotSetAreToldAtOnceAndTheShopGoesOnOnceTheyAre) {
  auto text = replaced(shop_file("shop-bad"), "${env:LWA_CLIENT_SECRET}", "${env:OTHER_SECRET}");
  write_shop("shop-bad", replaced(text, "${env:LWA_REFRESH_TOKEN}", "${env:OTHER_TOKEN}"));
  const auto check = marketplug({"check"});
  EXPECT_EQ(check.code, 1) << check.output;
  const std::string at =
      "shop-bad.yaml:14: /settings/account/authorization/lwa_client_secret: "
      "environment variable OTHER_SECRET is not set";
  EXPECT_NE(check.output.find(at), std::string::npos) << check.output;
  EXPECT_NE(check.output.find("shop-bad.yaml:15: /settings/account/authorization/refresh_token: "
                              "environment variable OTHER_TOKEN is not set"),
            std::string::npos)
      << check.output;
  EXPECT_NE(check.output.find("remedy: set OTHER_SECRET in the environment"), std::string::npos)
      << check.output;

  const auto sync = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(sync.code, 1) << sync.output;
  EXPECT_EQ(orders_of("shop-nl"), 120u);
  const auto bad = shop("shop-bad");
  EXPECT_EQ(bad.at("state"), "needs_attention");
  EXPECT_EQ(bad.at("jobs").at(0).at("state"), "dead") << "nothing is tried again by itself";
  EXPECT_EQ(bad.at("jobs").at(0).at("failures"), 1);

  more_environment_ = {"OTHER_SECRET=" + secret_, "OTHER_TOKEN=" + ready("refresh_token")};
  const auto again = marketplug({"sync", "--until-idle"});
  EXPECT_EQ(again.code, 0) << again.output;
  EXPECT_EQ(shop("shop-bad").at("state"), "ok");
  EXPECT_EQ(orders_of("shop-bad"), 120u);
}

TEST_F(BadInput, AHostReferenceThatIsNotSetIsAnAnswerInJsonToo) {
  write_config(PLUGINS_DIR, "log: { level: info }\n");
  std::ifstream in(folder_ / "marketplug.yaml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text = replaced(text, "store: {", "store: { encryption_key: \"${env:OTHER_KEY}\",");
  text = replaced(text, "http:\n", "http:\n  proxy: \"${env:OTHER_PROXY}\"\n");
  std::ofstream(folder_ / "marketplug.yaml") << text;
  const auto check = marketplug({"--format", "json", "check"});
  EXPECT_EQ(check.code, 1);
  const auto answer = boost::json::parse(check.output.substr(check.output.find('{')));
  EXPECT_EQ(answer.at("errors"), 2);
  EXPECT_EQ(answer.at("host").at(0).at("pointer"), "/store/encryption_key");
  EXPECT_EQ(answer.at("host").at(0).at("line"), 1);
  EXPECT_EQ(answer.at("host").at(1).at("pointer"), "/http/proxy");
}

class BadTrust : public BadInput {
 protected:
  /// The host's configuration with another CA file.
  void trust(const std::string& ca_file) const {
    std::ifstream in(folder_ / "marketplug.yaml");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::ofstream(folder_ / "marketplug.yaml") << replaced(text, ready("ca_file"), ca_file);
  }
  /// shop-nl, with Amazon at that server.
  void move_amazon_to(const services::testing::TestServer& server) const {
    const auto text = replaced(shop_file("shop-nl"), ready("api"), server.url(""));
    write_shop("shop-nl", replaced(text, ready("lwa"), server.url("/auth/o2/token")));
  }
  void expect_refused(const services::testing::TestServer& server, const std::string& cause,
                      const std::string& remedy) const {
    const auto check = marketplug({"check"});
    EXPECT_EQ(check.code, 1) << check.output;
    for (const auto& text : {"localhost:" + server.port(), cause, "remedy: " + remedy}) {
      EXPECT_NE(check.output.find(text), std::string::npos) << text << " in\n" << check.output;
    }
    EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 1);
    const auto refused = shop("shop-nl");
    EXPECT_EQ(refused.at("state"), "needs_attention");
    EXPECT_NE(refused.at("state_reason").as_string().find(cause), std::string::npos);
    EXPECT_EQ(requests, 0) << "nothing was said to whom nobody trusts";
  }
  services::testing::TestServer::Script counting() {
    return [this](services::testing::Peer& peer) {
      if (!peer.read_request().empty()) ++requests;
    };
  }
  std::atomic<int> requests{0};
};

TEST_F(BadTrust, ACertificateForAnotherNameIsNamed) {
  const services::testing::TestCa ca;
  const services::testing::TestServer server(ca.issue("DNS:evil.test"), counting());
  trust(ca.file());
  move_amazon_to(server);
  expect_refused(server, "the certificate was issued for another name",
                 "correct the host name of the endpoint");
}

TEST_F(BadTrust, AnUnknownCaIsNamed) {
  const services::testing::TestCa ca;
  const services::testing::TestServer server(ca.issue("DNS:localhost"), counting());
  move_amazon_to(server);
  expect_refused(server, "the certificate is not trusted: unable to get local issuer certificate",
                 "if this host is meant, add its CA's certificate under http.ca_file");
}

TEST_F(BadTrust, ABadCaFileRefusesOnlyWhatUsesTheNetwork) {
  ASSERT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  trust("/nowhere/ca.pem");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"orders", "list"},
                                             {"orders", "export", "--shop", "shop-nl"},
                                             {"shops", "list"},
                                             {"plugins", "list"},
                                             {"parked", "list"}}) {
    const auto ran = marketplug(words);
    EXPECT_EQ(ran.code, 0) << words[0] << ": " << ran.output;
  }
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"check"}, {"sync", "--until-idle"}, {"run"}}) {
    const auto ran = marketplug(words);
    EXPECT_EQ(ran.code, 1) << words[0] << ": " << ran.output;
    EXPECT_NE(ran.output.find("http.ca_file: /nowhere/ca.pem: No such file or directory"),
              std::string::npos)
        << ran.output;
    EXPECT_NE(ran.output.find("Correct `http`"), std::string::npos) << ran.output;
  }
}

TEST_F(BadInput, ALookAtThePluginsMakesNoStore) {
  EXPECT_EQ(marketplug({"plugins", "list"}).code, 0);
  EXPECT_EQ(marketplug({"plugins", "show", "amazon"}).code, 0);
  for (const char* name : {"marketplug.db", "marketplug.key", "marketplug.lock"}) {
    EXPECT_FALSE(fs::exists(folder_ / name)) << name;
  }
}

}  // namespace
}  // namespace marketplug::testing
