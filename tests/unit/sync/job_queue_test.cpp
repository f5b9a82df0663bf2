#include "host/sync/job_queue.hpp"

#include <gtest/gtest.h>

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;

TimePoint ms(int value) { return TimePoint{milliseconds{value}}; }

TEST(JobQueue, GivesTheEarliestFirst) {
  JobQueue queue;
  queue.put("b", ms(20), JobPriority::kPresent);
  queue.put("a", ms(10), JobPriority::kPresent);
  EXPECT_EQ(queue.take_due(ms(30), ""), "a");
  EXPECT_EQ(queue.take_due(ms(30), ""), "b");
  EXPECT_EQ(queue.take_due(ms(30), ""), std::nullopt);
}

TEST(JobQueue, GivesNothingBeforeItsTime) {
  JobQueue queue;
  queue.put("a", ms(10), JobPriority::kPresent);
  EXPECT_EQ(queue.take_due(ms(9), ""), std::nullopt);
  EXPECT_EQ(queue.take_due(ms(10), ""), "a");
}

TEST(JobQueue, PriorityDecidesAmongEquallyDue) {
  JobQueue queue;
  queue.put("import", ms(10), JobPriority::kPresent);
  queue.put("effect", ms(10), JobPriority::kEffect);
  EXPECT_EQ(queue.take_due(ms(10), ""), "effect");
}

TEST(JobQueue, WhoComesBackQueuesBehindThoseEquallyDue) {
  JobQueue queue;
  queue.put("endless", ms(10), JobPriority::kPresent);
  queue.put("other", ms(10), JobPriority::kPresent);
  EXPECT_EQ(queue.take_due(ms(10), ""), "endless");
  queue.put("endless", ms(10), JobPriority::kPresent);
  EXPECT_EQ(queue.take_due(ms(10), ""), "other");
}

TEST(JobQueue, HoldsOneEntryPerShop) {
  JobQueue queue;
  queue.put("a", ms(10), JobPriority::kPresent);
  queue.put("a", ms(30), JobPriority::kPresent);
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.take_due(ms(20), ""), std::nullopt);
  queue.erase("a");
  EXPECT_EQ(queue.next_due(""), std::nullopt);
}

TEST(JobQueue, CanBeLimitedToOneShop) {
  JobQueue queue;
  queue.put("a", ms(10), JobPriority::kPresent);
  queue.put("b", ms(20), JobPriority::kPresent);
  EXPECT_EQ(queue.next_due("b"), ms(20));
  EXPECT_EQ(queue.take_due(ms(30), "b"), "b");
  EXPECT_EQ(queue.take_due(ms(30), "b"), std::nullopt);
  EXPECT_EQ(queue.next_due("unknown"), std::nullopt);
}

TEST(JobQueue, MovesWithTheClock) {
  JobQueue queue;
  queue.put("a", ms(1000), JobPriority::kPresent);
  queue.put("b", ms(2000), JobPriority::kPresent);
  queue.shift(milliseconds{-900});
  EXPECT_EQ(queue.take_due(ms(100), ""), "a");
  EXPECT_EQ(queue.next_due(""), ms(1100));
}

}  // namespace
}  // namespace marketplug::sync
