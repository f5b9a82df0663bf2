// The scheduler on one seeded thread: who runs when, leases and fences, reload, stop, persons.
#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::_;
using testing::at;
using ::testing::Invoke;
using testing::make_failure;
using testing::make_order;
using testing::make_page;
using ::testing::Return;
using testing::SyncBench;
using Kind = Failure::Kind;
using Orders = Result<Page<Order>>;

void gives_nothing(testing::MockSource::Made& shop) {
  ON_CALL(*shop.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([](const Cursor& cursor, StepContext&) {
        return Orders(make_page({}, cursor.value + "x"));
      }));
}

/// run() until the virtual clock reaches `until`.
void run_until(SyncBench& bench, TimePoint until) {
  bench.executor.on_time = [&bench, until](TimePoint now) {
    if (now >= until) bench.engine->stop();
  };
  bench.engine->run();
  bench.executor.on_time = nullptr;
}

TEST(Engine, PollsEachShopAtItsOwnPace) {
  SyncBench bench;
  auto& slow = bench.add_shop("slow");
  auto& quick = bench.add_shop("quick");
  quick.rules.poll = seconds{60};
  // Polls may come up to a tenth of their time early.
  EXPECT_CALL(*slow.connector, fetch_orders(_, _))
      .Times(::testing::Between(12, 14))
      .WillRepeatedly(Return(make_page({}, "")));
  EXPECT_CALL(*quick.connector, fetch_orders(_, _))
      .Times(::testing::Between(60, 67))
      .WillRepeatedly(Return(make_page({}, "")));
  bench.start();
  run_until(bench, at("10:59") + seconds{59});
}

TEST(Engine, AnEndlessBacklogStarvesNobody) {
  SyncBench bench(1, 1);
  std::string order;
  int page = 0;
  auto& endless = bench.add_shop("a-endless");
  ON_CALL(*endless.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([&](const Cursor&, StepContext&) {
        order += 'e';
        bench.clock.advance(seconds{1});
        if (order.size() > 200) bench.engine->stop();
        return Orders(make_page({}, std::to_string(++page), false));
      }));
  for (const char* id : {"b", "c"}) {
    auto& shop = bench.add_shop(id);
    shop.rules.poll = seconds{10};
    ON_CALL(*shop.connector, fetch_orders(_, _))
        .WillByDefault(Invoke([&order, id](const Cursor&, StepContext&) {
          order += id;
          return Orders(make_page({}, "", true));
        }));
  }
  bench.start().run();
  EXPECT_GE(std::count(order.begin(), order.end(), 'b'), 12);
  EXPECT_GE(std::count(order.begin(), order.end(), 'c'), 12);
}

TEST(Engine, RunDueRunsOnlyTheShopThatWasAskedFor) {
  SyncBench bench;
  auto& one = bench.add_shop("one");
  auto& two = bench.add_shop("two");
  EXPECT_CALL(*one.connector, fetch_orders(_, _)).WillOnce(Return(make_page({}, "c")));
  EXPECT_CALL(*two.connector, fetch_orders(_, _)).Times(0);
  EXPECT_TRUE(bench.run_due("one"));
  EXPECT_FALSE(bench.engine->run_due("nobody", false, {}));
}

TEST(Engine, RunDueUntilIdleWaitsForWhatIsDueWithinAMinute) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Page<Order> soon = make_page({}, "a", false);
  soon.look_again_at = at("10:00") + seconds{59};
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .WillOnce(Return(soon))
      .WillOnce(Return(make_page({}, "b")));
  EXPECT_TRUE(bench.run_due("", true));
}

// Guards: the end of the one that was removed took the new one's place in the queue away.
TEST(Engine, ARemovedShopLeavesItsPlaceToANewOneOfTheSameId) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .Times(2)
      .WillRepeatedly(Return(make_page({}, "c")));
  bench.run_due("s");
  const auto record = *bench.store.shops().find("s");
  shop.at_end = [&] {
    bench.store.shops().put(record);
    (void)bench.engine->check("s");  // a person's question brings it in
  };
  bench.store.remove_shop("s");
  bench.engine->reload();
  bench.run_due("");
}

