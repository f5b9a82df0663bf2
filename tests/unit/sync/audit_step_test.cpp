// A shop's order audit from being due to its end, in the engine on one seeded thread.
#include <gtest/gtest.h>

#include <deque>

#include "host/sync/order_audit.hpp"
#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::_;
using testing::at;
using ::testing::HasSubstr;
using ::testing::Invoke;
using testing::make_failure;
using testing::make_order;
using testing::make_page;
using ::testing::NiceMock;
using ::testing::Return;
using testing::SyncBench;
using Sightings = Result<Page<OrderSighting>>;

Page<OrderSighting> sightings(const std::vector<std::string>& ids, const std::string& next = "",
                              bool caught_up = true) {
  Page<OrderSighting> page;
  for (const auto& id : ids) {
    auto& seen = page.items.emplace_back();
    seen.id = id;
    seen.marketplace_status = "Unshipped";
    seen.placed_at = at("08:00");
    seen.changed_at = at("09:00");
  }
  page.next.value = next;
  page.caught_up = caught_up;
  return page;
}

class AuditStep : public ::testing::Test {
 protected:
  AuditStep() : shop_(bench_.add_shop("s")) {
    shop_.audited = std::make_shared<NiceMock<testing::MockAuditedConnector>>();
    ON_CALL(mock(), fetch_orders(_, _)).WillByDefault(Invoke([this](const Cursor&, StepContext&) {
      auto page = make_page(searched_, "c");
      page.complete_until = bench_.clock.now() - minutes{2};
      return Result<Page<Order>>(page);
    }));
    ON_CALL(mock(), fetch_order(_, _))
        .WillByDefault(Invoke([this](std::string_view id, StepContext&) {
          fetched_.emplace_back(id);
          if (fetch_failure_) return Result<Page<Order>>(*fetch_failure_);
          const bool known = unknown_ != id;
          return Result<Page<Order>>(make_page(
              known ? std::vector{make_order(std::string(id))} : std::vector<Order>{}, ""));
        }));
    ON_CALL(mock(), fetch_sightings(_, _, _))
        .WillByDefault(
            Invoke([this](const AuditWindow& window, const Cursor& cursor, StepContext&) {
              windows_.push_back(window);
              cursors_.push_back(cursor.value);
              if (answers_.empty()) return Sightings(sightings(known_));
              auto answer = std::move(answers_.front());
              answers_.pop_front();
              return answer;
            }));
  }
  NiceMock<testing::MockAuditedConnector>& mock() { return *shop_.audited; }

  /// A person asks, in a process that runs for nothing else.
  std::vector<store::AuditRun> ask(TimePoint from = at("00:00")) {
    bench_.run_due("s");
    const auto ids = bench_.engine->audit("s", "cli:me", from, bench_.clock.now());
    bench_.run_due("s", true);
    std::vector<store::AuditRun> runs;
    for (const auto id : ids.value()) runs.push_back(*bench_.store.order_audits().find(id));
    return runs;
  }
  void run_until(TimePoint until) {
    bench_.executor.on_time = [this, until](TimePoint now) {
      if (now >= until) bench_.engine->stop();
    };
    bench_.start().run();
    bench_.executor.on_time = nullptr;
  }
  std::vector<store::AuditFinding> findings(std::int64_t run) {
    return bench_.store.order_audits().findings(run, false, 100);
  }
  bool holds(const std::string& order) { return bench_.store.data("s").orders.contains(order); }

  SyncBench bench_;
  testing::MockSource::Made& shop_;
  std::vector<Order> searched_{make_order("1"), make_order("2")};
  std::vector<std::string> known_{"1", "2", "3"};
  std::deque<Sightings> answers_;
  std::string unknown_;
  std::optional<Failure> fetch_failure_;
  std::vector<AuditWindow> windows_;
  std::vector<std::string> cursors_, fetched_;
};

