// One step through the engine: what is stored, what is not, and what the job and the shop show.
#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::_;
using testing::at;
using ::testing::InSequence;
using ::testing::Invoke;
using testing::make_failure;
using testing::make_order;
using testing::make_page;
using ::testing::Return;
using ::testing::Throw;
using Kind = Failure::Kind;
using StoreKind = store::StoreError::Kind;
using Types = std::vector<std::string>;

class Step : public ::testing::Test {
 protected:
  void SetUp() override { shop_ = &bench_.add_shop("s"); }
  testing::MockOrderConnector& connector() { return *shop_->connector; }
  void gives(Page<Order> page) {
    EXPECT_CALL(connector(), fetch_orders(_, _)).WillOnce(Return(Result<Page<Order>>(page)));
  }
  void fails(const Failure& failure) {
    EXPECT_CALL(connector(), fetch_orders(_, _)).WillOnce(Return(Result<Page<Order>>(failure)));
  }
  /// The store fails once at that operation of the shop.
  void store_fails(const std::string& operation, StoreKind kind) {
    bench_.store.faults.on_call = [operation, kind, done = false](std::string_view called,
                                                                  std::string_view) mutable {
      if (done || called != operation) return;
      done = true;
      throw store::StoreError(kind, "The disk of the test is full.");
    };
  }

  testing::SyncBench bench_;
  testing::MockSource::Made* shop_ = nullptr;
};

TEST_F(Step, StoresPageCursorStateJobAndClearsTheMarkInOneGo) {
  shop_->staged = {{"kept", "1"}, {"gone", std::nullopt}};
  Page<Order> page = make_page({make_order("1")}, "c1");
  page.complete_until = at("09:58");
  gives(page);
  EXPECT_TRUE(bench_.run_due());
  const auto data = bench_.store.data("s");
  EXPECT_TRUE(data.orders.contains("1"));
  EXPECT_EQ(data.cursors.at("order-source").value, "c1");
  EXPECT_EQ(data.state.at("kept"), "1");
  EXPECT_TRUE(data.marks.empty());
  const auto job = bench_.job("s");
  EXPECT_EQ(job.state, "succeeded");
  EXPECT_EQ(job.complete_until, at("09:58"));
  EXPECT_GE(job.due_at, at("10:04") + std::chrono::seconds{30});
  EXPECT_LE(job.due_at, at("10:05"));
  EXPECT_EQ(job.last_started, at("10:00"));
  EXPECT_EQ(data.record.state, "ok");
  const auto status = bench_.status("s");
  EXPECT_EQ(status.plugin, "mock");
  EXPECT_EQ(status.orders_new, 1u);
  EXPECT_EQ(status.steps, 1u);
  EXPECT_EQ(status.next_due, job.due_at);
}

TEST_F(Step, GoesOnWithTheStoredCursorUntilCaughtUp) {
  {
    const InSequence order;
    EXPECT_CALL(connector(), fetch_orders(Cursor{""}, _))
        .WillOnce(Return(make_page({make_order("1")}, "a", false)));
    EXPECT_CALL(connector(), fetch_orders(Cursor{"a"}, _))
        .WillOnce(Return(make_page({make_order("2")}, "b", false)));
    EXPECT_CALL(connector(), fetch_orders(Cursor{"b"}, _)).WillOnce(Return(make_page({}, "c")));
  }
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(bench_.status("s").steps, 3u);
}

TEST_F(Step, TheMarkIsThereWhilePluginCodeRuns) {
  EXPECT_CALL(connector(), fetch_orders(_, _)).WillOnce(Invoke([this](const Cursor&, StepContext&) {
    const auto marks = bench_.store.data("s").marks;
    EXPECT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks.at("order-source").plugin, "mock");
    EXPECT_EQ(marks.at("order-source").node, "node-1");
    return Result<Page<Order>>(make_page({}, "c"));
  }));
  bench_.run_due();
  EXPECT_TRUE(bench_.store.data("s").marks.empty());
}

