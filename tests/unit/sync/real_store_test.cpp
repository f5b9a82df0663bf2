// The engine over the real store: what the fake promises about transactions must hold there too.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using ::testing::_;
using testing::make_failure;
using testing::make_order;
using testing::make_page;
using testing::make_parked;
using ::testing::Return;
using Orders = Result<Page<Order>>;

class RealStore : public ::testing::Test {
 protected:
  RealStore() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "marketplug-sync-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    open();
    store::ShopRecord shop;
    shop.id = "s";
    shop.source = "store";
    shop.enabled = true;
    shop.document = R"({"plugin":"mock"})";
    store_->shops().put(shop);
    source_.shop("s");
  }
  ~RealStore() override {
    engine_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  RealStore(const RealStore&) = delete;
  RealStore& operator=(const RealStore&) = delete;

  void open() {
    store::StoreOptions options;
    options.url = "sqlite:" + folder_ + "/marketplug.db";
    store_ = store::open_store(options, clock_, random_);
  }
  Engine& start() {
    engine_.reset();
    EngineOptions options;
    options.node = "n";
    engine_ = make_engine(options,
                          {*store_, clock_, random_, executor_, source_, log_, metrics_, {}, {}});
    return *engine_;
  }
  void restart() {
    engine_.reset();
    store_.reset();
    open();
    start();
  }
  testing::MockOrderConnector& connector() { return *source_.shop("s").connector; }
  std::vector<std::string> events() {
    std::vector<std::string> types;
    std::int64_t seq = 0;
    for (const auto& event : store_->events().after("s", 0, 1000)) {
      EXPECT_EQ(event.seq, ++seq);
      types.push_back(event.type);
    }
    return types;
  }

  testing::FakeClock clock_;
  testing::SeededRandom random_;
  testing::SeededExecutor executor_{clock_, 1};
  testing::CapturedLog log_;
  testing::CapturedMetrics metrics_;
  testing::MockSource source_;
  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(RealStore, APageIsStoredWholeAndARestartGoesOn) {
  Page<Order> page =
      make_page({make_order("1"), make_order("2", "09:00", OrderState::kPending)}, "c1");
  page.parked.push_back(make_parked("3"));
  EXPECT_CALL(connector(), fetch_orders(Cursor{""}, _)).WillOnce(Return(Orders(page)));
  EXPECT_CALL(connector(), fetch_orders(Cursor{"c1"}, _))
      .WillOnce(Return(make_page({make_order("2", "09:30"), make_order("3")}, "c2")));
  EXPECT_TRUE(start().run_due("", false, {}));
  restart();
  EXPECT_TRUE(engine_->run_due("", false, {})) << "not due yet";
  clock_.advance(std::chrono::minutes{5});
  EXPECT_TRUE(engine_->run_due("", false, {}));
  EXPECT_EQ(events(),
            (std::vector<std::string>{"order.parked", "order.imported", "order.pending",
                                      "shop.state_changed", "order.ready", "order.imported"}));
  EXPECT_TRUE(store_->parked().list("s", true, 10).empty());
  EXPECT_EQ(store_->progress().cursor("s", "order-source")->value, "c2");
  EXPECT_TRUE(store_->progress().marks().empty());
  EXPECT_EQ(store_->shops().find("s")->state, "ok");
  EXPECT_EQ(store_->orders().list({}).orders.size(), 3u);
}

TEST_F(RealStore, FailuresAreKeptOverARestart) {
  EXPECT_CALL(connector(), fetch_orders(_, _))
      .WillOnce(Return(Orders(make_failure(Failure::Kind::kAuth, "invalid_grant"))));
  EXPECT_FALSE(start().run_due("", true, {}));
  const auto job = store_->progress().jobs("s").at(0);
  EXPECT_EQ(job.state, "dead");
  EXPECT_EQ(job.last_code, "invalid_grant");
  EXPECT_EQ(store_->shops().find("s")->state, "needs_reauthorization");
}

TEST_F(RealStore, AMarkOfACrashIsFoundAndDropped) {
  store_->ownership().register_node("other", std::chrono::seconds{30});
  const auto token = store_->ownership().claim(10).at(0);
  store_->progress().mark_in_flight(token, {"s", "wild", "order-source", clock_.now(), "other"});
  EXPECT_CALL(connector(), fetch_orders(_, _)).WillOnce(Return(make_page({}, "c")));
  restart();
  EXPECT_TRUE(engine_->run_due("", false, {}));
  EXPECT_TRUE(log_.contains("plugin=wild"));
  EXPECT_TRUE(store_->progress().marks().empty());
}

TEST_F(RealStore, ALeaseThatRanOutIsTakenAnew) {
  EXPECT_CALL(connector(), fetch_orders(_, _)).Times(2).WillRepeatedly(Return(make_page({}, "c")));
  EXPECT_TRUE(start().run_due("", false, {}));
  clock_.advance(std::chrono::hours{1});
  EXPECT_TRUE(engine_->run_due("", false, {}));
}

TEST_F(RealStore, OneOrderIsFetchedAndStored) {
  EXPECT_CALL(connector(), fetch_order(_, _)).WillOnce(Return(make_page({make_order("7")}, "")));
  const auto fetched = start().fetch_order("s", "7");
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched.value(), store::UpsertOutcome::kInserted);
  EXPECT_TRUE(store_->orders().find("s", "7"));
}

}  // namespace
}  // namespace marketplug::sync