TEST(Engine, AQuickPollIsNoReasonToNeverBeIdle) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  shop.rules.poll = seconds{15};
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillOnce(Return(make_page({}, "c")));
  EXPECT_TRUE(bench.run_due("", true));
}

TEST(Engine, AHookThatFailsAtTheEndIsLogged) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  bench.each_minute = [] { throw std::runtime_error("no levels"); };
  EXPECT_TRUE(bench.start().run_due("", false, {}));
  EXPECT_TRUE(bench.log.contains("no levels"));
}

TEST(Engine, RunDueReportsEachStep) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .WillOnce(Return(make_page({make_order("1"), make_order("2")}, "a", false)))
      .WillOnce(Return(make_page({make_order("3")}, "b")));
  std::vector<std::uint64_t> seen;
  bench.start().run_due("s", true, [&](const ShopStatus& status) {
    EXPECT_EQ(status.shop, "s");
    seen.push_back(status.orders_new);
  });
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{2, 3}));
}

TEST(Engine, AThrowingProgressEndsTheRunAndNothingElse) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  bench.start();
  EXPECT_THROW(
      bench.engine->run_due("s", false, [](const ShopStatus&) { throw std::runtime_error("x"); }),
      std::runtime_error);
  EXPECT_TRUE(bench.engine->run_due("s", false, {}));
}

TEST(Engine, RunsLongWithoutEverLosingItsLease) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  bench.start();
  run_until(bench, at("10:00") + hours{12});
  EXPECT_EQ(bench.store.data("s").fence, 1);
}

TEST(Engine, ALostFenceDropsTheShopUntilItCanBeClaimedAgain) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  int calls = 0;
  ON_CALL(*shop.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([&](const Cursor& cursor, StepContext&) {
        if (++calls == 1) bench.store.steal("s");
        return Orders(make_page({make_order(std::to_string(calls))}, cursor.value + "x"));
      }));
  EXPECT_FALSE(bench.run_due());
  EXPECT_TRUE(bench.store.data("s").orders.empty()) << "nothing of a lost shop is written";
  EXPECT_FALSE(bench.run_due());
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(bench.status("s").reason.empty());

  bench.store.end_node("thief");
  bench.clock.advance(seconds{10});
  EXPECT_TRUE(bench.run_due());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(shop.connects, 2) << "what the old connector knew is void";
  EXPECT_EQ(bench.store.data("s").orders.size(), 1u);
  EXPECT_FALSE(bench.log.contains("plugin.crashed")) << "its own mark is no crash";
}

TEST(Engine, AConnectorOfALostShopIsNotUsedAgainAfterAStepThatFailedEarly) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  gives_nothing(shop);
  bench.run_due();
  bench.clock.advance(hours{1});
  bool failed = false;
  bench.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    if (failed || operation != "mark_in_flight") return;
    failed = true;
    throw store::StoreError(store::StoreError::Kind::kBusy, "busy");
  };
  EXPECT_TRUE(bench.run_due("", true));
  EXPECT_TRUE(failed);
  EXPECT_EQ(shop.connects, 2);
}

TEST(Engine, WhatWasAskedForWhileTheShopWasAnothersIsDoneWhenItIsBack) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .Times(2)
      .WillRepeatedly(Return(make_page({}, "c")));
  bench.run_due();
  bench.store.steal("s");
  bench.clock.advance(hours{1});
  bench.run_due();
  bench.engine->trigger("s");
  // Its job as the other process left it: not due for long.
  bench.store.end_node("thief");
  bench.store.ownership().register_node("node-2", seconds{5});
  const auto token = bench.store.ownership().claim(1).at(0);
  auto job = bench.job("s");
  job.due_at = bench.clock.now() + hours{1};
  {
    const auto transaction = bench.store.begin(token);
    transaction->save_job(job);
    transaction->commit();
  }
  bench.store.ownership().release(token);
  bench.clock.advance(seconds{40});
  bench.run_due();
}