TEST_F(Step, TheContextBoundsTheCall) {
  shop_->rules.keep_raw = ShopRules::KeepRaw::kNever;
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .WillOnce(Invoke([](const Cursor&, StepContext& context) {
        EXPECT_EQ(context.deadline(), at("10:01"));
        EXPECT_FALSE(context.stop_requested());
        EXPECT_FALSE(context.keep_raw());
        return Result<Page<Order>>(make_page({}, "c"));
      }));
  bench_.run_due();
}

TEST_F(Step, AFailingCommitLeavesEverythingUntouchedAndGoesOnByItself) {
  EXPECT_CALL(connector(), fetch_orders(Cursor{""}, _))
      .Times(2)
      .WillRepeatedly(Return(make_page({make_order("1")}, "c1")));
  bench_.start();
  store_fails("commit", StoreKind::kDiskFull);
  EXPECT_FALSE(bench_.run_due());
  auto data = bench_.store.data("s");
  EXPECT_TRUE(data.orders.empty());
  EXPECT_TRUE(data.events.empty());
  EXPECT_FALSE(data.cursors.contains("order-source"));
  const auto status = bench_.status("s");
  EXPECT_EQ(status.reason, "The disk of the test is full.");
  EXPECT_EQ(status.jobs.at(0).last_code, "store_disk_full");
  EXPECT_TRUE(data.marks.empty()) << "cleared as soon as the store works again";

  EXPECT_TRUE(bench_.run_due("", true));
  data = bench_.store.data("s");
  EXPECT_EQ(data.orders.size(), 1u);
  EXPECT_EQ(data.events.size(), 1u);
  EXPECT_EQ(data.cursors.at("order-source").value, "c1");
  EXPECT_TRUE(bench_.status("s").reason.empty());
}

TEST_F(Step, NoOperationThatFailsLosesOrDoublesAnything) {
  const char* operations[] = {"mark_in_flight", "cursor",       "parked.open",  "begin",
                              "order_head",     "upsert_order", "append_event", "set_cursor",
                              "save_job",       "clear_mark",   "commit",       "commit.done"};
  for (const char* operation : operations) {
    for (const StoreKind kind : {StoreKind::kBusy, StoreKind::kReadOnly, StoreKind::kDiskFull}) {
      testing::SyncBench bench;
      auto& shop = bench.add_shop("s");
      EXPECT_CALL(*shop.connector, fetch_orders(_, _))
          .WillRepeatedly(Return(make_page({make_order("1"), make_order("2")}, "c1")));
      bench.start();
      bool failed = false;
      bench.store.faults.on_call = [&](std::string_view called, std::string_view) {
        if (failed || called != operation) return;
        failed = true;
        throw store::StoreError(kind, "trouble");
      };
      bench.run_due("", true);
      bench.run_due("", true);
      EXPECT_TRUE(failed) << operation;
      const auto data = bench.store.data("s");
      EXPECT_EQ(data.orders.size(), 2u) << operation;
      EXPECT_EQ(data.events.size(), 2u) << operation;
      EXPECT_TRUE(data.parked.empty()) << operation;
      EXPECT_TRUE(data.marks.empty()) << operation;
      EXPECT_TRUE(bench.status("s").reason.empty()) << operation;
    }
  }
}

TEST_F(Step, AFailureThatCannotBeSavedIsTriedAgainUntilItIs) {
  const char* operations[] = {"begin", "save_job", "set_shop_state", "clear_mark", "commit"};
  for (const char* operation : operations) {
    for (const Kind kind : {Kind::kAuth, Kind::kConfig}) {
      testing::SyncBench bench;
      auto& shop = bench.add_shop("s");
      EXPECT_CALL(*shop.connector, fetch_orders(_, _))
          .WillRepeatedly(Return(make_failure(kind, "invalid_grant")));
      bench.start();
      bool failed = false;
      bench.store.faults.on_call = [&](std::string_view called, std::string_view) {
        if (failed || called != operation) return;
        failed = true;
        throw store::StoreError(StoreKind::kBusy, "trouble");
      };
      bench.run_due("", true);
      EXPECT_TRUE(failed) << operation;
      EXPECT_EQ(bench.job("s").state, "dead") << operation;
      EXPECT_NE(bench.store.data("s").record.state, "ok") << operation;
      EXPECT_TRUE(bench.store.data("s").marks.empty()) << operation;
    }
  }
}

