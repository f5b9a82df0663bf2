#include "host/sync/failure_policy.hpp"

#include <gtest/gtest.h>

#include "marketplug/testing/fakes.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SeededRandom;
using Kind = Failure::Kind;

const TimePoint kNow = parse_time("2026-11-23T10:00:00Z").value();

class FailurePolicy : public ::testing::Test {
 protected:
  EngineOptions options_;
  SeededRandom random_;
  StepTiming timing_{kNow - seconds{1}, kNow, kNow + seconds{59}, false};

  AfterStep after(Kind kind, std::optional<TimePoint> retry_at = {}, std::int64_t failures = 2) {
    Failure failure;
    failure.kind = kind;
    failure.code = "code";
    failure.message = "Message.";
    failure.remedy = "Remedy.";
    failure.retry_at = retry_at;
    store::JobRecord job;
    job.failures = failures;
    job.state = "succeeded";
    return after_failure(failure, job, timing_, options_, random_);
  }
};

TEST_F(FailurePolicy, ConfigStopsTheJobAndNeedsAttention) {
  const AfterStep result = after(Kind::kConfig);
  EXPECT_EQ(result.job.state, "dead");
  EXPECT_EQ(result.shop_state, "needs_attention");
  EXPECT_EQ(result.shop_reason, "Message. Remedy.");
  EXPECT_EQ(result.job.last_code, "code");
  EXPECT_EQ(result.job.last_message, "Message.");
  EXPECT_EQ(result.job.last_remedy, "Remedy.");
}

TEST_F(FailurePolicy, AuthStopsTheJobAndNeedsReauthorization) {
  const AfterStep result = after(Kind::kAuth);
  EXPECT_EQ(result.job.state, "dead");
  EXPECT_EQ(result.shop_state, "needs_reauthorization");
}

TEST_F(FailurePolicy, ThrottledIsNeverEarlierThanAskedAndNotCounted) {
  for (int i = 0; i < 500; ++i) {
    const AfterStep result = after(Kind::kThrottled, kNow + seconds{179});
    EXPECT_EQ(result.job.state, "queued");
    EXPECT_EQ(result.job.failures, 2);
    EXPECT_GE(result.job.due_at, kNow + seconds{179});
    EXPECT_LE(result.job.due_at, kNow + seconds{184});
    EXPECT_TRUE(result.shop_state.empty());
  }
}

TEST_F(FailurePolicy, ThrottledJitterStaysSmallForShortWaits) {
  for (int i = 0; i < 500; ++i) {
    const AfterStep result = after(Kind::kThrottled, kNow + seconds{10});
    EXPECT_GE(result.job.due_at, kNow + seconds{10});
    EXPECT_LE(result.job.due_at, kNow + seconds{11});
  }
}

TEST_F(FailurePolicy, ThrottledWithoutOrWithAPastTimeDoesNotSpin) {
  EXPECT_GE(after(Kind::kThrottled).job.due_at, kNow + seconds{60});
  EXPECT_GE(after(Kind::kThrottled, kNow - seconds{5}).job.due_at, kNow + options_.back_off_first);
}

TEST_F(FailurePolicy, TransientRemoteAndInternalBackOffAndCount) {
  for (const Kind kind : {Kind::kTransient, Kind::kRemote, Kind::kInternal}) {
    const AfterStep result = after(kind);
    EXPECT_EQ(result.job.state, "queued");
    EXPECT_EQ(result.job.failures, 3);
    EXPECT_GE(result.job.due_at, kNow + options_.back_off_first);
    EXPECT_LE(result.job.due_at, kNow + milliseconds{8000});
    EXPECT_TRUE(result.shop_state.empty());
  }
}

TEST_F(FailurePolicy, ATransientFailureMayAskForALaterTime) {
  EXPECT_GE(after(Kind::kTransient, kNow + seconds{100}).job.due_at, kNow + seconds{100});
}

TEST_F(FailurePolicy, CancelledAtTheDeadlineBacksOffAndCounts) {
  timing_ = {kNow - seconds{60}, kNow, kNow, false};
  const AfterStep result = after(Kind::kCancelled);
  EXPECT_GE(result.job.due_at, kNow + options_.back_off_first);
  EXPECT_EQ(result.job.failures, 3);
}

