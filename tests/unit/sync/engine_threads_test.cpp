// The engine on real threads: what may overlap and what may not. Meant for the thread sanitizer
// too.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using testing::make_failure;
using testing::make_order;
using testing::make_page;
using Orders = Result<Page<Order>>;

/// Counts who is inside; says so where two are.
class GuardedConnector : public ConnectorWith<OrderSource> {
 public:
  explicit GuardedConnector(std::function<Orders(StepContext&, int call)> answer)
      : answer_(std::move(answer)) {}

  Orders fetch_orders(const Cursor&, StepContext& context) override {
    const Inside inside(*this);
    return answer_(context, ++calls);
  }
  Orders fetch_order(std::string_view id, StepContext&) override {
    const Inside inside(*this);
    return make_page({make_order(std::string(id))}, "");
  }
  std::vector<Finding> check(StepContext&) override {
    const Inside inside(*this);
    if (while_checked) while_checked();
    return {};
  }

  std::function<void()> while_checked;
  int calls = 0;  ///< not atomic on purpose: the engine's serialisation must be enough
  std::atomic<bool> overlapped{false};

 private:
  struct Inside {
    explicit Inside(GuardedConnector& connector) : connector_(connector) {
      if (connector_.inside_.fetch_add(1) != 0) connector_.overlapped = true;
      std::this_thread::yield();
    }
    ~Inside() { connector_.inside_.fetch_sub(1); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    GuardedConnector& connector_;
  };
  std::atomic<int> inside_{0};
  std::function<Orders(StepContext&, int)> answer_;
};

class Source : public ConnectorSource {
 public:
  Result<ShopConnector> connect(const store::ShopRecord& shop) override {
    ShopConnector made;
    made.plugin = "guarded";
    made.connector = shops.at(shop.id).get();
    if (at_end) made.keep_alive = std::shared_ptr<void>(nullptr, [this](void*) { at_end(); });
    return made;
  }
  std::map<std::string, std::unique_ptr<GuardedConnector>> shops;
  std::function<void()> at_end;
};

class EngineThreads : public ::testing::Test {
 protected:
  void add_shop(const std::string& id, std::function<Orders(StepContext&, int)> answer) {
    store::ShopRecord record;
    record.id = id;
    record.enabled = true;
    record.document = R"({"plugin":"guarded"})";
    store_.shops().put(record);
    source_.shops[id] = std::make_unique<GuardedConnector>(std::move(answer));
  }
  Engine& start(std::size_t workers) {
    executor_ = make_thread_executor(workers, clock_);
    EngineOptions options;
    options.node = "n";
    EngineParts parts{store_, clock_, random_, *executor_, source_, log_, metrics_};
    parts.give_up = give_up_;
    engine_ = make_engine(options, std::move(parts));
    return *engine_;
  }

  testing::FakeClock clock_;
  testing::SeededRandom random_;
  testing::CapturedLog log_;
  testing::CapturedMetrics metrics_;
  testing::FakeStore store_{clock_};
  Source source_;
  std::function<void(std::string_view, std::string_view, bool)> give_up_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineThreads, CallsOnOneConnectorNeverOverlap) {
  std::atomic<int> total{0};
  for (int i = 0; i < 5; ++i) {
    add_shop("s" + std::to_string(i), [&](StepContext&, int call) -> Orders {
      if (++total > 400) engine_->stop();
      std::this_thread::yield();
      return make_page({make_order(std::to_string(call % 7))}, std::to_string(call), false);
    });
  }
  start(4);
  std::thread runner([this] { engine_->run(); });
  std::thread person([this] {
    for (int i = 0; i < 40; ++i) {
      const std::string shop = "s" + std::to_string(i % 5);
      // What it gives is not the point, and a stop may come before it.
      (void)engine_->check(shop);
      (void)engine_->fetch_order(shop, "1");
      engine_->trigger(shop);
      engine_->status();
      if (i % 10 == 0) engine_->reload();
    }
  });
  runner.join();
  person.join();
  for (const auto& [id, connector] : source_.shops) {
    EXPECT_FALSE(connector->overlapped.load()) << id;
    EXPECT_GT(connector->calls, 0) << id;
  }
}

TEST_F(EngineThreads, DifferentShopsRunSideBySide) {
  std::promise<void> first_inside, second_inside;
  auto both = [](std::promise<void>& mine, std::promise<void>& theirs) {
    mine.set_value();
    theirs.get_future().wait();
    return Orders(make_page({}, "c"));
  };
  add_shop("one", [&](StepContext&, int) { return both(first_inside, second_inside); });
  add_shop("two", [&](StepContext&, int) { return both(second_inside, first_inside); });
  EXPECT_TRUE(start(2).run_due("", false, {}));
}

TEST_F(EngineThreads, AStopEndsAStepThatWaits) {
  std::promise<void> inside;
  add_shop("s", [&](StepContext& context, int) -> Orders {
    inside.set_value();
    while (!context.stop_requested()) std::this_thread::yield();
    return make_failure(Failure::Kind::kCancelled);
  });
  start(1);
  std::thread runner([this] { engine_->run(); });
  inside.get_future().wait();
  engine_->stop();
  runner.join();
  const auto data = store_.data("s");
  EXPECT_TRUE(data.marks.empty());
  EXPECT_EQ(data.jobs.at("order-source").failures, 0);
}

TEST_F(EngineThreads, APersonIsServedInTheMiddleOfABacklog) {
  std::atomic<int> served{0};
  add_shop("s", [&](StepContext&, int call) -> Orders {
    return make_page({}, std::to_string(call), served.load() == 20);
  });
  start(1);
  std::thread runner([this] { engine_->run_due("", false, {}); });
  std::thread person([&] {
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(engine_->check("s"));
      ++served;
    }
  });
  person.join();
  runner.join();
  EXPECT_FALSE(source_.shops.at("s")->overlapped.load());
}