TEST_F(Step, AThrottledShopKeepsItsTimeWhenThatCannotBeSaved) {
  Failure failure = make_failure(Kind::kThrottled);
  failure.retry_at = testing::at("10:30");
  fails(failure);
  bench_.store.faults.on_call = [](std::string_view operation, std::string_view) {
    if (operation == "save_job") throw store::StoreError(StoreKind::kBusy, "trouble");
  };
  bench_.run_due();
  EXPECT_GE(bench_.status("s").next_due, testing::at("10:30"));
  EXPECT_EQ(bench_.status("s").reason, "trouble");
}

TEST_F(Step, AStrayExceptionIsABugOfThePluginAndCounts) {
  EXPECT_CALL(connector(), fetch_orders(_, _)).WillOnce(Throw(std::runtime_error("oops")));
  EXPECT_FALSE(bench_.run_due());
  const auto job = bench_.job("s");
  EXPECT_EQ(job.failures, 1);
  EXPECT_EQ(job.last_code, "plugin_exception");
  EXPECT_EQ(bench_.metrics.value("sync_plugin_bugs_total"), 1);
  EXPECT_TRUE(bench_.store.data("s").marks.empty());
  EXPECT_EQ(bench_.store.data("s").record.state, "ok");
}

TEST_F(Step, AConnectorThatCanDoNoMoreIsMadeAnew) {
  {
    const InSequence order;
    fails(make_failure(Kind::kTransient, "connector_gone"));
    fails(make_failure(Kind::kTransient, "other"));
    gives(make_page({}, "c"));
  }
  EXPECT_FALSE(bench_.run_due());
  EXPECT_EQ(shop_->connects, 1);
  EXPECT_TRUE(bench_.run_due("", true));
  EXPECT_EQ(shop_->connects, 2);
}

TEST_F(Step, AFailedStepDropsItsStagedState) {
  shop_->staged = {{"key", "value"}};
  fails(make_failure(Kind::kTransient));
  bench_.run_due();
  EXPECT_TRUE(bench_.store.data("s").state.empty());
  EXPECT_TRUE(shop_->staged.empty());
}

struct StopCase {
  Kind kind;
  const char* state;
};
class StoppingFailure : public Step, public ::testing::WithParamInterface<StopCase> {};

TEST_P(StoppingFailure, StopsTheShopVisiblyWithoutARetryStorm) {
  fails(make_failure(GetParam().kind, "why"));
  EXPECT_FALSE(bench_.run_due("", true));
  bench_.clock.advance(std::chrono::hours{48});
  EXPECT_FALSE(bench_.run_due("", true));
  const auto data = bench_.store.data("s");
  EXPECT_EQ(data.record.state, GetParam().state);
  EXPECT_EQ(data.record.state_reason, "it went wrong. Mend it.");
  EXPECT_EQ(bench_.job("s").state, "dead");
  EXPECT_EQ(bench_.job("s").last_code, "why");
  EXPECT_EQ(bench_.job("s").last_remedy, "Mend it.");
  EXPECT_EQ(bench_.event_types("s"), Types{"shop.state_changed"});
  EXPECT_EQ(bench_.status("s").next_due, std::nullopt);
}

TEST_P(StoppingFailure, ATriggerTriesAgainAndASuccessSaysOk) {
  {
    const InSequence order;
    fails(make_failure(GetParam().kind));
    gives(make_page({}, "c"));
  }
  bench_.run_due();
  bench_.engine->trigger("s");
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(bench_.store.data("s").record.state, "ok");
  EXPECT_TRUE(bench_.store.data("s").record.state_reason.empty());
  EXPECT_EQ(bench_.job("s").failures, 0);
  EXPECT_EQ(bench_.event_types("s"), (Types{"shop.state_changed", "shop.state_changed"}));
}