TEST_F(AuditStep, AMissingOrderIsFoundAndFetched) {
  const auto runs = ask();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].state, "done");
  EXPECT_EQ(runs[0].window.by, AuditWindow::By::kChanged);
  EXPECT_EQ(runs[0].known, 3);
  EXPECT_EQ(runs[0].held, 2);
  EXPECT_EQ(runs[0].missing, 1);
  EXPECT_EQ(runs[0].unsettled, 0);
  const auto found = findings(runs[0].id);
  ASSERT_EQ(found.size(), 1u) << "what was held is forgotten";
  EXPECT_EQ(found[0].order, "3");
  EXPECT_EQ(found[0].problem, "missing");
  EXPECT_EQ(found[0].outcome, "imported");
  EXPECT_EQ(found[0].settled_at, bench_.clock.now());
  EXPECT_TRUE(holds("3"));
  EXPECT_EQ(runs[1].window.by, AuditWindow::By::kPlaced);
  EXPECT_EQ(runs[1].held, 3) << "the first comparison has fetched it";
  EXPECT_TRUE(bench_.log.contains("audit.done"));
  EXPECT_EQ(bench_.event_types("s").back(), "order.imported");
}

TEST_F(AuditStep, TakesNoQuotaThatIsForPersons) {
  ask();
  ASSERT_EQ(fetched_, std::vector<std::string>{"3"});
  const auto background =
      std::count(shop_.limits.begin(), shop_.limits.end(), QuotaPriority::kBackground);
  EXPECT_EQ(background, 3) << "two comparisons and the order that was fetched";
  EXPECT_TRUE(bench_.engine->fetch_order("s", "3"));
  EXPECT_EQ(shop_.limits.back(), QuotaPriority::kPerson);
}

TEST_F(AuditStep, AnOldOrderIsFetchedAgain) {
  auto page = sightings({"1"});
  page.items[0].changed_at = at("09:30");
  answers_.push_back(page);
  ON_CALL(mock(), fetch_order(_, _))
      .WillByDefault(Return(make_page({make_order("1", "09:30")}, "")));
  const auto runs = ask();
  EXPECT_EQ(runs[0].stale, 1);
  EXPECT_EQ(findings(runs[0].id).at(0).outcome, "updated");
}

TEST_F(AuditStep, AReportThatIsPreparedIsAskedForAgainWithItsPlace) {
  auto waits = sightings({}, "report 1", false);
  waits.look_again_at = bench_.clock.now() + seconds{30};
  answers_.push_back(waits);
  answers_.push_back(sightings({"1"}, "report 1, page 2", false));
  answers_.push_back(sightings({"1", "2"}));
  const auto runs = ask();
  EXPECT_EQ(runs[0].known, 2) << "one was told twice";
  ASSERT_GE(cursors_.size(), 3u);
  EXPECT_EQ(cursors_[0], "");
  EXPECT_EQ(cursors_[1], "report 1");
  EXPECT_EQ(cursors_[2], "report 1, page 2");
}

TEST_F(AuditStep, GoesOnWhereItWasAfterARestart) {
  auto waits = sightings({"1"}, "report 1", false);
  waits.look_again_at = bench_.clock.now() + hours{1};
  answers_.push_back(waits);
  bench_.run_due("s");
  const auto ids = bench_.engine->audit("s", "cli:me", at("00:00"), bench_.clock.now()).value();
  bench_.run_due("s", true);
  EXPECT_EQ(bench_.store.order_audits().find(ids[0])->state, "reading");
  run_until(bench_.clock.now() + hours{2});
  const auto run = *bench_.store.order_audits().find(ids[0]);
  EXPECT_EQ(run.state, "done");
  EXPECT_EQ(run.known, 3);
  EXPECT_EQ(cursors_.at(1), "report 1");
}

