#include "host/cli/progress.hpp"

#include <gtest/gtest.h>

#include "marketplug/testing/fakes.hpp"
#include "unit/cli/fake_terminal.hpp"

namespace marketplug::cli {
namespace {

using std::chrono::milliseconds;

TEST(Progress, OnATerminalOneLineIsWrittenOver) {
  testing::FakeTerminal terminal;
  terminal.terminal = true;
  terminal.columns = 8;
  marketplug::testing::FakeClock clock;
  Progress progress(terminal, clock);
  progress.show("one");
  progress.show("too soon");
  clock.advance(milliseconds(150));
  progress.show("three is long");
  progress.finish();
  EXPECT_EQ(terminal.errors, "\r\x1b[Kone\r\x1b[Kthree …\n");
}

TEST(Progress, WhatWasHeldBackComesAtTheEnd) {
  testing::FakeTerminal terminal;
  marketplug::testing::FakeClock clock;
  Progress progress(terminal, clock);
  progress.show("one");
  clock.advance(milliseconds(500));
  progress.show("two");
  clock.advance(milliseconds(500));
  progress.show("three");
  EXPECT_EQ(terminal.errors, "one\n");
  progress.finish();
  EXPECT_EQ(terminal.errors, "one\nthree\n");
}

TEST(Progress, InALogALineEveryTwoSeconds) {
  testing::FakeTerminal terminal;
  marketplug::testing::FakeClock clock;
  Progress progress(terminal, clock);
  for (int i = 0; i < 10; ++i) {
    progress.show("step " + std::to_string(i));
    clock.advance(milliseconds(500));
  }
  EXPECT_EQ(terminal.errors, "step 0\nstep 4\nstep 8\n");
}

TEST(Progress, CannotBeSteeredByData) {
  testing::FakeTerminal terminal;
  marketplug::testing::FakeClock clock;
  Progress progress(terminal, clock);
  progress.show("a\x1b[2J");
  EXPECT_EQ(terminal.errors, "a\\x1b[2J\n");
}

TEST(Progress, AClockThatGoesBackHoldsNothingUp) {
  testing::FakeTerminal terminal;
  marketplug::testing::FakeClock clock;
  Progress progress(terminal, clock);
  progress.show("one");
  clock.advance(milliseconds(-3'600'000));
  progress.show("two");
  EXPECT_EQ(terminal.errors, "one\ntwo\n");
}

}  // namespace
}  // namespace marketplug::cli