TEST_P(StoppingFailure, ChangedSettingsTryAgainWithANewConnector) {
  {
    const InSequence order;
    fails(make_failure(GetParam().kind));
    gives(make_page({}, "c"));
  }
  bench_.run_due();
  bench_.engine->reload();
  EXPECT_FALSE(bench_.run_due()) << "a reload without a change is no reason to try";
  bench_.add_shop("s", R"({"plugin":"mock","new":1})");
  bench_.engine->reload();
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(shop_->connects, 2);
}

TEST_P(StoppingFailure, ARestartTriesOnce) {
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .Times(2)
      .WillRepeatedly(Return(make_failure(GetParam().kind)));
  bench_.run_due("", true);
  bench_.start();
  bench_.run_due("", true);
  EXPECT_EQ(bench_.event_types("s"), Types{"shop.state_changed"}) << "the state did not change";
}

INSTANTIATE_TEST_SUITE_P(Kinds, StoppingFailure,
                         ::testing::Values(StopCase{Kind::kConfig, "needs_attention"},
                                           StopCase{Kind::kAuth, "needs_reauthorization"}));

TEST_F(Step, ThrottledComesBackAtItsTimeAndIsNoFailure) {
  Failure failure = make_failure(Kind::kThrottled);
  failure.retry_at = at("10:03");
  fails(failure);
  EXPECT_TRUE(bench_.run_due("", true));
  EXPECT_EQ(bench_.job("s").failures, 0);
  EXPECT_GE(bench_.job("s").due_at, at("10:03"));
  EXPECT_TRUE(bench_.event_types("s").empty());
}

TEST_F(Step, ARestartGoesOnWithDueTimesAndFailureCounts) {
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .Times(2)
      .WillRepeatedly(Return(make_failure(Kind::kTransient)));
  bench_.run_due();
  const auto before = bench_.job("s");
  bench_.start();
  EXPECT_FALSE(bench_.run_due()) << "not due yet";
  EXPECT_EQ(bench_.job("s").failures, 1);
  bench_.clock.set(before.due_at);
  bench_.run_due();
  EXPECT_EQ(bench_.job("s").failures, 2);
}

TEST_F(Step, ADueTimeWrittenByAClockThatWasAheadMeansNothing) {
  EXPECT_CALL(connector(), fetch_orders(_, _)).Times(2).WillRepeatedly(Return(make_page({}, "c")));
  bench_.clock.set(at("10:00") + std::chrono::hours{24 * 3650});
  bench_.run_due();
  bench_.engine.reset();
  bench_.clock.set(at("10:00"));
  bench_.start();
  EXPECT_TRUE(bench_.run_due());
  EXPECT_LE(bench_.job("s").due_at, at("10:05"));
}

TEST_F(Step, ThePluginThatStandsStillIsBackedOff) {
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .WillOnce(Return(make_page({}, "a", false)))
      .WillOnce(Return(make_page({make_order("1")}, "a", false)));
  EXPECT_FALSE(bench_.run_due());
  EXPECT_EQ(bench_.job("s").last_code, "no_progress");
  EXPECT_EQ(bench_.job("s").failures, 1);
  EXPECT_TRUE(bench_.store.data("s").orders.contains("1")) << "what it gave is kept";
}

TEST_F(Step, AShopThatImportsNoOrdersRests) {
  shop_->rules.import_orders = false;
  EXPECT_CALL(connector(), fetch_orders(_, _)).Times(0);
  EXPECT_TRUE(bench_.run_due("", true));
  EXPECT_TRUE(bench_.store.data("s").marks.empty());
  EXPECT_TRUE(bench_.status("s").jobs.empty());
  bench_.run_due("", true);
  EXPECT_EQ(bench_.status("s").steps, 1u);
}

