#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "host/services/services.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::services {
namespace {

using marketplug::testing::FakeClock;
using marketplug::testing::SeededRandom;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Keeps levels by name, as the store does: one save at a time.
class KeptLevels : public store::QuotaLevels {
 public:
  std::vector<store::QuotaLevel> load() override {
    std::vector<store::QuotaLevel> all;
    for (const auto& [name, level] : levels) all.push_back(level);
    return all;
  }
  void save(const store::QuotaSource& source) override {
    const std::lock_guard lock(mutex_);
    if (failing) throw store::StoreError(store::StoreError::Kind::kDiskFull, "disk full");
    const auto changes = source();
    saves += changes.levels.size();
    for (const auto& level : changes.levels) levels[level.account + "|" + level.operation] = level;
    if (!changes.levels.empty()) changes.saved();
  }
  void follow(std::weak_ptr<const store::QuotaSource> source) override { followed = source; }
  /// What a step's transaction does at its commit.
  void commit_a_step() {
    if (const auto source = followed.lock()) save(*source);
  }
  std::map<std::string, store::QuotaLevel> levels;
  std::weak_ptr<const store::QuotaSource> followed;
  std::size_t saves = 0;
  bool failing = false;

 private:
  std::mutex mutex_;
};

class QuotaTest : public ::testing::Test {
 protected:
  std::unique_ptr<QuotaGovernor> make() {
    QuotaOptions options;
    options.steady = steady;
    auto quota = make_quota(options, clock, random, levels);
    quota->left(ship, plan, QuotaPriority::kEffect);
    return quota;
  }
  /// From now on time passes apart from the clock, which may be set.
  void pass_time_apart_from_the_clock() {
    steady = [this] { return passed; };
  }
  void pass(milliseconds time) {
    passed += time;
    clock.advance(time);
  }
  static int drain(QuotaGovernor& quota, const QuotaKey& key, const QuotaPlan& plan,
                   QuotaPriority priority = QuotaPriority::kPresent) {
    int granted = 0;
    while (granted < 10'000 && quota.take(key, plan, priority).granted) ++granted;
    return granted;
  }

  FakeClock clock;
  SeededRandom random;
  KeptLevels levels;
  milliseconds passed{987'654'321};
  std::function<milliseconds()> steady;
  const QuotaKey search{"app|seller", "search"};
  const QuotaKey ship{"app|seller", "ship"};
  const QuotaPlan plan{0.5, 10};
};

TEST_F(QuotaTest, StartsFullAndSaysExactlyWhenToComeAgain) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, plan), 10);
  const auto answer = quota->take(search, plan, QuotaPriority::kPresent);
  EXPECT_FALSE(answer.granted);
  EXPECT_EQ(answer.at, clock.now() + seconds{2});
  clock.set(answer.at - milliseconds{1});
  EXPECT_FALSE(quota->take(search, plan, QuotaPriority::kPresent).granted);
  clock.set(answer.at);
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
}

TEST_F(QuotaTest, AccountsAndOperationsAreCountedApart) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, plan), 10);
  EXPECT_EQ(drain(*quota, {"app|other", "search"}, plan), 10);
  EXPECT_EQ(drain(*quota, {"app|seller", "get"}, plan), 10);
}

TEST_F(QuotaTest, TheReserveIsForEffectsAndPeople) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, ship, plan), 8);
  EXPECT_EQ(quota->left(ship, plan, QuotaPriority::kPresent), 0);
  EXPECT_DOUBLE_EQ(quota->left(ship, plan, QuotaPriority::kPerson), 2);
  const auto later = quota->take(ship, plan, QuotaPriority::kBackground);
  EXPECT_EQ(later.at, clock.now() + seconds{2});
  EXPECT_EQ(drain(*quota, ship, plan, QuotaPriority::kEffect), 2);
  // Below the reserve the others wait until it is full again, and one token more.
  EXPECT_EQ(quota->take(ship, plan, QuotaPriority::kStock).at, clock.now() + seconds{6});
  EXPECT_EQ(quota->take(ship, plan, QuotaPriority::kPerson).at, clock.now() + seconds{2});
}

