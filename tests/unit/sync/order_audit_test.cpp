// What a second source's word means, and when the shop is compared: without an engine.
#include "host/sync/order_audit.hpp"

#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::at;

OrderSighting sighting(std::optional<TimePoint> changed, std::optional<OrderState> state = {}) {
  OrderSighting seen;
  seen.id = "1";
  seen.marketplace_status = "Shipped";
  seen.state = state;
  seen.placed_at = at("08:00");
  seen.changed_at = changed;
  return seen;
}

Held held(TimePoint changed, OrderState state = OrderState::kOpen) {
  return {store::OrderHead{state, changed, "hash"}, false};
}

std::string problem(const OrderSighting& seen, const Held& held, TimePoint reached = at("12:00")) {
  const auto finding = compare(seen, held, reached);
  if (!finding) return "comes by itself";
  EXPECT_EQ(finding->outcome, finding->problem.empty() ? "" : "open");
  return finding->problem.empty() ? "none" : finding->problem;
}

TEST(CompareOrder, WhatIsNotThereIsMissingUnlessItComesByItself) {
  EXPECT_EQ(problem(sighting(at("11:59")), {}), "missing");
  EXPECT_EQ(problem(sighting(at("12:00")), {}), "comes by itself");
  EXPECT_EQ(problem(sighting(std::nullopt), {}), "missing") << "placed at 08:00";
  EXPECT_EQ(problem(sighting(std::nullopt), {}, at("08:00")), "comes by itself");
  EXPECT_EQ(problem(sighting(at("11:00")), {std::nullopt, true}), "none") << "it is parked";
}

TEST(CompareOrder, WhatWasChangedSinceIsStale) {
  EXPECT_EQ(problem(sighting(at("11:00")), held(at("10:59"))), "stale");
  EXPECT_EQ(problem(sighting(at("11:00")), held(at("11:00"))), "none");
  EXPECT_EQ(problem(sighting(at("11:00")), held(at("11:01"))), "none");
  EXPECT_EQ(problem(sighting(at("12:01")), held(at("11:00"))), "none") << "it comes by itself";
}

// Guards: reports have no milliseconds.
TEST(CompareOrder, TimesAreComparedByTheSecond) {
  EXPECT_EQ(problem(sighting(at("11:00")), held(at("11:00") + milliseconds{900})), "none");
  EXPECT_EQ(problem(sighting(at("11:00") + milliseconds{900}), held(at("11:00"))), "none");
  EXPECT_EQ(problem(sighting(at("11:00") + seconds{1}), held(at("11:00") + milliseconds{999})),
            "stale");
}

TEST(CompareOrder, AStateCountsWhereItIsFurther) {
  const auto same = at("11:00");
  EXPECT_EQ(problem(sighting(same, OrderState::kShipped), held(same, OrderState::kOpen)), "stale");
  EXPECT_EQ(problem(sighting(same, OrderState::kCancelled), held(same, OrderState::kShipped)),
            "stale");
  EXPECT_EQ(problem(sighting(same, OrderState::kOpen), held(same, OrderState::kShipped)), "none");
  EXPECT_EQ(problem(sighting(same, OrderState::kShipped), held(same, OrderState::kNeedsCorrection)),
            "none");
  EXPECT_EQ(problem(sighting({}, OrderState::kShipped), held(same, OrderState::kPending)), "stale");
  EXPECT_EQ(problem(sighting(at("10:00"), OrderState::kShipped), held(same, OrderState::kOpen)),
            "none")
      << "the report is the older one";
}

class AuditSchedule : public ::testing::Test {
 protected:
  AuditPlan plan() { return plan_audits(rules_, history_, now_, reached_); }
  void ran(const AuditPlan& plan) {
    if (!history_.first_done) history_.first_done = now_;
    for (auto run : plan.runs) {
      run.state = "done";
      history_.latest.insert(history_.latest.begin(), run);
    }
  }

  ShopRules rules_;
  AuditHistory history_;
  TimePoint now_ = at("12:00"), reached_ = at("11:58");
};