TEST_F(EngineThreads, ASecondCallerWatchesTheFirst) {
  std::promise<void> inside, go;
  add_shop("s", [&](StepContext&, int call) -> Orders {
    if (call == 1) {
      inside.set_value();
      go.get_future().wait();
    }
    return make_page({make_order(std::to_string(call))}, std::to_string(call), call >= 5);
  });
  start(1);
  std::thread service([this] { engine_->run(); });
  inside.get_future().wait();
  std::atomic<int> seen{0};
  std::thread command(
      [&] { EXPECT_TRUE(engine_->run_due("s", false, [&](const ShopStatus&) { ++seen; })); });
  go.set_value();
  command.join();
  engine_->stop();
  service.join();
  EXPECT_EQ(source_.shops.at("s")->calls, 5);
}

TEST_F(EngineThreads, AMovedClockIsNoticed) {
  std::promise<void> again;
  add_shop("s", [&](StepContext&, int call) -> Orders {
    if (call == 2) again.set_value();
    return make_page({}, std::to_string(call));
  });
  start(2);
  engine_->run_due("", false, {});
  std::thread runner([this] { engine_->run(); });
  clock_.advance(std::chrono::minutes{6});
  again.get_future().wait();
  engine_->stop();
  runner.join();
}

TEST_F(EngineThreads, AStepThatDoesNotComeBackIsToldAndAtLastGivenUp) {
  std::promise<void> begun, release, given_up;
  add_shop("s", [&](StepContext&, int) -> Orders {
    begun.set_value();
    release.get_future().wait();
    return make_page({}, "c");
  });
  give_up_ = [&](std::string_view shop, std::string_view plugin, bool ending) {
    EXPECT_FALSE(ending);
    EXPECT_EQ(shop, "s");
    EXPECT_EQ(plugin, "guarded") << "known before its first step is over";
    EXPECT_EQ(store_.data("s").marks.size(), 1u) << "it says whose fault it was";
    given_up.set_value();
  };
  start(2);
  std::thread runner([this] { engine_->run(); });
  begun.get_future().wait();
  clock_.advance(std::chrono::seconds{89});
  std::this_thread::yield();
  EXPECT_FALSE(log_.contains("step.overdue"));
  clock_.advance(std::chrono::seconds{2});
  while (!log_.contains("step.overdue")) std::this_thread::yield();
  EXPECT_NE(engine_->status().at(0).reason.find("overdue"), std::string::npos);
  clock_.advance(std::chrono::minutes{11});
  given_up.get_future().wait();
  EXPECT_TRUE(log_.contains("step.given_up"));
  release.set_value();
  engine_->stop();
  runner.join();
}