TEST_F(QuotaTest, WhatNobodyWaitsForKeepsNoReserve) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, plan), 10);
  EXPECT_EQ(drain(*quota, {"app|other", "ship"}, plan), 10) << "learnt for each account";
  const auto view = quota->view();
  ASSERT_EQ(view.size(), 3u);
  EXPECT_DOUBLE_EQ(view[1].reserve, 0) << view[1].operation;
  EXPECT_DOUBLE_EQ(view[2].reserve, 2) << view[2].operation;
}

TEST_F(QuotaTest, TheReserveIsKeptFromTheFirstRequestOfAPersonOn) {
  const auto quota = make();
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPerson).granted);
  EXPECT_EQ(drain(*quota, search, plan), 7);
  EXPECT_EQ(drain(*quota, search, plan, QuotaPriority::kPerson), 2);
}

TEST_F(QuotaTest, ABurstOfOneHasNoReserveAndStillLetsThrough) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, ship, {0.1, 1}), 1);
  clock.advance(seconds{10});
  EXPECT_EQ(drain(*quota, ship, {0.1, 1}), 1);
}

TEST_F(QuotaTest, NeverFullerThanItsBurst) {
  const auto quota = make();
  drain(*quota, search, plan);
  clock.advance(std::chrono::hours{24 * 365 * 10});
  EXPECT_EQ(drain(*quota, search, plan), 10);
}

TEST_F(QuotaTest, AClockThatGoesBackwardsGivesNothingAndDoesNotStarve) {
  const auto quota = make();
  drain(*quota, search, plan);
  clock.advance(-std::chrono::hours{1});
  const auto answer = quota->take(search, plan, QuotaPriority::kPresent);
  EXPECT_FALSE(answer.granted);
  EXPECT_EQ(answer.at, clock.now() + seconds{2});
  clock.advance(seconds{2});
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
}

TEST_F(QuotaTest, AClockThatIsSetForwardGivesNoTokens) {
  pass_time_apart_from_the_clock();
  const auto quota = make();
  drain(*quota, search, plan);
  clock.advance(std::chrono::hours{24});
  const auto answer = quota->take(search, plan, QuotaPriority::kPresent);
  EXPECT_FALSE(answer.granted);
  EXPECT_EQ(answer.at, clock.now() + seconds{2}) << "as the clock shows it";
  pass(seconds{2});
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
}

TEST_F(QuotaTest, AClockThatIsSetBackHoldsNothingBack) {
  pass_time_apart_from_the_clock();
  const auto quota = make();
  drain(*quota, search, plan);
  pass(seconds{1});
  clock.advance(-std::chrono::hours{24});
  EXPECT_EQ(quota->take(search, plan, QuotaPriority::kPresent).at, clock.now() + seconds{1});
  pass(seconds{1});
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
}

TEST_F(QuotaTest, ACoolingEndsInItsOwnTimeHoweverTheClockIsSet) {
  pass_time_apart_from_the_clock();
  const auto quota = make();
  const auto cooling = quota->refused(search, plan) - clock.now();
  for (const auto jump : {std::chrono::hours{24}, std::chrono::hours{-48}}) {
    clock.advance(jump);
    EXPECT_EQ(quota->take(search, plan, QuotaPriority::kPerson).at, clock.now() + cooling);
    EXPECT_EQ(quota->view().front().cool_until, clock.now() + cooling);
  }
  pass(cooling);
  EXPECT_TRUE(quota->take(search, plan, QuotaPriority::kPerson).granted);
}