TEST_F(Step, WithoutAConnectorTheShopIsNotRunningAndIsTriedSlowly) {
  shop_->refusal = make_failure(Kind::kConfig, "no_plugin");
  auto& other = bench_.add_shop("other");
  EXPECT_CALL(*other.connector, fetch_orders(_, _)).WillOnce(Return(make_page({}, "c")));
  EXPECT_FALSE(bench_.run_due("", true));
  EXPECT_EQ(bench_.store.data("s").record.state, "not_running");
  EXPECT_EQ(bench_.store.data("s").record.state_reason, "it went wrong. Mend it.");
  EXPECT_GE(bench_.job("s").due_at, at("10:00") + seconds{450});
  EXPECT_EQ(bench_.store.data("other").record.state, "ok") << "the others go on";

  shop_->refusal.reset();
  gives(make_page({}, "c"));
  bench_.engine->reload();
  EXPECT_TRUE(bench_.run_due("s"));
  EXPECT_EQ(bench_.store.data("s").record.state, "ok");
}

TEST_F(Step, TheFirstSuccessOfANewShopIsAChangeOfState) {
  bench_.store.shops().set_state("s", "not_running", "");
  gives(make_page({}, "c"));
  bench_.run_due();
  EXPECT_EQ(bench_.store.data("s").record.state, "ok");
  EXPECT_EQ(bench_.event_types("s"), Types{"shop.state_changed"});
}

TEST_F(Step, AReloadDoesNotHurryANewShopThatIsThrottled) {
  bench_.store.shops().set_state("s", "not_running", "");
  Failure failure = make_failure(Kind::kThrottled);
  failure.retry_at = at("10:03");
  fails(failure);
  bench_.run_due();
  bench_.engine->reload();
  bench_.run_due();
  EXPECT_GE(bench_.status("s").next_due, at("10:03"));
}

TEST_F(Step, ARestartTriesAShopWithoutConnectorAtOnce) {
  shop_->refusal = make_failure(Kind::kConfig, "no_plugin");
  bench_.run_due();
  shop_->refusal.reset();
  gives(make_page({}, "c"));
  bench_.start();
  EXPECT_TRUE(bench_.run_due());
}

// Guards: a plugins folder or a shop's file that was mended before a start left its shop waiting
// for the next poll, not running and without a reason.
TEST_F(Step, ARestartTriesAShopWhoseFileWasMendedAtOnce) {
  gives(make_page({}, "c"));
  bench_.run_due();
  bench_.store.shops().set_state("s", "not_running", "");
  gives(make_page({}, "d"));
  bench_.start();
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(bench_.store.data("s").record.state, "ok");
}

TEST_F(Step, PoisonNeverStopsTheCursorForEver) {
  bench_.store.faults.on_upsert = [](const store::OrderRow& row) {
    if (row.id == "bad") throw store::StoreError(StoreKind::kOther, "odd");
  };
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .WillRepeatedly(Return(make_page({make_order("1"), make_order("bad")}, "c1")));
  EXPECT_TRUE(bench_.run_due("", true));
  const auto data = bench_.store.data("s");
  EXPECT_EQ(data.cursors.at("order-source").value, "c1");
  EXPECT_TRUE(data.orders.contains("1"));
  EXPECT_EQ(data.parked.at({"order", "bad"}).state, "open");
  EXPECT_EQ(bench_.event_types("s"), (Types{"order.imported", "order.parked"}));
}

TEST_F(Step, SecretsOfTheMarketplaceStayOutOfTheLog) {
  Page<Order> page = make_page({make_order("1")}, "c");
  page.items[0].buyer = Buyer{"Berta Beispiel", "", "", ""};
  page.items[0].correction_reasons = {"x"};
  page.items[0].state = OrderState::kNeedsCorrection;
  gives(page);
  bench_.run_due();
  for (const auto& line : bench_.log.lines()) EXPECT_EQ(line.find("Berta"), std::string::npos);
  for (const auto& event : bench_.store.data("s").events) {
    EXPECT_EQ(event->data.find("Berta"), std::string::npos);
  }
}

}  // namespace
}  // namespace marketplug::sync
