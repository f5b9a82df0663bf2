#include "host/app/plugin_guard.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "host/loading/call_guard.hpp"
#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

using std::chrono::minutes;

class PluginGuardTest : public ::testing::Test {
 protected:
  PluginGuard guard(CrashNote::Left left = {}) {
    return PluginGuard({*bench_.store, bench_.clock, log_, metrics_, std::move(left)});
  }
  store::InFlightMark mark(const std::string& plugin, const std::string& shop = "s") {
    return {shop, plugin, "order-source", bench_.clock.now(), "node"};
  }
  CrashNote::Left crash_in(const std::string& where, const std::string& run) {
    return {run, "signal 11 (segmentation fault)", where};
  }

  testing::Bench bench_;
  marketplug::testing::CapturedLog log_;
  marketplug::testing::CapturedMetrics metrics_;
};

TEST_F(PluginGuardTest, AProcessThatWasKilledIsNobodysFault) {
  auto killed = guard({"run-1", "", ""});
  EXPECT_FALSE(killed.blame(mark("wild")));
  EXPECT_FALSE(killed.refused("wild"));
}

TEST_F(PluginGuardTest, OnlyThePluginWhoseCodeRanIsToBlame) {
  auto crashed = guard(crash_in("wild.fetch_orders", "run-1"));
  EXPECT_TRUE(crashed.blame(mark("wild")));
  EXPECT_FALSE(crashed.blame(mark("tame")));
  EXPECT_FALSE(crashed.blame(mark("wilder")));
  EXPECT_TRUE(guard(crash_in("plugin wild: create", "run-2")).blame(mark("wild")));
  EXPECT_TRUE(guard(crash_in("", "run-3")).blame(mark("tame"))) << "a thread that nobody called";
}

// A thread that a plugin has left behind crashes between two steps: no mark says whose it was.
TEST_F(PluginGuardTest, ACrashThatNobodyIsBlamedForIsToldAllTheSame) {
  guard({"run-1", "", ""});
  EXPECT_FALSE(log_.contains("program.crashed"));
  guard(crash_in("", "run-2"));
  EXPECT_TRUE(log_.contains("error program.crashed"));
}

TEST_F(PluginGuardTest, ThreeCrashesWithinAnHourAreEnough) {
  for (int run = 1; run <= 3; ++run) {
    auto each = guard(crash_in("wild.fetch_orders", "run-" + std::to_string(run)));
    EXPECT_FALSE(each.refused("wild")) << run;
    EXPECT_TRUE(each.blame(mark("wild", "one")));
    EXPECT_TRUE(each.blame(mark("wild", "two"))) << "the same crash left two marks";
    bench_.clock.advance(minutes{20});
  }
  auto after = guard();
  const auto refused = after.refused("wild");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Failure::Kind::kConfig);
  EXPECT_EQ(refused->code, "quarantined");
  EXPECT_NE(refused->message.find("crashed 3 times within an hour"), std::string::npos);
  EXPECT_NE(refused->message.find("signal 11 (segmentation fault) in wild.fetch_orders"),
            std::string::npos);
  EXPECT_NE(refused->remedy.find("marketplug plugins release wild"), std::string::npos);
  EXPECT_FALSE(after.refused("tame"));
  EXPECT_TRUE(log_.contains("plugin.quarantined"));
  EXPECT_TRUE(after.release("wild"));
  EXPECT_FALSE(after.refused("wild"));
}

TEST_F(PluginGuardTest, CrashesThatLieFarApartAreNotEnough) {
  auto each = guard();
  for (int i = 0; i < 5; ++i) {
    each.crashed("wild", "was ended by signal 11 in fetch_orders");
    bench_.clock.advance(minutes{31});
  }
  EXPECT_FALSE(each.refused("wild"));
  each.crashed("wild", "did not come back");
  bench_.clock.advance(minutes{1});
  each.crashed("wild", "did not come back");
  EXPECT_TRUE(each.refused("wild")) << "with the one 31 minutes before them";
}