/// An expired foreign certificate or a captive portal must not stop a shop until a person comes.
TEST_F(FailurePolicy, WhatMayHealByItselfIsShownAndTriedAgainSlowly) {
  for (const char* code : {"tls_untrusted", "tls_name", "address_refused"}) {
    Failure failure;
    failure.kind = Kind::kConfig;
    failure.code = code;
    failure.message = "The certificate is not trusted";
    failure.remedy = "Check the clock.";
    const AfterStep result = after_failure(failure, {}, timing_, options_, random_);
    EXPECT_EQ(result.shop_state, "needs_attention");
    EXPECT_EQ(result.shop_reason, "The certificate is not trusted. Check the clock.");
    EXPECT_EQ(result.job.state, "queued");
    EXPECT_GE(result.job.due_at, kNow + seconds{450});
    EXPECT_LE(result.job.due_at, kNow + seconds{900});
  }
}

TEST_F(FailurePolicy, CancelledByAStopIsDueAtTheNextStart) {
  timing_.stopping = true;
  EXPECT_EQ(after(Kind::kCancelled).job.due_at, kNow);
}

TEST_F(FailurePolicy, CancelledForNoReasonDoesNotSpin) {
  EXPECT_GE(after(Kind::kCancelled).job.due_at, kNow + options_.back_off_first);
}

TEST_F(FailurePolicy, NoConnectorIsTriedAgainSlowly) {
  Failure failure;
  failure.message = "No such plugin.";
  for (int i = 0; i < 200; ++i) {
    const AfterStep result = after_no_connector(failure, {}, kNow, options_, random_);
    EXPECT_EQ(result.shop_state, "not_running");
    EXPECT_EQ(result.shop_reason, "No such plugin.");
    EXPECT_EQ(result.job.state, "queued");
    EXPECT_EQ(result.job.failures, 1);
    EXPECT_GE(result.job.due_at, kNow + seconds{450});
    EXPECT_LE(result.job.due_at, kNow + seconds{900});
  }
}