TEST_F(AuditStep, AnOrderThatCannotBeFetchedIsAnAlertUntilItCan) {
  unknown_ = "3";
  const auto runs = ask(at("00:00") - hours{24 * 20});
  EXPECT_EQ(runs[0].unsettled, 1);
  EXPECT_EQ(findings(runs[0].id).at(0).outcome, "unknown");
  auto alerts = bench_.store.alerts().list("s", true, 10);
  ASSERT_EQ(alerts.size(), 2u) << "one of each comparison";
  EXPECT_EQ(alerts[0].alert.code, kOrdersMissing);
  unknown_.clear();
  fetch_failure_ = make_failure(Failure::Kind::kRemote);
  EXPECT_EQ(findings(ask(at("00:00") - hours{24 * 20})[0].id).at(0).outcome, "failed");
  fetch_failure_.reset();
  ask(at("00:00") - hours{24 * 20});
  EXPECT_TRUE(bench_.store.alerts().list("s", true, 10).empty());
}

TEST_F(AuditStep, WhatTheImportHasNotReachedIsNotMissing) {
  auto page = sightings({"9"});
  page.items[0].changed_at = bench_.clock.now() - seconds{30};
  answers_.push_back(page);
  const auto runs = ask();
  EXPECT_EQ(runs[0].known, 0);
  EXPECT_FALSE(holds("9"));
}

TEST_F(AuditStep, AFailureThatStaysEndsTheRunAndNotTheShop) {
  answers_.push_back(make_failure(Failure::Kind::kAuth, "no_role"));
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "failed");
  EXPECT_EQ(runs[0].message, "it went wrong");
  EXPECT_EQ(runs[0].remedy, "Mend it.");
  EXPECT_EQ(runs[1].state, "done") << "the next one goes on";
  EXPECT_EQ(bench_.status("s").state, "ok");
  EXPECT_TRUE(bench_.log.contains("audit.failed"));
}

// Guards: the run of a pair that found nothing took the other one's alert away, and so did an hour
// that somebody looked at.
TEST_F(AuditStep, ASmallerWindowEndsNoAlert) {
  unknown_ = "3";
  ask(at("00:00") - hours{24 * 20});
  ASSERT_EQ(bench_.store.alerts().list("s", true, 10).size(), 2u) << "each has its own";
  unknown_.clear();
  known_ = {"1"};
  ask(at("09:00"));
  EXPECT_EQ(bench_.store.alerts().list("s", true, 10).size(), 2u);
  ask(at("00:00") - hours{24 * 20});
  EXPECT_TRUE(bench_.store.alerts().list("s", true, 10).empty());
}

// Guards: an order whose report and document differ for ever was fetched twice every six hours.
TEST_F(AuditStep, WhatWasFetchedForNothingIsNotFetchedForTheSameWordAgain) {
  auto page = sightings({"1"});
  page.items[0].changed_at = at("09:00") + seconds{1};
  answers_.push_back(page);
  EXPECT_EQ(findings(ask()[0].id).at(0).outcome, "unchanged");
  fetched_.clear();
  answers_.push_back(page);
  EXPECT_EQ(ask()[0].stale, 0);
  EXPECT_EQ(std::count(fetched_.begin(), fetched_.end(), "1"), 0);
  page.items[0].changed_at = at("09:00") + seconds{2};
  answers_.push_back(page);
  EXPECT_EQ(ask()[0].stale, 1) << "another word";
}

// Guards: one order that is refused was the first again every time, and those behind it never came.
TEST_F(AuditStep, AnOrderThatIsRefusedDoesNotHideTheOthers) {
  known_ = {"0", "1", "2", "3"};
  ON_CALL(mock(), fetch_order(_, _))
      .WillByDefault(Invoke([](std::string_view id, StepContext&) -> Result<Page<Order>> {
        if (id == "0") return make_failure(Failure::Kind::kAuth, "denied");
        return make_page({make_order(std::string(id))}, "");
      }));
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "done");
  EXPECT_EQ(runs[0].unsettled, 1);
  EXPECT_TRUE(holds("3"));
}

TEST_F(AuditStep, WhereEveryOrderIsRefusedTheRunEnds) {
  known_ = {"3", "4", "5", "6", "7"};
  fetch_failure_ = make_failure(Failure::Kind::kAuth, "revoked");
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "failed");
  EXPECT_EQ(fetched_.size(), 6u) << "three of each run";
}

