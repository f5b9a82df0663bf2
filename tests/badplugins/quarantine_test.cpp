// A plugin that takes the whole program down: three times, then never again until a person says so.
#include <gmock/gmock.h>
#include <signal.h>

#include <string>
#include <vector>

#include "marketplug/abi.hpp"
#include "tests/badplugins/host_folder.hpp"

namespace marketplug::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Quarantine : public HostFolder {
 protected:
  Quarantine() : HostFolder("crashes") {}

  /// The other shop runs, this one says why it does not, and the plugin can be released.
  void expect_quarantine(const std::string& cause) const {
    const auto shown = run({"shops", "show", "bad"});
    EXPECT_THAT(shown.output, HasSubstr("not_running"));
    EXPECT_THAT(shown.output, HasSubstr("plugin bad is in quarantine"));
    EXPECT_THAT(shown.output, HasSubstr(cause));
    EXPECT_THAT(run({"plugins", "list"}).output, HasSubstr("quarantined"));
    EXPECT_THAT(run({"plugins", "show", "bad"}).output, HasSubstr("plugins release bad"));
    EXPECT_THAT(run({"orders", "list", "--shop", "good"}).output, HasSubstr("UNSHIPPED"));
    EXPECT_THAT(run({"plugins", "release", "sound"}).output, HasSubstr("not quarantined"));
    const auto released = run({"plugins", "release", "bad"});
    EXPECT_EQ(released.code, 0) << released.output;
    EXPECT_THAT(released.output, HasSubstr("bad"));
  }
};

TEST_F(Quarantine, FollowsOnTheThirdCrashAndEndsWhenAPersonSaysSo) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have handlers";
  for (int i = 0; i < 3; ++i) {
    const auto crashed = run({"sync", "--shop", "bad"});
    ASSERT_EQ(crashed.code, -SIGSEGV) << i << crashed.output;
  }
  const auto other = run({"sync"});
  EXPECT_EQ(other.code, 1) << other.output;
  expect_quarantine("signal 11");
  EXPECT_EQ(run({"sync", "--shop", "bad"}).code, -SIGSEGV) << "it is tried again";
}

// Guards: a crash while the library was loaded into the program was put down to nobody, so that it
// took every shop down again and again.
TEST_F(Quarantine, FollowsFromCrashesWhileItIsLoaded) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have handlers";
  install("crashes_in_host", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto crashed = run({"sync", "--shop", "bad"});
    ASSERT_EQ(crashed.code, -SIGSEGV) << i << crashed.output;
  }
  const auto other = run({"sync"});
  EXPECT_EQ(other.code, 1) << other.output;
  expect_quarantine("signal 11 (segmentation fault) in plugin bad: loading");
}

// Guards: an end that is no crash was put down to nobody, and with code 0 a supervisor leaves the
// program down, with every shop of it.
TEST_F(Quarantine, FollowsFromAPluginThatEndsTheProgramByExit) {
  install("exits_orderly", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto ended = run({"sync", "--shop", "bad"});
    ASSERT_EQ(ended.code, 70) << i << ended.output;
  }
  const auto other = run({"sync"});
  EXPECT_EQ(other.code, 1) << other.output;
  expect_quarantine("its own exit() in bad.fetch_orders");
}

// Guards: _exit() runs no handlers, and whoever called it was not known.
TEST_F(Quarantine, FollowsFromAPluginThatEndsTheProgramAtOnce) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have their own _exit";
  install("exits", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto ended = run({"sync", "--shop", "bad"});
    ASSERT_EQ(ended.code, 70) << i << ended.output;
  }
  EXPECT_EQ(run({"sync"}).code, 1);
  expect_quarantine("its own _exit() in bad.fetch_orders");
}

TEST_F(Quarantine, FollowsFromQuickExit) {
  install("exits_quickly", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto ended = run({"sync", "--shop", "bad"});
    ASSERT_EQ(ended.code, 70) << i << ended.output;
  }
  EXPECT_EQ(run({"sync"}).code, 1);
  expect_quarantine("its own exit() in bad.fetch_orders");
}

TEST_F(Quarantine, FollowsFromATimersSignal) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have handlers";
  install("alarms", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto ended = run({"sync", "--shop", "bad"});
    ASSERT_EQ(ended.code, -SIGALRM) << i << ended.output;
  }
  EXPECT_EQ(run({"sync"}).code, 1);
  expect_quarantine("a signal of a timer");
}

// Guards: the end of a connector is no step, so that no mark told of its crash.
TEST_F(Quarantine, FollowsFromCrashesAtTheEndOfAConnector) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have handlers";
  install("dtor_crashes", "bad.so");
  for (int i = 0; i < 3; ++i) {
    const auto ended = run({"sync", "--shop", "bad"});
    ASSERT_EQ(ended.code, -SIGSEGV) << i << ended.output;
  }
  // Its steps themselves go well: only when it is due again it is refused.
  EXPECT_EQ(run({"sync"}).code, 0);
  EXPECT_EQ(run({"sync", "--shop", "bad"}).code, 1);
  expect_quarantine("signal 11 (segmentation fault) in plugin bad: destroy");
}

// What kills the program from outside says nothing about its plugins.
TEST_F(Quarantine, DoesNotFollowFromBeingKilled) {
  install("hangs", "bad.so");
  for (int i = 0; i < 4; ++i) {
    Process process(command({"run"}), environment());
    ASSERT_TRUE(process.read_until("service.started")) << process.output();
    process.signal(SIGKILL);
    process.finish();
    EXPECT_THAT(process.output(), Not(HasSubstr("plugin.crash")));
  }
  EXPECT_THAT(run({"plugins", "release", "bad"}).output, HasSubstr("not quarantined"));
}

// A step that never ends takes the whole process with it; the mark that it leaves says whose it
// was. impatient_program.cpp is the host with limits of a second instead of minutes.
TEST_F(Quarantine, FollowsFromStepsThatNeverEnd) {
  install("hangs", "bad.so");
  const std::vector<std::string> impatient{IMPATIENT_PROGRAM, config()};
  for (int i = 0; i < 3; ++i) {
    const auto ended = run_program(impatient);
    ASSERT_EQ(ended.code, 1) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("step.overdue"));
    EXPECT_THAT(ended.output, HasSubstr("step.given_up"));
    if (i == 0) {
      EXPECT_THAT(ended.output, Not(HasSubstr("plugin.crash_counted")));
    } else {
      EXPECT_THAT(ended.output, HasSubstr("plugin.crash_counted")) << "of the one before";
    }
  }
  const auto refused = run_program(impatient);
  EXPECT_EQ(refused.code, 7) << "it ended by itself: " << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("plugin.quarantined"));
  expect_quarantine("an overdue step");
  EXPECT_EQ(run_program(impatient).code, 1) << "it is tried again";
}

// The end of a connector leaves no mark: the note alone says whose it was.
TEST_F(Quarantine, FollowsFromConnectorsThatDoNotEnd) {
  install("dtor_hangs", "bad.so");
  const std::vector<std::string> impatient{IMPATIENT_PROGRAM, config(), "bad"};
  for (int i = 0; i < 3; ++i) {
    const auto ended = run_program(impatient);
    ASSERT_EQ(ended.code, 1) << i << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("connector.will_not_end"));
  }
  const auto refused = run_program(impatient);
  EXPECT_EQ(refused.code, 7) << refused.output;
  expect_quarantine("a connector that does not end in plugin bad: destroy");
}

}  // namespace
}  // namespace marketplug::testing
