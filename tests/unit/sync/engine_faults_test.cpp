// What goes wrong around a whole engine: clocks, wishes of plugins, very many shops, secrets that
// come late. One seeded thread, a virtual clock.
#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::hours;
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

constexpr hours kYears{24 * 365 * 3};

/// One shop with a new order at each call, and the times of the calls.
class EngineFaults : public ::testing::Test {
 protected:
  EngineFaults() {
    shop_ = &bench_.add_shop("s");
    ON_CALL(*shop_->connector, fetch_orders(_, _))
        .WillByDefault(Invoke([this](const Cursor& cursor, StepContext&) {
          calls_.push_back(bench_.clock.now());
          cursors_.push_back(cursor.value);
          const auto number = std::to_string(calls_.size());
          return Orders(make_page({make_order(number)}, "c" + number));
        }));
    bench_.start();
  }

  /// run() for that long by the virtual clock.
  void run_for(std::chrono::milliseconds time) {
    const TimePoint until = bench_.clock.now() + time;
    bench_.executor.on_time = [this, until](TimePoint now) {
      if (now >= until) bench_.engine->stop();
    };
    bench_.engine->run();
    bench_.executor.on_time = nullptr;
    bench_.start();
  }

  /// As run_for, and the clock jumps when it has come to `when`.
  void run_over_a_jump(minutes when, std::chrono::milliseconds by, minutes after) {
    const TimePoint jump = bench_.clock.now() + when;
    const TimePoint end = jump + by + after;
    bool jumped = false;
    bench_.executor.on_time = [=, this, &jumped](TimePoint now) mutable {
      if (!jumped && now >= jump) {
        jumped = true;
        bench_.clock.advance(by);
      } else if (jumped && now >= end) {
        bench_.engine->stop();
      }
    };
    bench_.engine->run();
    bench_.executor.on_time = nullptr;
  }

  /// Polls each five minutes, in a row of cursors, and everything was stored.
  void expect_complete(std::size_t least, std::size_t most) {
    EXPECT_GE(calls_.size(), least);
    EXPECT_LE(calls_.size(), most);
    EXPECT_EQ(bench_.store.data("s").orders.size(), calls_.size());
    EXPECT_EQ(bench_.event_types("s").size(), calls_.size());
    for (std::size_t i = 1; i < cursors_.size(); ++i) {
      EXPECT_EQ(cursors_[i], "c" + std::to_string(i));
    }
  }

  SyncBench bench_;
  testing::MockSource::Made* shop_ = nullptr;
  std::vector<TimePoint> calls_;
  std::vector<std::string> cursors_;
};

TEST_F(EngineFaults, AClockThatJumpsByAnHourLosesNothingAndStartsNoStorm) {
  for (const hours by : {hours{1}, hours{-1}}) {
    calls_.clear();
    cursors_.clear();
    bench_.store.remove_shop("s");
    bench_.add_shop("s");
    bench_.start();
    run_over_a_jump(minutes{30}, by, minutes{30});
    expect_complete(11, 16);
  }
}

TEST_F(EngineFaults, AClockThatJumpsByYearsLosesNothingAndStartsNoStorm) {
  for (const hours by : {kYears, -kYears}) {
    calls_.clear();
    cursors_.clear();
    bench_.store.remove_shop("s");
    bench_.add_shop("s");
    bench_.start();
    run_over_a_jump(minutes{30}, by, minutes{30});
    EXPECT_GE(calls_.size(), 11u);
    EXPECT_LE(calls_.size(), 16u);
    const auto data = bench_.store.data("s");
    EXPECT_EQ(data.orders.size() + data.parked.size(), calls_.size())
        << "an order from after the clock's day is parked, not lost";
  }
}