TEST_F(QuotaTest, OverARestartTheClockCountsUpToTheBurst) {
  pass_time_apart_from_the_clock();
  {
    const auto quota = make();
    drain(*quota, search, plan);
    quota->persist();
  }
  EXPECT_EQ(levels.levels.at("app|seller|search").at, clock.now());
  passed = milliseconds{5};  // another boot
  clock.advance(seconds{6});
  EXPECT_EQ(drain(*make(), search, plan), 3);
  clock.advance(std::chrono::hours{24 * 365});
  {
    const auto quota = make();
    EXPECT_EQ(drain(*quota, search, plan), 10);
    quota->persist();
  }
  clock.advance(-std::chrono::hours{24 * 366});
  EXPECT_EQ(make()->take(search, plan, QuotaPriority::kPresent).at, clock.now() + seconds{2});
}

/// Amazon's bucket begins to refill when the first request arrives there, not when it is sent: a
/// slow first one (name, TCP, TLS) and quick ones after it must not add up to a refusal.
TEST_F(QuotaTest, ASlowFirstRequestIsNotPaidWithARefusal) {
  for (const auto rate : {0.0056, 0.5, 5.0}) {
    const QuotaPlan published{rate, 20};
    const std::string name = "rate" + std::to_string(rate);
    const QuotaKey key{"app|seller", name};
    const auto quota = make();
    double amazons = published.burst;
    auto amazons_at = clock.now();
    for (int n = 0; n < 60; ++n) {
      for (auto answer = quota->take(key, published, QuotaPriority::kPresent); !answer.granted;
           answer = quota->take(key, published, QuotaPriority::kPresent)) {
        clock.set(answer.at);
      }
      clock.advance(milliseconds{n == 0 ? 400 : 10});
      const double waited = static_cast<double>((clock.now() - amazons_at).count()) / 1000;
      amazons = std::min(published.burst, amazons + waited * rate);
      amazons_at = clock.now();
      ASSERT_GE(amazons + 1e-6, 1) << "request " << n << " at rate " << rate;
      amazons -= 1;
      clock.advance(milliseconds{n == 0 ? 30 : 10});
      quota->observe(key, rate);
    }
  }
}

TEST_F(QuotaTest, AnAnswerThatCameLongAfterTakesNoMoreThanItsTravel) {
  const auto quota = make();
  const QuotaPlan slow{0.1, 10};
  ASSERT_TRUE(quota->take(search, slow, QuotaPriority::kPresent).granted);
  clock.advance(std::chrono::hours{1});
  quota->observe(search, 0.1);
  EXPECT_DOUBLE_EQ(quota->left(search, slow, QuotaPriority::kPresent), 10 - 30 * 0.1);
}

TEST_F(QuotaTest, TheObservedRateCountsFromNowOn) {
  const auto quota = make();
  drain(*quota, search, plan);
  quota->observe(search, 0.5);
  clock.advance(seconds{2});
  quota->observe(search, 2);
  EXPECT_DOUBLE_EQ(quota->left(search, plan, QuotaPriority::kPresent), 1);
  clock.advance(seconds{2});
  EXPECT_DOUBLE_EQ(quota->left(search, plan, QuotaPriority::kPresent), 5);
  for (const double nonsense : {0.0, -1.0, std::nan(""), HUGE_VAL})
    quota->observe(search, nonsense);
  clock.advance(seconds{1});
  EXPECT_DOUBLE_EQ(quota->left(search, plan, QuotaPriority::kPresent), 7);
}