// Guards: a plugin that hung in what a person had asked for was never reported, and the shop stood
// still for ever.
TEST_F(EngineThreads, ACheckThatDoesNotComeBackIsToldAndGivenUpToo) {
  std::promise<void> begun, release, given_up;
  add_shop("s", [](StepContext&, int) -> Orders { return make_page({}, "c"); });
  source_.shops.at("s")->while_checked = [&] {
    begun.set_value();
    release.get_future().wait();
  };
  give_up_ = [&](std::string_view shop, std::string_view, bool) {
    EXPECT_EQ(shop, "s");
    given_up.set_value();
  };
  start(2);
  std::thread runner([this] { engine_->run(); });
  std::thread person([this] { (void)engine_->check("s"); });
  begun.get_future().wait();
  clock_.advance(std::chrono::seconds{91});
  while (!log_.contains("step.overdue")) std::this_thread::yield();
  EXPECT_NE(engine_->status().at(0).reason.find("overdue"), std::string::npos);
  clock_.advance(std::chrono::minutes{11});
  given_up.get_future().wait();
  release.set_value();
  person.join();
  EXPECT_EQ(engine_->status().at(0).trouble, "") << "it has come back";
  engine_->stop();
  runner.join();
}

// Guards: it hung in the scheduler's own thread, and every shop of the process stood still.
TEST_F(EngineThreads, AConnectorThatDoesNotEndKeepsNoOtherShopWaiting) {
  std::promise<void> first, ending, release, given_up, again;
  add_shop("bad", [&](StepContext&, int call) -> Orders {
    if (call == 1) first.set_value();
    return make_page({}, "c");
  });
  add_shop("good", [&](StepContext&, int call) -> Orders {
    if (call == 2) again.set_value();
    return make_page({}, std::to_string(call));
  });
  bool once = false;
  source_.at_end = [&] {
    if (std::exchange(once, true)) return;
    ending.set_value();
    release.get_future().wait();
  };
  give_up_ = [&](std::string_view shop, std::string_view plugin, bool is_end) {
    EXPECT_EQ(shop, "bad");
    EXPECT_EQ(plugin, "guarded");
    EXPECT_TRUE(is_end);
    given_up.set_value();
  };
  start(2);
  std::thread runner([this] { engine_->run(); });
  first.get_future().wait();
  auto record = *store_.shops().find("bad");
  record.enabled = false;
  store_.shops().put(record);
  engine_->reload();
  ending.get_future().wait();
  engine_->trigger("good");
  again.get_future().wait();
  clock_.advance(std::chrono::seconds{91});
  while (!log_.contains("step.overdue")) std::this_thread::yield();
  clock_.advance(std::chrono::minutes{11});
  given_up.get_future().wait();
  release.set_value();
  engine_->stop();
  runner.join();
  engine_.reset();
}

TEST_F(EngineThreads, TheConnectorOfARemovedShopEndsAndIsWatchedToo) {
  std::promise<void> first, ending, release;
  add_shop("s", [&](StepContext&, int call) -> Orders {
    if (call == 1) first.set_value();
    return make_page({}, "c");
  });
  source_.at_end = [&] {
    ending.set_value();
    release.get_future().wait();
  };
  start(2);
  std::thread runner([this] { engine_->run(); });
  first.get_future().wait();
  store_.remove_shop("s");
  engine_->reload();
  ending.get_future().wait();
  EXPECT_TRUE(engine_->status().empty());
  clock_.advance(std::chrono::seconds{91});
  while (!log_.contains("step.overdue")) std::this_thread::yield();
  release.set_value();
  engine_->stop();
  runner.join();
  engine_.reset();
}

TEST_F(EngineThreads, AConnectorThatDoesNotEndWithTheEngineIsToldAndGivenUp) {
  std::promise<void> release;
  bool given_up = false;
  add_shop("s", [](StepContext&, int) { return Orders(make_page({}, "")); });
  source_.at_end = [&] { release.get_future().wait(); };
  give_up_ = [&](std::string_view shop, std::string_view, bool is_end) {
    EXPECT_EQ(shop, "s");
    EXPECT_TRUE(is_end);
    EXPECT_TRUE(log_.contains("connector.will_not_end"));
    given_up = true;
    release.set_value();
  };
  start(2);
  engine_->run_due("", false, {});
  std::atomic<bool> over{false};
  std::thread time([&] {
    while (!over.load()) {
      clock_.advance(std::chrono::milliseconds{500});
      std::this_thread::yield();
    }
  });
  engine_.reset();
  over.store(true);
  time.join();
  EXPECT_TRUE(given_up);
}

TEST_F(EngineThreads, AnEngineThatNeverRanEndsQuietly) {
  add_shop("s", [](StepContext&, int) { return Orders(make_page({}, "")); });
  start(2);
  engine_.reset();
}

}  // namespace
}  // namespace marketplug::sync