TEST(Engine, APausedProcessRegistersAnewAndGoesOn) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  gives_nothing(shop);
  bench.run_due();
  bench.clock.advance(hours{1});
  EXPECT_TRUE(bench.run_due());
  EXPECT_EQ(bench.store.data("s").fence, 2);
  EXPECT_EQ(shop.connects, 2);
}

TEST(Engine, AMarkFoundAtTheStartIsACrashOfThatPlugin) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  bench.store.ownership().register_node("node-0", seconds{5});
  const auto token = bench.store.ownership().claim(1).at(0);
  bench.store.progress().mark_in_flight(token,
                                        {"s", "wild", "order-source", bench.clock.now(), "node-0"});
  bench.store.ownership().release(token);
  bench.start();
  EXPECT_TRUE(bench.run_due());
  EXPECT_TRUE(bench.log.contains("plugin.crashed"));
  EXPECT_TRUE(bench.log.contains("plugin=wild"));
  EXPECT_EQ(bench.metrics.value("sync_plugin_crashes_total"), 1);
  EXPECT_TRUE(bench.store.data("s").marks.empty());
}

// Killed from outside, or by another plugin beside it: a mark alone is no proof.
TEST(Engine, WhoIsToBlameForAMarkIsAsked) {
  for (const bool guilty : {false, true}) {
    SyncBench bench;
    gives_nothing(bench.add_shop("s"));
    bench.store.ownership().register_node("node-0", seconds{5});
    const auto token = bench.store.ownership().claim(1).at(0);
    bench.store.progress().mark_in_flight(
        token, {"s", "wild", "order-source", bench.clock.now(), "node-0"});
    bench.store.ownership().release(token);
    std::string asked;
    bench.blame = [&](const store::InFlightMark& mark) {
      EXPECT_FALSE(bench.store.data("s").marks.empty()) << "asked before it is forgotten";
      asked += mark.plugin;
      return guilty;
    };
    bench.start();
    EXPECT_TRUE(bench.run_due());
    EXPECT_EQ(asked, "wild");
    EXPECT_EQ(bench.log.contains("plugin.crashed"), guilty);
    EXPECT_EQ(bench.log.contains("step.interrupted"), !guilty);
    EXPECT_TRUE(bench.store.data("s").marks.empty());
  }
}

TEST(Engine, ANewShopIsSeenAtAReload) {
  SyncBench bench;
  gives_nothing(bench.add_shop("one"));
  bench.run_due();
  auto& two = bench.add_shop("two");
  EXPECT_CALL(*two.connector, fetch_orders(_, _)).WillOnce(Return(make_page({}, "c")));
  bench.engine->reload();
  EXPECT_TRUE(bench.run_due());
}

TEST(Engine, ARemovedShopIsGoneAtAReload) {
  SyncBench bench;
  auto& shop = bench.add_shop("one");
  gives_nothing(shop);
  bench.run_due();
  std::weak_ptr<void> connector = shop.connector;
  shop.connector.reset();
  bench.store.remove_shop("one");
  bench.engine->reload();
  EXPECT_TRUE(bench.run_due());
  EXPECT_TRUE(bench.engine->status().empty());
  EXPECT_TRUE(connector.expired()) << "the connector ends with its shop";
}

TEST(Engine, ADisabledShopStopsAndSaysSo) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .Times(2)
      .WillRepeatedly(Return(make_page({}, "")));
  bench.run_due();
  bench.store.shops().set_enabled("s", false);
  bench.engine->reload();
  bench.clock.advance(hours{1});
  bench.run_due();
  EXPECT_EQ(shop.connector.use_count(), 1) << "the engine let go of the connector";
  EXPECT_EQ(bench.store.data("s").record.state, "disabled");
  EXPECT_EQ(bench.event_types("s"), std::vector<std::string>{"shop.state_changed"});
  EXPECT_EQ(bench.status("s").next_due, std::nullopt);

  bench.store.shops().set_enabled("s", true);
  bench.engine->reload();
  EXPECT_TRUE(bench.run_due());
  EXPECT_EQ(bench.store.data("s").record.state, "ok");
}

