#include "host/app/reminder.hpp"

#include <gtest/gtest.h>

namespace marketplug::app {
namespace {

TEST(Reminder, TellsATroubleOncePerCauseAndThenHourly) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  Reminder reminder;
  Reminder::Moment now{};
  EXPECT_TRUE(reminder.tell("The disk is full (4096 bytes free)", now));
  int told = 0;
  for (int i = 0; i < 10; ++i) {
    now += seconds{2};
    told += reminder.tell("The disk is full (" + std::to_string(i) + " bytes free)", now) ? 1 : 0;
  }
  EXPECT_EQ(told, 0);
  EXPECT_TRUE(reminder.tell("The folder cannot be read", now)) << "another cause";
  EXPECT_TRUE(reminder.tell("The disk is full (0 bytes free)", now)) << "and back";
  now += minutes{59};
  EXPECT_FALSE(reminder.tell("The disk is full (0 bytes free)", now));
  now += minutes{1};
  EXPECT_TRUE(reminder.tell("The disk is full (0 bytes free)", now)) << "an hour later";
  reminder.over();
  EXPECT_TRUE(reminder.tell("The disk is full (0 bytes free)", now)) << "it was over in between";
}

}  // namespace
}  // namespace marketplug::app