TEST_F(AuditSchedule, BothWindowsEverySixHours) {
  const auto first = plan();
  ASSERT_EQ(first.runs.size(), 2u);
  EXPECT_EQ(first.runs[0].window,
            (AuditWindow{AuditWindow::By::kChanged, reached_ - days{14}, reached_}));
  EXPECT_EQ(first.runs[1].window.by, AuditWindow::By::kPlaced);
  EXPECT_EQ(first.runs[0].state, "waiting");
  EXPECT_EQ(first.runs[0].asked_by, "");
  ran(first);
  now_ += hours{6} - seconds{1};
  EXPECT_TRUE(plan().runs.empty());
  EXPECT_EQ(plan().next, at("18:00"));
  now_ += seconds{1};
  EXPECT_EQ(plan().runs.size(), 2u);
}

TEST_F(AuditSchedule, APersonsRunIsNoneOfTheSchedules) {
  store::AuditRun asked;
  asked.asked_by = "cli:somebody";
  asked.asked_at = now_;
  history_.latest = {asked};
  EXPECT_EQ(plan().runs.size(), 2u);
}

TEST_F(AuditSchedule, OnceADayBackToTheStartInTheFirstDays) {
  rules_.start_date = at("00:00") - days{100};
  const auto deep = plan();
  EXPECT_EQ(deep.runs.at(0).window.from, *rules_.start_date);
  ran(deep);
  now_ += hours{6};
  const auto usual = plan();
  EXPECT_EQ(usual.runs.at(0).window.from, reached_ - days{14});
  ran(usual);
  now_ += hours{18};
  EXPECT_EQ(plan().runs.at(0).window.from, *rules_.start_date);
  now_ = at("12:00") + days{3};
  EXPECT_EQ(plan().runs.at(0).window.from, reached_ - days{14});
}

// Guards: a shop that was switched off for longer than the window had a hole that nobody looked at.
TEST_F(AuditSchedule, SinceTheLastOneThatEndedWellWhereThatIsLongerAgo) {
  ran(plan());
  const TimePoint last = reached_;
  now_ += days{20};
  reached_ += days{20};
  EXPECT_EQ(plan().runs.at(0).window.from, last);
  history_.latest.front().state = "failed";
  EXPECT_EQ(plan().runs.at(0).window.from, reached_ - days{14});
}

// Guards: somebody who asked early, or a week without reports, used the first days up.
TEST_F(AuditSchedule, TheFirstDaysBeginWithTheFirstThatEndsWell) {
  rules_.start_date = at("00:00") - days{100};
  auto failed = plan();
  for (auto& run : failed.runs) run.state = "failed";
  history_.latest = failed.runs;
  now_ += days{5};
  EXPECT_EQ(plan().runs.at(0).window.from, *rules_.start_date);
}

TEST_F(AuditSchedule, NeverBeforeTheStart) {
  rules_.start_date = at("00:00") - days{2};
  EXPECT_EQ(plan().runs.at(0).window.from, *rules_.start_date);
  rules_.start_date = at("11:59");
  EXPECT_TRUE(plan().runs.empty());
  EXPECT_GT(plan().next, now_);
}

TEST_F(AuditSchedule, AClockThatWasSetBackPutsNothingOff) {
  ran(plan());
  now_ -= days{30};
  EXPECT_FALSE(plan().runs.empty());
}

TEST(AuditAlerts, TellOfWhatCouldNotBeSettled) {
  store::AuditRun run;
  run.id = 7;
  run.state = "done";
  EXPECT_TRUE(audit_alerts(run).empty());
  run.unsettled = 2;
  ASSERT_EQ(audit_alerts(run).size(), 1u);
  EXPECT_EQ(audit_alerts(run)[0].code, kOrdersMissing);
  EXPECT_NE(audit_alerts(run)[0].remedy.find("audit show 7"), std::string::npos);
  run.state = "failed";
  run.message = "no role";
  run.asked_by = "cli:me";
  EXPECT_TRUE(audit_alerts(run).empty()) << "who asked reads it";
  run.asked_by.clear();
  ASSERT_EQ(audit_alerts(run).size(), 1u);
  EXPECT_EQ(audit_alerts(run)[0].code, kAuditFailed);
  EXPECT_NE(audit_alerts(run)[0].message.find("no role"), std::string::npos);
}

}  // namespace
}  // namespace marketplug::sync