TEST(Engine, ANewRevisionGetsANewConnectorAtTheStepBorder) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  int calls = 0;
  ON_CALL(*shop.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([&](const Cursor&, StepContext&) {
        if (++calls == 1) {
          bench.add_shop("s", R"({"plugin":"mock","changed":true})");
          bench.engine->reload();
        }
        return Orders(make_page({}, std::to_string(calls)));
      }));
  EXPECT_TRUE(bench.run_due("", true));
  EXPECT_EQ(calls, 2) << "changed settings are tried at once";
  EXPECT_EQ(shop.connects, 2);
}

TEST(Engine, AThrottledShopKeepsItsTimeWhenItsSettingsChange) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Failure failure = make_failure(Kind::kThrottled);
  failure.retry_at = at("10:03");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillOnce(Return(failure));
  bench.run_due();
  bench.add_shop("s", R"({"plugin":"mock","changed":true})");
  bench.engine->reload();
  bench.run_due();
  EXPECT_GE(bench.status("s").next_due, at("10:03"));
}

TEST(Engine, StopReachesAStepAndLosesNothing) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _))
      .WillOnce(Invoke([&](const Cursor&, StepContext& context) {
        bench.engine->stop();
        EXPECT_TRUE(context.stop_requested());
        return Orders(make_failure(Kind::kCancelled));
      }));
  bench.start().run();
  const auto job = bench.job("s");
  EXPECT_EQ(job.failures, 0);
  EXPECT_EQ(job.due_at, at("10:00"));
  EXPECT_TRUE(bench.store.data("s").marks.empty());
  EXPECT_TRUE(bench.store.data("s").node.empty()) << "released for a successor";
}

/// A marketplace may quote the secret that it was sent; the store, events and people see none of
/// it.
TEST(Engine, SecretsInAPluginsWordsAreMaskedBeforeTheyAreKept) {
  SyncBench bench;
  bench.redact = [](std::string_view text) {
    std::string masked(text);
    const auto found = masked.find("hush");
    return found == std::string::npos ? masked : masked.replace(found, 4, "***");
  };
  auto& shop = bench.add_shop("s");
  Failure failure = make_failure(Kind::kConfig);
  failure.message = "It said: hush is wrong.";
  failure.remedy = "Replace hush.";
  Page<Order> page;
  page.parked.push_back({"7", "bad", "", "hush in an order", "Look at hush.", "{}", {}});
  page.next.value = "x";
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillOnce(Return(page)).WillOnce(Return(failure));
  bench.run_due("", true);
  EXPECT_EQ(bench.job("s").last_message, "It said: *** is wrong.");
  EXPECT_EQ(bench.status("s").reason, "It said: *** is wrong. Replace ***.");
  const auto parked = bench.store.parked().list("s", true, 10);
  ASSERT_EQ(parked.size(), 1u);
  EXPECT_EQ(parked[0].item.message, "*** in an order");
  EXPECT_EQ(parked[0].item.remedy, "Look at ***.");
  for (const auto& event : bench.store.data("s").events) {
    EXPECT_EQ(event->data.find("hush"), std::string::npos) << event->data;
  }
}

// Guards: long texts were cut first, and half a secret is not known for one.
TEST(Engine, ASecretIsMaskedBeforeALongTextIsCut) {
  SyncBench bench;
  bench.redact = [](std::string_view text) {
    std::string masked(text);
    const auto found = masked.find("hush-hush");
    return found == std::string::npos ? masked : masked.replace(found, 9, "***");
  };
  auto& shop = bench.add_shop("s");
  Failure failure = make_failure(Kind::kConfig);
  failure.message = std::string(3996, 'x') + "hush-hush";
  failure.code = "code-hush-hush";
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillOnce(Return(failure));
  bench.run_due();
  EXPECT_EQ(bench.job("s").last_message.find("hush"), std::string::npos);
  EXPECT_EQ(bench.job("s").last_code, "code-***");
}