TEST_F(QuotaTest, ARefusalEmptiesTheBucketAndCoolsForLongerEachTime) {
  const auto quota = make();
  const auto first = quota->refused(search, plan);
  EXPECT_GE(first, clock.now() + seconds{2});
  EXPECT_LE(first, clock.now() + milliseconds{2400});
  EXPECT_EQ(quota->refused(search, plan), first) << "refused together is refused once";
  EXPECT_EQ(quota->left(search, plan, QuotaPriority::kPerson), 0);
  EXPECT_EQ(quota->take(search, plan, QuotaPriority::kPerson).at, first);
  auto last = seconds{0};
  for (int i = 0; i < 12; ++i) {
    const auto answer = quota->take(search, plan, QuotaPriority::kPresent);
    ASSERT_FALSE(answer.granted);
    clock.set(answer.at);
    ASSERT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
    EXPECT_FALSE(quota->take(search, plan, QuotaPriority::kPresent).granted)
        << "one probe at a time";
    const auto cooling = std::chrono::floor<seconds>(quota->refused(search, plan) - clock.now());
    EXPECT_TRUE(cooling > last || cooling >= seconds{900}) << cooling.count();
    EXPECT_LE(cooling, seconds{1080});
    last = cooling;
  }
}

TEST_F(QuotaTest, AfterGoodAnswersARefusalIsAFirstOneAgain) {
  const auto quota = make();
  for (int i = 0; i < 5; ++i) clock.set(quota->refused(search, plan) + seconds{2});
  clock.advance(seconds{60});
  EXPECT_EQ(drain(*quota, search, plan), 10);
  EXPECT_LE(quota->refused(search, plan), clock.now() + milliseconds{2400});
}

TEST_F(QuotaTest, APlanWithoutARateDoesNotHang) {
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, {0, 0}), 1);
  EXPECT_GT(quota->take(search, {0, 0}, QuotaPriority::kPresent).at, clock.now());
}

TEST_F(QuotaTest, LevelsOutliveARestart) {
  {
    const auto quota = make();
    drain(*quota, search, plan);
    quota->observe(search, 1);
    quota->persist();
    const auto saves = levels.saves;
    quota->persist();
    EXPECT_EQ(levels.saves, saves) << "nothing changed";
  }
  clock.advance(seconds{3});
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, plan), 3);
}

TEST_F(QuotaTest, ACoolingOutlivesARestart) {
  TimePoint until;
  {
    const auto quota = make();
    until = quota->refused(search, plan);
    quota->persist();
  }
  EXPECT_EQ(make()->take(search, plan, QuotaPriority::kPresent).at, until);
}

TEST_F(QuotaTest, RestoredLevelsAreNeverAboveTheBurstNorFromTheFuture) {
  levels.levels["a"] = {"app|seller", "search", 500, 0, clock.now() - std::chrono::hours{1}, {}};
  levels.levels["b"] = {"app|seller",
                        "ship",
                        0,
                        0,
                        clock.now() + std::chrono::hours{1},
                        clock.now() + std::chrono::hours{24 * 365}};
  const auto quota = make();
  EXPECT_EQ(drain(*quota, search, plan), 10);
  EXPECT_LE(quota->take(ship, plan, QuotaPriority::kPerson).at,
            clock.now() + std::chrono::hours{1});
}

TEST_F(QuotaTest, ASaveThatFailedIsTriedAgain) {
  const auto quota = make();
  levels.failing = true;
  EXPECT_EQ(drain(*quota, search, plan), 10) << "a disk that is full holds no request back";
  EXPECT_THROW(quota->persist(), store::StoreError);
  levels.failing = false;
  quota->persist();
  EXPECT_EQ(levels.saves, 1u);
}

/// A kill -9 at any moment: what the next start reads is what the store holds.
TEST_F(QuotaTest, ACrashGivesBackTwoTokensAtMost) {
  for (int taken = 1; taken <= 10; ++taken) {
    levels.levels.clear();
    auto quota = make();
    for (int i = 0; i < taken; ++i) quota->take(search, plan, QuotaPriority::kPresent);
    quota.reset();
    EXPECT_LE(drain(*make(), search, plan), 10 - taken + 2) << taken;
  }
}