TEST_F(EngineFaults, ALeaseIsKeptOverAJumpBackAndWonAgainAfterOneForward) {
  run_over_a_jump(minutes{30}, -hours{1}, minutes{30});
  EXPECT_EQ(bench_.store.data("s").fence, 1) << "nobody else could take the shop";
  bench_.start();
  run_over_a_jump(minutes{30}, hours{1}, minutes{30});
  EXPECT_FALSE(bench_.log.contains("plugin.crashed"));
  expect_complete(22, 30);
}

TEST_F(EngineFaults, AClockThatWasWrongByAnHourAtTheLastRunDoesNotHoldAShopBack) {
  for (const hours by : {hours{1}, hours{-1}}) {
    run_for(minutes{1});
    const auto before = calls_.size();
    bench_.clock.advance(-by);
    run_for(minutes{6});
    EXPECT_GE(calls_.size(), before + 1) << by.count();
    EXPECT_LE(calls_.size(), before + 3) << by.count();
  }
}

TEST_F(EngineFaults, ADueTimeYearsAheadInTheStoreMeansNow) {
  run_for(seconds{1});
  bench_.store.ownership().register_node("node-1", seconds{5});
  const auto token = bench_.store.ownership().claim(1).at(0);
  auto job = bench_.job("s");
  job.due_at = bench_.clock.now() + kYears;
  {
    const auto transaction = bench_.store.begin(token);
    transaction->save_job(job);
    transaction->commit();
  }
  bench_.store.ownership().release(token);
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(calls_.size(), 2u);
}

TEST_F(EngineFaults, ALeapForwardGivesAnHourBeforePersonalDataIsErased) {
  Order order = make_order("1", "09:00", OrderState::kShipped);
  order.buyer = Buyer{"Berta Beispiel", "", "", ""};
  Parcel parcel;
  parcel.shipped_at = at("09:00");
  order.parcels.push_back(parcel);
  EXPECT_CALL(*shop_->connector, fetch_orders(_, _))
      .WillRepeatedly(Return(make_page({order}, "c")));
  run_over_a_jump(minutes{30}, kYears, minutes{30});
  EXPECT_TRUE(bench_.log.contains("clock.set_forward"));
  EXPECT_TRUE(bench_.log.contains("in an hour at the soonest (by more than 30 days: in a day)"))
      << "as the store does it";
  EXPECT_FALSE(bench_.store.data("s").orders.at("1")->personal.empty());
}

TEST_F(EngineFaults, AWishOfYearsIsRefusedWithALine) {
  Page<Order> page = make_page({}, "c");
  page.look_again_at = bench_.clock.now() + kYears;
  Failure failure = make_failure(Kind::kThrottled);
  failure.retry_at = bench_.clock.now() + kYears;
  EXPECT_CALL(*shop_->connector, fetch_orders(_, _))
      .WillOnce(Return(page))
      .WillOnce(Return(failure))
      .WillRepeatedly(Return(make_page({}, "d")));
  run_for(hours{24} + minutes{1});
  EXPECT_TRUE(bench_.log.contains("step.wish_refused"));
  EXPECT_LE(bench_.job("s").due_at, bench_.clock.now() + hours{24} + seconds{5});
  EXPECT_EQ(bench_.job("s").last_code, "test");
}

TEST_F(EngineFaults, TheLogSaysWhenAShopGoesOnAgain) {
  EXPECT_CALL(*shop_->connector, fetch_orders(_, _))
      .WillOnce(Return(make_failure(Kind::kTransient)))
      .WillRepeatedly(Return(make_page({}, "d")));
  run_for(minutes{1});
  int recovered = 0;
  for (const auto& line : bench_.log.lines()) recovered += line.find("step.recovered") != line.npos;
  EXPECT_EQ(recovered, 1);
}