TEST(Engine, AStopBeforeTheRunIsNotLost) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).Times(0);
  bench.start().stop();
  bench.engine->run();
  bench.engine->run_due("", true, {});
}

TEST(Engine, AStoreThatComesBackIsNoticedByItself) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillRepeatedly(Return(make_page({}, "c")));
  bench.store.faults.on_call = [&](std::string_view, std::string_view) {
    if (bench.clock.now() < at("10:10")) {
      throw store::StoreError(store::StoreError::Kind::kBusy, "locked by pid 4711");
    }
  };
  bench.start();
  run_until(bench, at("10:20"));
  EXPECT_TRUE(bench.log.contains("locked by pid 4711"));
  EXPECT_TRUE(bench.log.contains("store.recovered"));
  EXPECT_TRUE(bench.store.data("s").cursors.contains("order-source"));
  int trouble = 0;
  for (const auto& line : bench.log.lines()) trouble += line.find("store.trouble") != line.npos;
  EXPECT_EQ(trouble, 1) << "one line, not one a second";
}

TEST(Engine, ShopsThatWereClaimedAreAdoptedWhateverFailsInBetween) {
  for (const std::string failing : {"claim", "marks", "shops.find", "jobs", "drop_mark"}) {
    SyncBench bench;
    for (const char* id : {"a", "b", "c"}) {
      auto& shop = bench.add_shop(id);
      EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillRepeatedly(Return(make_page({}, "c")));
    }
    bench.store.ownership().register_node("node-0", seconds{5});
    for (const auto& token : bench.store.ownership().claim(3)) {
      bench.store.progress().mark_in_flight(
          token, {token.shop, "wild", "order-source", bench.clock.now(), "node-0"});
      bench.store.ownership().release(token);
    }
    int failures = 0;
    bench.store.faults.on_call = [&](std::string_view operation, std::string_view) {
      if (operation != failing || ++failures > 2) return;
      throw store::StoreError(store::StoreError::Kind::kBusy, "busy");
    };
    bench.start();
    run_until(bench, at("10:04"));
    for (const char* id : {"a", "b", "c"}) {
      EXPECT_TRUE(bench.store.data(id).cursors.contains("order-source")) << id << " " << failing;
    }
    EXPECT_EQ(bench.metrics.value("sync_plugin_crashes_total"), 3) << failing;
  }
}

TEST(Engine, AShopThatCannotBeAdoptedKeepsNobodyElseWaiting) {
  SyncBench bench;
  for (const char* id : {"a", "b", "c"}) {
    auto& shop = bench.add_shop(id);
    EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillRepeatedly(Return(make_page({}, "c")));
  }
  bench.store.faults.on_call = [&](std::string_view operation, std::string_view shop) {
    if (operation == "jobs" && shop == "a") {
      throw store::StoreError(store::StoreError::Kind::kCorrupt, "page 7");
    }
  };
  bench.start();
  run_until(bench, at("10:04"));
  EXPECT_TRUE(bench.store.data("b").cursors.contains("order-source"));
  EXPECT_TRUE(bench.store.data("c").cursors.contains("order-source"));
  EXPECT_FALSE(bench.status("a").reason.empty());
}

TEST(Engine, RunDueGivesUpOnAStoreThatCannotBeRead) {
  SyncBench bench;
  bench.add_shop("s");
  bench.store.faults.on_call = [](std::string_view, std::string_view) {
    throw store::StoreError(store::StoreError::Kind::kCorrupt, "page 7");
  };
  EXPECT_FALSE(bench.run_due("", true));
}

TEST(Engine, AClockThatIsSetBackDoesNotPauseAnything) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  std::vector<TimePoint> calls;
  ON_CALL(*shop.connector, fetch_orders(_, _))
      .WillByDefault(Invoke([&](const Cursor&, StepContext&) {
        calls.push_back(bench.clock.now());
        return Orders(make_page({}, ""));
      }));
  bench.start();
  bench.run_due();
  bench.clock.advance(minutes{-60});
  bench.run_due();
  run_until(bench, at("09:06"));
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_GE(calls[1], at("09:04") + seconds{30});
  EXPECT_LE(calls[1], at("09:05"));
}