// Guards: the schedule was off for good, because somebody had asked before there was an import.
TEST_F(AuditStep, AskingEarlySwitchesNothingOff) {
  bool imported = false;
  ON_CALL(mock(), fetch_orders(_, _)).WillByDefault(Invoke([&](const Cursor&, StepContext&) {
    auto page = make_page(searched_, "c");
    if (imported) page.complete_until = bench_.clock.now();
    return Result<Page<Order>>(page);
  }));
  EXPECT_EQ(ask()[0].state, "failed");
  imported = true;
  run_until(bench_.clock.now() + hours{1});
  EXPECT_EQ(windows_.size(), 2u);
}

// Guards: while the import stood still nothing was ever called missing.
TEST_F(AuditStep, AnImportThatStandsStillIsNoExcuseForLong) {
  ON_CALL(mock(), fetch_orders(_, _)).WillByDefault(Invoke([&](const Cursor&, StepContext&) {
    auto page = make_page(searched_, "c");
    page.complete_until = at("09:10");
    return Result<Page<Order>>(page);
  }));
  auto page = sightings({"3", "4"});
  page.items[0].changed_at = at("09:20");
  page.items[1].changed_at = at("11:00");
  bench_.run_due("s");
  bench_.clock.set(at("12:00"));
  answers_.push_back(page);
  const auto runs = ask();
  EXPECT_EQ(runs[0].missing, 1) << "two hours are enough";
  EXPECT_EQ(runs[0].later, 1);
}

TEST_F(AuditStep, AShopThatImportsNothingIsNotAudited) {
  bench_.run_due("s");
  shop_.rules.import_orders = false;
  bench_.start();
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "failed");
  EXPECT_THAT(runs[0].message, HasSubstr("imports no orders"));
  EXPECT_FALSE(holds("3"));
}

TEST_F(AuditStep, WhoAsksAgainBeforeItBeginsAsksForNothingMore) {
  bench_.run_due("s");
  const auto now = bench_.clock.now();
  const auto first = bench_.engine->audit("s", "cli:me", at("00:00"), now).value();
  EXPECT_EQ(bench_.engine->audit("s", "cli:you", at("01:00"), now).value(), first);
  EXPECT_NE(bench_.engine->audit("s", "cli:me", at("00:00") - hours{24}, now).value(), first);
}

TEST_F(AuditStep, AFailureThatMayPassIsTriedAgain) {
  answers_.push_back(make_failure(Failure::Kind::kTransient));
  auto throttled = make_failure(Failure::Kind::kThrottled);
  throttled.retry_at = bench_.clock.now() + seconds{20};
  answers_.push_back(throttled);
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "done");
  EXPECT_EQ(bench_.status("s").state, "ok");
}

TEST_F(AuditStep, TheSamePlaceAgainIsNoProgress) {
  for (int i = 0; i < 1000; ++i) answers_.push_back(sightings({}, "", false));
  bench_.run_due("s");
  const auto ids = bench_.engine->audit("s", "cli:me", at("00:00"), bench_.clock.now()).value();
  run_until(bench_.clock.now() + minutes{30});
  EXPECT_EQ(bench_.store.order_audits().find(ids[0])->state, "waiting");
  EXPECT_THAT(bench_.store.order_audits().find(ids[0])->message, HasSubstr("same place"));
  run_until(bench_.clock.now() + hours{5});
  EXPECT_EQ(bench_.store.order_audits().find(ids[0])->state, "failed") << "nobody waits for ever";
  EXPECT_TRUE(bench_.store.alerts().list("s", true, 10).empty());
}