TEST_F(EngineFaults, AStoreThatCannotBeWrittenIsTheShopsTroubleUntilItWorks) {
  bool full = true;
  bench_.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    if (full && operation == "mark_in_flight") {
      throw store::StoreError(store::StoreError::Kind::kDiskFull, "The disk of /var is full.");
    }
  };
  bench_.run_due();
  EXPECT_EQ(bench_.status("s").trouble, "The disk of /var is full.");
  EXPECT_EQ(bench_.status("s").state, "ok") << "nothing could be written down";
  full = false;
  bench_.run_due("", true);
  bench_.store.faults.on_call = nullptr;
  EXPECT_EQ(bench_.status("s").trouble, "");
  EXPECT_TRUE(bench_.log.contains("step.recovered"));
}

TEST_F(EngineFaults, AShopThatIsAskedForBeforeItIsKnownRunsAtOnce) {
  EXPECT_TRUE(bench_.run_due());
  bench_.start();
  EXPECT_TRUE(bench_.run_due("s"));
  EXPECT_EQ(calls_.size(), 1u) << "not due yet";
  bench_.start().trigger("s");
  EXPECT_TRUE(bench_.run_due("s"));
  EXPECT_EQ(calls_.size(), 2u);
}

TEST_F(EngineFaults, ASecretsFileThatComesLaterIsFoundByItselfAndAtAReload) {
  EXPECT_CALL(*shop_->connector, fetch_orders(_, _))
      .WillOnce(Return(make_failure(Kind::kConfig, "secret_file_missing")))
      .WillOnce(Return(make_failure(Kind::kConfig, "secret_file_missing")))
      .WillRepeatedly(Return(make_page({}, "d")));
  EXPECT_FALSE(bench_.run_due());
  EXPECT_EQ(bench_.status("s").state, "needs_attention");
  EXPECT_FALSE(bench_.run_due());
  EXPECT_EQ(bench_.job("s").failures, 1) << "no storm";
  bench_.engine->reload();
  EXPECT_FALSE(bench_.run_due());
  EXPECT_EQ(bench_.job("s").failures, 2) << "a reload tries it at once";
  bench_.clock.advance(minutes{15});
  EXPECT_TRUE(bench_.run_due());
  EXPECT_EQ(bench_.status("s").state, "ok");
}

/// 10,000 shops due in one second: each runs once, and what the scheduler does for it does not grow
/// with their number.
TEST(EngineCrowd, TenThousandShopsDueAtOnceRunOnceEachWithoutExtraWork) {
  constexpr int kShops = 10'000;
  std::map<std::string, int, std::less<>> operations;
  SyncBench bench;
  int calls = 0;
  auto connector = std::make_shared<::testing::NiceMock<testing::MockOrderConnector>>();
  ON_CALL(*connector, fetch_orders(_, _)).WillByDefault(Invoke([&](const Cursor&, StepContext&) {
    ++calls;
    return Orders(make_page({make_order("1")}, "c"));
  }));
  for (int i = 0; i < kShops; ++i) {
    bench.add_shop("shop-" + std::to_string(i)).connector = connector;
  }
  bench.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    ++operations[std::string(operation)];
  };
  EXPECT_TRUE(bench.run_due("", true));
  EXPECT_EQ(calls, kShops);
  EXPECT_EQ(operations["begin"], kShops);
  EXPECT_EQ(operations["mark_in_flight"], kShops);
  EXPECT_LE(operations["shops.list"] + operations["claim"] + operations["renew"], 100);
  EXPECT_LE(bench.executor.waits(), kShops + 100u);

  // An hour later all of them are due in the same second again; then they have drifted apart.
  calls = 0;
  bench.clock.advance(hours{1});
  EXPECT_TRUE(bench.run_due("", true));
  EXPECT_EQ(calls, kShops);
  std::set<TimePoint> seconds_of_polls;
  for (const auto& status : bench.engine->status()) {
    seconds_of_polls.insert(std::chrono::floor<seconds>(*status.next_due));
  }
  EXPECT_GE(seconds_of_polls.size(), 25u) << "the next polls spread over half a minute";
}

}  // namespace
}  // namespace marketplug::sync