TEST_F(FailurePolicy, BackOffStaysWithinItsBoundsAndUsesThem) {
  for (std::int64_t failures = 1; failures < 80; ++failures) {
    const milliseconds cap =
        failures < 10 ? milliseconds{1000LL << failures} : milliseconds{900'000};
    milliseconds least = milliseconds::max(), most{0};
    for (int i = 0; i < 200; ++i) {
      const milliseconds delay = back_off(failures, options_, random_);
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    EXPECT_GE(least, options_.back_off_first);
    EXPECT_LE(most, std::min<milliseconds>(cap, options_.back_off_max));
    EXPECT_GT(most - least, (cap - options_.back_off_first) / 2 - milliseconds{450'000});
  }
}

TEST_F(FailurePolicy, BackOffSurvivesOddOptions) {
  options_.back_off_first = milliseconds{5000};
  options_.back_off_max = seconds{1};
  EXPECT_EQ(back_off(9, options_, random_), milliseconds{5000});
}

TEST_F(FailurePolicy, ASuccessResetsEverything) {
  store::JobRecord job;
  job.failures = 7;
  job.state = "queued";
  job.last_code = "c";
  job.last_message = "m";
  job.last_remedy = "r";
  const AfterStep result =
      after_page(job, kNow, true, {}, kNow - seconds{120}, seconds{300}, random_);
  EXPECT_EQ(result.shop_state, "ok");
  EXPECT_EQ(result.job.state, "succeeded");
  EXPECT_EQ(result.job.failures, 0);
  EXPECT_TRUE(result.job.last_code.empty());
  EXPECT_TRUE(result.job.last_message.empty());
  EXPECT_TRUE(result.job.last_remedy.empty());
  EXPECT_EQ(result.job.last_succeeded, kNow);
  EXPECT_EQ(result.job.complete_until, kNow - seconds{120});
  EXPECT_GE(result.job.due_at, kNow + seconds{270});
  EXPECT_LE(result.job.due_at, kNow + seconds{300});
}

/// Shops that were started together would ask together for ever.
TEST_F(FailurePolicy, PollsDriftApartWithoutBeingLate) {
  milliseconds least = milliseconds::max(), most{0};
  for (int i = 0; i < 500; ++i) {
    const auto due = after_page({}, kNow, true, {}, {}, seconds{300}, random_).job.due_at;
    least = std::min(least, due - kNow);
    most = std::max(most, due - kNow);
  }
  EXPECT_GE(least, seconds{270});
  EXPECT_LE(most, seconds{300});
  EXPECT_GT(most - least, seconds{25});
}

/// A plugin that answers with a time years ahead must not put its shop to sleep.
TEST_F(FailurePolicy, NoWishIsLaterThanADay) {
  const TimePoint end_of_time = TimePoint::max();
  const TimePoint day = kNow + std::chrono::hours{24};
  for (const Kind kind : {Kind::kThrottled, Kind::kTransient, Kind::kRemote}) {
    const AfterStep result = after(kind, end_of_time);
    EXPECT_GE(result.job.due_at, day);
    EXPECT_LE(result.job.due_at, day + seconds{5});
    EXPECT_EQ(result.refused_wish, end_of_time);
  }
  for (const bool caught_up : {true, false}) {
    const AfterStep page = after_page({}, kNow, caught_up, end_of_time, {}, seconds{300}, random_);
    EXPECT_EQ(page.job.due_at, day);
    EXPECT_EQ(page.refused_wish, end_of_time);
  }
  EXPECT_EQ(after(Kind::kThrottled, day).refused_wish, std::nullopt);
}

TEST_F(FailurePolicy, ASecretsFileMayBePutIntoPlaceLater) {
  for (const auto& [code, state] :
       {std::pair{"secret_file_missing", "queued"},
        std::pair{"secret_file_open_to_others", "queued"}, std::pair{"secret_missing", "dead"}}) {
    Failure failure;
    failure.kind = Kind::kConfig;
    failure.code = code;
    const AfterStep result = after_failure(failure, {}, timing_, options_, random_);
    EXPECT_EQ(result.shop_state, "needs_attention");
    EXPECT_EQ(result.job.state, state) << code;
  }
}

TEST_F(FailurePolicy, ThePollIntervalAndThePluginsWishDecideTheNextVisit) {
  const auto due = [this](bool caught_up, std::optional<TimePoint> wish, seconds poll) {
    return after_page({}, kNow, caught_up, wish, {}, poll, random_).job.due_at;
  };
  EXPECT_EQ(due(true, kNow + seconds{500}, seconds{300}), kNow + seconds{500});
  EXPECT_GE(due(true, kNow + seconds{5}, seconds{300}), kNow + seconds{270});
  EXPECT_EQ(due(false, {}, seconds{300}), kNow);
  EXPECT_EQ(due(false, kNow + seconds{90}, seconds{300}), kNow + seconds{90});
  EXPECT_EQ(due(true, {}, seconds{0}), kNow + seconds{1});
}

TEST_F(FailurePolicy, StoreErrorsBecomeVisibleReasons) {
  using StoreKind = store::StoreError::Kind;
  const Failure failure =
      failure_of(store::StoreError(StoreKind::kDiskFull, "The disk of /var is full."));
  EXPECT_EQ(failure.kind, Kind::kTransient);
  EXPECT_EQ(failure.code, "store_disk_full");
  EXPECT_EQ(failure.message, "The disk of /var is full.");
}

TEST_F(FailurePolicy, APageThatHasToWaitIsNotAskedAgainAtOnce) {
  const auto due = [&](bool caught_up, std::optional<TimePoint> wish) {
    return after_page({}, kNow, caught_up, wish, {}, seconds{300}, random_).job.due_at;
  };
  EXPECT_EQ(due(false, kNow - seconds{60}), kNow + seconds{1});
  EXPECT_EQ(due(false, kNow + seconds{60}), kNow + seconds{60});
  EXPECT_EQ(due(false, std::nullopt), kNow) << "the next page is there";
}

}  // namespace
}  // namespace marketplug::sync
