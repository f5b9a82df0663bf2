// A plugin's file is replaced while the program runs: by renaming, which is safe, and by writing
// over it, which is told at the next start.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "tests/badplugins/host_folder.hpp"

namespace marketplug::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Upgrade : public HostFolder {
 protected:
  /// The service, once it uses the plugin.
  Process start() const { return Process(command({"run"}), environment()); }
  void use(Process& service) const {
    ASSERT_TRUE(service.read_until("service.started")) << service.output();
    const auto used = run({"check", "--shop", "good"});  // a call of the plugin, in the service
    EXPECT_EQ(used.code, 0) << used.output;
  }
  static void stop(Process& service) {
    service.signal(SIGTERM);
    EXPECT_EQ(service.finish(), 0) << service.output();
  }
};

TEST_F(Upgrade, ByRenamingLeavesTheRunningProgramAlone) {
  {
    auto service = start();
    use(service);
    install("sound", "sound.so", "another build");
    use(service);
    const std::vector<std::string> list{"plugins", "list"}, show{"plugins", "show", "sound"};
    EXPECT_THAT(run(list).output, HasSubstr("another one than the one that runs"));
    EXPECT_THAT(run(show).output, HasSubstr("another one than the one that runs"));
    stop(service);
    EXPECT_THAT(service.output(), Not(HasSubstr("plugin.replaced")));
  }
  auto service = start();
  use(service);
  stop(service);
  EXPECT_THAT(service.output(), HasSubstr("plugin.replaced"));
  EXPECT_THAT(service.output(), Not(HasSubstr("plugin.overwritten")));
}

TEST_F(Upgrade, ByOverwritingIsToldAtTheNextStart) {
  {
    auto service = start();
    use(service);
    // What is mapped stays as it was: a real copy over it would crash the program.
    std::ofstream(folder_ / "plugins/sound.so", std::ios::app) << "another build";
    stop(service);
  }
  auto service = start();
  use(service);
  stop(service);
  EXPECT_THAT(service.output(), HasSubstr("plugin.overwritten"));
  EXPECT_THAT(service.output(), HasSubstr("Install by renaming"));
}

}  // namespace
}  // namespace marketplug::testing