// Guards: half an hour without reports ended an audit that the plugin would have mended itself.
TEST_F(AuditStep, TheSchedulesRunOutlivesADayOfFailures) {
  for (int i = 0; i < 1000; ++i) answers_.push_back(make_failure(Failure::Kind::kTransient));
  run_until(bench_.clock.now() + hours{29});
  ASSERT_FALSE(bench_.store.order_audits().list("s", 10).empty());
  EXPECT_TRUE(bench_.store.alerts().list("s", true, 10).empty());
  run_until(bench_.clock.now() + hours{3});
  const auto alerts = bench_.store.alerts().list("s", true, 10);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].alert.code, kAuditFailed);
  answers_.clear();
  run_until(bench_.clock.now() + hours{7});
  EXPECT_TRUE(bench_.store.alerts().list("s", true, 10).empty());
}

TEST_F(AuditStep, FollowsItsScheduleInTheServiceAlone) {
  bench_.run_due("", true);
  EXPECT_TRUE(windows_.empty());
  run_until(at("10:00") + hours{13});
  EXPECT_EQ(windows_.size(), 6u) << "three times two";
  EXPECT_EQ(windows_[0].until - windows_[0].from, hours{24 * 14});
  EXPECT_TRUE(holds("3"));
}

TEST_F(AuditStep, KeepsNoScheduleWhereItIsSwitchedOff) {
  shop_.rules.audit_orders = false;
  run_until(at("10:00") + hours{13});
  EXPECT_TRUE(windows_.empty());
  bench_.start();
  EXPECT_EQ(ask()[0].state, "done") << "a person may ask all the same";
}

TEST_F(AuditStep, AnImportThatIsDueComesFirst) {
  std::string order;
  ON_CALL(mock(), fetch_orders(_, _)).WillByDefault(Invoke([&](const Cursor&, StepContext&) {
    order += 'o';
    const bool caught_up = order.size() > 4;
    auto page = make_page({}, order, caught_up);
    page.complete_until = bench_.clock.now();
    return Result<Page<Order>>(page);
  }));
  ON_CALL(mock(), fetch_sightings(_, _, _))
      .WillByDefault(Invoke([&](const AuditWindow&, const Cursor&, StepContext&) {
        order += 'a';
        return Sightings(sightings({}));
      }));
  bench_.start();
  (void)bench_.engine->audit("s", "cli:me", at("00:00"), bench_.clock.now());
  bench_.run_due("s", true);
  EXPECT_EQ(order, "oooooaa");
}

TEST_F(AuditStep, BeforeTheFirstImportThereIsNothingToCompare) {
  ON_CALL(mock(), fetch_orders(_, _)).WillByDefault(Return(make_page({}, "c")));
  const auto runs = ask();
  EXPECT_EQ(runs[0].state, "failed");
  EXPECT_THAT(runs[0].message, HasSubstr("not been imported yet"));
}

TEST_F(AuditStep, APluginWithoutASecondSourceSaysSo) {
  shop_.audited.reset();
  ON_CALL(*shop_.connector, fetch_orders(_, _)).WillByDefault(Return(make_page({}, "c")));
  bench_.run_due("s");
  const auto ids = bench_.engine->audit("s", "cli:me", at("00:00"), bench_.clock.now()).value();
  bench_.run_due("s", true);
  const auto run = *bench_.store.order_audits().find(ids[0]);
  EXPECT_EQ(run.state, "failed");
  EXPECT_THAT(run.message, HasSubstr("no second source"));
  EXPECT_FALSE(bench_.engine->audit("nobody", "cli:me", at("00:00"), at("01:00")));
}

TEST_F(AuditStep, AnotherOrderThanTheOneAskedForIsNotTaken) {
  ON_CALL(mock(), fetch_order(_, _)).WillByDefault(Return(make_page({make_order("8")}, "")));
  const auto runs = ask();
  EXPECT_EQ(findings(runs[0].id).at(0).outcome, "failed");
  EXPECT_FALSE(holds("8"));
}

TEST_F(AuditStep, IdsThatAreNoTextAreNotCompared) {
  answers_.push_back(sightings({"", "\xff", std::string(5000, 'x'), "1"}));
  EXPECT_EQ(ask()[0].known, 1);
}

}  // namespace
}  // namespace marketplug::sync