TEST_F(QuotaTest, StepsSaveWhatTheySpendWithoutAWriteOfTheirOwn) {
  {
    const auto quota = make();
    for (std::size_t step = 1; step <= 6; ++step) {
      ASSERT_TRUE(quota->take(search, plan, QuotaPriority::kPresent).granted);
      EXPECT_EQ(levels.saves, step - 1) << "only the step's commit writes";
      levels.commit_a_step();
    }
    levels.commit_a_step();
    EXPECT_EQ(levels.saves, 6u) << "nothing was spent";
  }
  EXPECT_EQ(drain(*make(), search, plan), 4);
}

TEST_F(QuotaTest, TheViewTellsWhatIsLeftAndSpent) {
  const auto quota = make();
  drain(*quota, ship, plan);
  const auto view = quota->view();
  ASSERT_EQ(view.size(), 1u);
  EXPECT_EQ(view[0].operation, "ship");
  EXPECT_DOUBLE_EQ(view[0].tokens, 2);
  EXPECT_DOUBLE_EQ(view[0].reserve, 2);
  EXPECT_EQ(view[0].spent, 8u);
  EXPECT_EQ(view[0].refused, 0u);
}

/// In no window of any length go more tokens through than burst + rate * length, whatever the
/// callers do: takes by all priorities, refusals, restarts, a clock that jumps both ways.
TEST_F(QuotaTest, NoWindowExceedsThePlan) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom dice(seed);
    KeptLevels own;
    FakeClock time;
    QuotaOptions options;
    const QuotaPlan published{0.01 + static_cast<double>(dice.next() % 500) / 100.0,
                              static_cast<double>(1 + dice.next() % 30)};
    auto quota = make_quota(options, time, dice, own);
    std::vector<std::int64_t> granted;  // by a clock that never jumps
    std::int64_t real = 0;
    for (int i = 0; i < 400; ++i) {
      const auto step = static_cast<std::int64_t>(dice.next() % 3 == 0 ? dice.next() % 20'000 : 0);
      real += step;
      time.advance(milliseconds{step});
      const auto what = dice.next() % 100;
      if (what == 0) {
        quota->refused(search, published);
      } else if (what == 1) {
        quota->persist();
        quota = make_quota(options, time, dice, own);
      } else if (what == 2) {
        time.advance(-milliseconds{static_cast<std::int64_t>(dice.next() % 100'000)});
      } else if (quota->take(search, published, static_cast<QuotaPriority>(dice.next() % 6))
                     .granted) {
        granted.push_back(real);
      }
    }
    for (std::size_t from = 0; from < granted.size(); ++from) {
      for (std::size_t to = from; to < granted.size(); ++to) {
        const double length = static_cast<double>(granted[to] - granted[from]) / 1000.0;
        ASSERT_LE(static_cast<double>(to - from + 1),
                  published.burst + published.per_second * length + 1e-6)
            << "seed " << seed;
      }
    }
  }
}

/// Whoever comes at the time he was told is let in, if nobody was faster.
TEST_F(QuotaTest, TheToldTimeIsKept) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom dice(seed);
    KeptLevels own;
    FakeClock time;
    QuotaOptions options;
    const QuotaPlan published{0.001 + static_cast<double>(dice.next() % 5000) / 1000.0,
                              static_cast<double>(1 + dice.next() % 30)};
    const auto quota = make_quota(options, time, dice, own);
    for (int i = 0; i < 100; ++i) {
      const auto priority = static_cast<QuotaPriority>(dice.next() % 6);
      const auto answer = quota->take(search, published, priority);
      if (answer.granted) continue;
      time.set(answer.at - milliseconds{1});
      ASSERT_FALSE(quota->take(search, published, priority).granted) << "seed " << seed;
      time.set(answer.at);
      ASSERT_TRUE(quota->take(search, published, priority).granted) << "seed " << seed;
    }
  }
}

TEST_F(QuotaTest, ThreadsShareOneBucket) {
  const auto quota = make();
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (quota->take(search, plan, QuotaPriority::kPresent).granted) ++granted;
      }
      quota->persist();
      quota->view();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(granted, 10);
}

}  // namespace
}  // namespace marketplug::services
