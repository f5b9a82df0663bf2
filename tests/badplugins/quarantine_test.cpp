// A plugin that takes the whole program down: three times, then never again until a person says so.
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/integration/programs/process.hpp"

namespace marketplug::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ended {
  int code = 0;
  std::string output;
};

class Quarantine : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "quarantine-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = fs::canonical(pattern);
    fs::create_directory(folder_ / "plugins");
    fs::create_directory(folder_ / "shops.d");
    for (const char* name : {"sound.so", "crashes.so"}) {
      fs::copy_file(fs::path(BAD_PLUGINS_DIR) / name, folder_ / "plugins" / name);
    }
    std::ofstream(folder_ / "marketplug.yaml")
        << "store: { url: \"sqlite:marketplug.db\" }\nplugins: { folder: ./plugins }\n"
        << "shops: { folder: ./shops.d }\n";
    for (const auto& [id, plugin] : {std::pair("good", "sound"), std::pair("bad", "bad")}) {
      std::ofstream(folder_ / "shops.d" / (std::string(id) + ".yaml"))
          << "id: " << id << "\nplugin: " << plugin << "\nenabled: true\nsettings: {}\n";
    }
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  Ended run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {MARKETPLUG_PROGRAM, "--config", (folder_ / "marketplug.yaml").string()});
    Process process(arguments, {"PATH=/usr/bin:/bin"});
    const int code = process.finish();
    return {code, process.output()};
  }

  fs::path folder_;
};

TEST_F(Quarantine, FollowsOnTheThirdCrashAndEndsWhenAPersonSaysSo) {
  for (int i = 0; i < 3; ++i) {
    const auto crashed = run({"sync", "--shop", "bad"});
    ASSERT_EQ(crashed.code, -SIGSEGV) << i << crashed.output;
  }
  const auto other = run({"sync"});
  EXPECT_EQ(other.code, 1) << other.output;
  const auto shops = run({"shops", "list"});
  EXPECT_THAT(shops.output, HasSubstr("not_running"));
  const auto shown = run({"shops", "show", "bad"});
  EXPECT_THAT(shown.output, HasSubstr("plugin bad is in quarantine"));
  EXPECT_THAT(shown.output, HasSubstr("signal 11"));
  EXPECT_THAT(run({"orders", "list", "--shop", "good"}).output, HasSubstr("UNSHIPPED"));
  EXPECT_THAT(run({"plugins", "release", "sound"}).output, HasSubstr("not quarantined"));
  const auto released = run({"plugins", "release", "bad"});
  EXPECT_EQ(released.code, 0) << released.output;
  EXPECT_THAT(released.output, HasSubstr("bad"));
  EXPECT_EQ(run({"sync", "--shop", "bad"}).code, -SIGSEGV) << "it is tried again";
}

// What kills the program from outside says nothing about its plugins.
TEST_F(Quarantine, DoesNotFollowFromBeingKilled) {
  fs::copy_file(fs::path(BAD_PLUGINS_DIR) / "hangs.so", folder_ / "plugins/hangs.so.new");
  fs::rename(folder_ / "plugins/hangs.so.new", folder_ / "plugins/crashes.so");
  for (int i = 0; i < 4; ++i) {
    Process process({MARKETPLUG_PROGRAM, "--config", (folder_ / "marketplug.yaml").string(), "run"},
                    {"PATH=/usr/bin:/bin"});
    ASSERT_TRUE(process.read_until("service.started")) << process.output();
    process.signal(SIGKILL);
    process.finish();
    EXPECT_THAT(process.output(), Not(HasSubstr("plugin.crash")));
  }
  EXPECT_THAT(run({"plugins", "release", "bad"}).output, HasSubstr("not quarantined"));
}

}  // namespace
}  // namespace marketplug::testing