TEST(Engine, PersonalDataIsPurgedAtTheStartAndEachHour) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Order order = make_order("1", "09:00", OrderState::kShipped);
  order.buyer = Buyer{"Berta Beispiel", "", "", ""};
  Parcel parcel;
  parcel.shipped_at = at("10:30") - hours{24 * 30};
  order.parcels.push_back(parcel);
  EXPECT_CALL(*shop.connector, fetch_orders(_, _)).WillRepeatedly(Return(make_page({order}, "c")));
  bench.start();
  run_until(bench, at("10:20"));
  EXPECT_FALSE(bench.store.data("s").orders.at("1")->personal.empty());
  bench.start();
  run_until(bench, at("11:30"));
  EXPECT_TRUE(bench.store.data("s").orders.at("1")->personal.empty());
  EXPECT_TRUE(bench.log.contains("retention.purged"));
}

TEST(Engine, AClockThatIsNotBelievedIsToldAndNothingStops) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  bench.store.strange_clock = "the clock is years ahead";
  bench.start();
  run_until(bench, at("10:05"));
  EXPECT_TRUE(bench.log.contains("retention.clock_doubted"));
  EXPECT_FALSE(bench.log.contains("host_job.failed"));
}

TEST(Engine, AFailingPurgeIsTriedAgainWithinMinutes) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  int tries = 0;
  bench.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    if (operation == "purge_personal" && ++tries == 1) {
      throw store::StoreError(store::StoreError::Kind::kBusy, "busy");
    }
  };
  bench.start();
  run_until(bench, at("10:05"));
  EXPECT_EQ(tries, 2);
  EXPECT_TRUE(bench.log.contains("host_job.failed"));
}

TEST(Engine, TheHooksRunsEachMinuteAndAtTheEnd) {
  SyncBench bench;
  gives_nothing(bench.add_shop("s"));
  int ticks = 0;
  bench.each_minute = [&] { ++ticks; };
  bench.start();
  run_until(bench, at("10:10") + seconds{30});
  EXPECT_EQ(ticks, 11);
}

TEST(Engine, ChecksThroughTheConnectorAndClearsItsMark) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Finding finding;
  finding.message = "the token is fine";
  EXPECT_CALL(*shop.connector, check(_)).WillOnce(Invoke([&](StepContext&) {
    EXPECT_TRUE(bench.store.data("s").marks.contains("check"));
    return std::vector<Finding>{finding};
  }));
  const auto found = bench.start().check("s");
  ASSERT_TRUE(found);
  EXPECT_EQ(found.value(), std::vector<Finding>{finding});
  EXPECT_TRUE(bench.store.data("s").marks.empty());
}

// Guards: a plugin's endless list took gigabytes.
TEST(Engine, OfMoreFindingsThanAPersonReadsTheFirstAreKept) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Finding finding;
  finding.message = "odd";
  EXPECT_CALL(*shop.connector, check(_)).WillOnce(Return(std::vector<Finding>(1000, finding)));
  const auto found = bench.start().check("s");
  ASSERT_TRUE(found);
  ASSERT_EQ(found.value().size(), 201u);
  EXPECT_EQ(found.value().back().message, "800 more findings of the plugin were left out.");
}

TEST(Engine, ChecksADisabledShopToo) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  bench.store.shops().set_enabled("s", false);
  EXPECT_CALL(*shop.connector, check(_)).WillOnce(Return(std::vector<Finding>{}));
  EXPECT_TRUE(bench.start().check("s"));
}

TEST(Engine, ChecksEvenWhereTheStoreCannotBeWritten) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, check(_)).WillOnce(Return(std::vector<Finding>{}));
  bench.start();
  bench.store.faults.on_call = [](std::string_view operation, std::string_view) {
    if (operation == "mark_in_flight") {
      throw store::StoreError(store::StoreError::Kind::kDiskFull, "full");
    }
  };
  EXPECT_TRUE(bench.engine->check("s"));
}