TEST_F(PluginGuardTest, AFileThatWasWrittenOverIsToldAtTheNextStart) {
  const auto path = bench_.folder + "/wild.so";
  loading::PluginFile file;
  std::strncpy(file.abi.id, "wild", sizeof(file.abi.id) - 1);
  file.path = path;
  const auto use = [&](const std::string& sha256) {
    file.sha256 = sha256;
    guard().used(file);
  };
  std::ofstream(path) << "one";
  use("1");
  use("1");
  EXPECT_TRUE(log_.lines().empty());
  std::ofstream(path + ".new") << "two";
  std::filesystem::rename(path + ".new", path);
  use("2");
  EXPECT_TRUE(log_.contains("info plugin.replaced"));
  EXPECT_FALSE(log_.contains("plugin.overwritten"));
  std::ofstream(path) << "three";
  use("3");
  EXPECT_TRUE(log_.contains("warning plugin.overwritten"));
}

/// Runs in a child, which must crash; gives what its note says.
template <class Crash>
CrashNote::Left last_words(const std::string& folder, const Crash& crash) {
  const pid_t child = ::fork();
  if (child == 0) {
    const CrashNote note(folder, "run-1");
    crash();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return CrashNote(folder, "run-2").left();
}

/// Needs more stack than there is.
int recursion(volatile char* before, int depth) {
  volatile char frame[4096];
  frame[0] = *before;
  return depth == 0 ? frame[0] : recursion(frame, depth - 1) + frame[0];
}

TEST(CrashNoteTest, TellsWhoseCodeRanWhenTheProcessDied) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have handlers";
  const testing::Bench bench;
  const auto in_plugin = last_words(bench.folder, [] {
    (void)loading::call_plugin("wild.fetch_orders", []() -> Status {
      std::raise(SIGSEGV);
      return Done{};
    });
  });
  EXPECT_EQ(in_plugin.run, "run-1");
  EXPECT_EQ(in_plugin.cause, "signal 11 (segmentation fault)");
  EXPECT_EQ(in_plugin.where, "wild.fetch_orders");
  const auto aborted = last_words(bench.folder, [] { std::abort(); });
  EXPECT_EQ(aborted.cause, "signal 6 (aborted)");
  EXPECT_EQ(aborted.where, "");
  const auto endless = last_words(bench.folder, [] {
    (void)loading::call_plugin("wild.check", []() -> Status {
      volatile char none = 0;
      recursion(&none, 1'000'000);
      return Done{};
    });
  });
  EXPECT_EQ(endless.where, "wild.check") << "its stack was full";
}

TEST(CrashNoteTest, SaysNothingOfAProcessThatWasKilledOrEndedWell) {
  const testing::Bench bench;
  EXPECT_EQ(last_words(bench.folder, [] { ::_exit(0); }).cause, "");
  const auto killed = last_words(bench.folder, [] { std::raise(SIGKILL); });
  EXPECT_EQ(killed.run, "run-1");
  EXPECT_EQ(killed.cause, "");
  const auto overdue = last_words(bench.folder, [&] {
    CrashNote(bench.folder, "run-1").write("an overdue step", "wild.step");
    ::_exit(1);
  });
  EXPECT_EQ(overdue.cause, "an overdue step");
  EXPECT_EQ(overdue.where, "wild.step");
}

TEST(CrashNoteTest, TellsOfExitsWithinACall) {
  if (marketplug::detail::sanitizer_bits() != 0) GTEST_SKIP() << "sanitizers have their own _exit";
  const testing::Bench bench;
  const auto at_once = last_words(bench.folder, [] {
    (void)loading::call_plugin("wild.check", []() -> Status { ::_Exit(0); });
  });
  EXPECT_EQ(at_once.cause, "its own _exit()");
  EXPECT_EQ(at_once.where, "wild.check");
}

// Guards: whatever a plugin had forked wrote into the note of a program that went on.
TEST(CrashNoteTest, AForkedProcessLeavesNone) {
  const testing::Bench bench;
  const auto forked = last_words(bench.folder, [] {
    (void)loading::call_plugin("wild.check", []() -> Status {
      for (const bool crashes : {true, false}) {
        const pid_t child = ::fork();
        if (child == 0 && crashes) std::raise(SIGSEGV);
        if (child == 0) ::_exit(3);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!crashes && WEXITSTATUS(status) != 3) std::abort();
      }
      return Done{};
    });
    ::_exit(0);
  });
  EXPECT_EQ(forked.cause, "");
}

}  // namespace
}  // namespace marketplug::app