TEST(Engine, ACheckThatThrowsOrHasNoConnectorIsAFailure) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, check(_)).WillOnce(::testing::Throw(7));
  const auto thrown = bench.start().check("s");
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.failure().code, "plugin_exception");
  EXPECT_EQ(bench.engine->check("nobody").failure().code, "unknown_shop");

  shop.refusal = make_failure(Kind::kConfig, "bad_settings");
  bench.add_shop("s", R"({"plugin":"mock","changed":true})");
  bench.engine->reload();
  EXPECT_EQ(bench.engine->check("s").failure().code, "bad_settings");
  EXPECT_TRUE(bench.store.data("s").marks.empty());
}

TEST(Engine, FetchesOneOrderWithoutTouchingCursorOrJob) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_order(std::string_view("1"), _))
      .Times(2)
      .WillRepeatedly(Return(make_page({make_order("1")}, "never")));
  const auto first = bench.start().fetch_order("s", "1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first.value(), store::UpsertOutcome::kInserted);
  EXPECT_EQ(bench.engine->fetch_order("s", "1").value(), store::UpsertOutcome::kUnchanged);
  const auto data = bench.store.data("s");
  EXPECT_TRUE(data.cursors.empty());
  EXPECT_TRUE(data.jobs.empty());
  EXPECT_TRUE(data.marks.empty());
  EXPECT_EQ(data.events.size(), 1u);
}

TEST(Engine, FetchingAParkedOrderReplaysIt) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  Page<Order> bad = make_page({}, "");
  bad.parked.push_back(testing::make_parked("1"));
  EXPECT_CALL(*shop.connector, fetch_order(_, _))
      .WillOnce(Return(bad))
      .WillOnce(Return(make_page({make_order("1")}, "")));
  const auto still_bad = bench.start().fetch_order("s", "1");
  ASSERT_FALSE(still_bad);
  EXPECT_EQ(still_bad.failure().code, "parked");
  EXPECT_EQ(bench.store.data("s").parked.at({"order", "1"}).state, "open");
  EXPECT_TRUE(bench.engine->fetch_order("s", "1"));
  EXPECT_EQ(bench.store.data("s").parked.at({"order", "1"}).state, "replayed");
}

TEST(Engine, FetchingAnUnknownOrderOrFailingSaysWhy) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_order(_, _))
      .WillOnce(Return(make_page({}, "")))
      .WillOnce(Return(make_failure(Kind::kAuth, "invalid_grant")));
  EXPECT_EQ(bench.start().fetch_order("s", "1").failure().code, "unknown_order");
  EXPECT_EQ(bench.engine->fetch_order("s", "1").failure().code, "invalid_grant");
  EXPECT_TRUE(bench.store.data("s").marks.empty());
  EXPECT_EQ(bench.engine->fetch_order("nobody", "1").failure().code, "unknown_shop");
}

TEST(Engine, FetchesAfterALongPauseWithANewLease) {
  SyncBench bench;
  auto& shop = bench.add_shop("s");
  EXPECT_CALL(*shop.connector, fetch_order(_, _))
      .WillRepeatedly(Return(make_page({make_order("1")}, "")));
  EXPECT_TRUE(bench.start().fetch_order("s", "1"));
  bench.clock.advance(hours{5});
  EXPECT_TRUE(bench.engine->fetch_order("s", "1"));
  bench.store.steal("s");
  EXPECT_EQ(bench.engine->fetch_order("s", "1").failure().code, "not_owned");
  bench.store.end_node("thief");
  EXPECT_TRUE(bench.engine->fetch_order("s", "1"));
}

TEST(Engine, WhatAPersonAsksEndsWithTheProgram) {
  SyncBench bench;
  bench.add_shop("s");
  bench.start().stop();
  EXPECT_EQ(bench.engine->check("s").failure().code, "stopping");
}

}  // namespace
}  // namespace marketplug::sync
