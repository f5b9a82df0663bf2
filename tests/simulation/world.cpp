#include "simulation/world.hpp"

#include <stdexcept>

#include "simulation/compare.hpp"

namespace marketplug::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using StoreKind = store::StoreError::Kind;

constexpr int kShops = 3;

class World final : public sync::ConnectorSource {
 public:
  explicit World(const Plan& plan) : plan_(plan), dice_(plan.seed) {
    store_.faults.broken_cursor_first = plan.broken_cursor_first;
    store_.faults.broken_no_guard = plan.broken_no_guard;
    store_.faults.on_call = [this](std::string_view operation, std::string_view shop) {
      on_store(operation, shop);
    };
    Script script{clock_.now() + minutes{1}, clock_.now() + hours{1}, plan.late, 0};
    for (int i = 0; i < kShops; ++i) {
      const std::string id = "shop-" + std::to_string(i);
      script.orders = 5 + static_cast<int>(dice_.below(25));
      marketplaces_[id] = std::make_unique<Marketplace>(script, id + "/", dice_);
      store::ShopRecord record;
      record.id = id;
      record.enabled = true;
      record.document = R"({"plugin":"scripted"})";
      store_.shops().put(record);
    }
  }

  Outcome run() {
    const TimePoint quiet = clock_.now() + minutes{75};
    if (plan_.restarts) {
      run_with_restarts(quiet);
    } else {
      run_in_one(quiet);
    }
    replay_parked();
    for (const auto& [id, marketplace] : marketplaces_) {
      compare(*marketplace, store_.data(id), outcome_.problems);
      for (const auto& event : store_.data(id).events) {
        outcome_.history += event->type + " " + event->object + " " + format_time(event->at) + "\n";
      }
      for (const auto& [order, count] : store_.data(id).applied) {
        outcome_.applied += static_cast<std::uint64_t>(count);
      }
    }
    return outcome_;
  }

  Result<sync::ShopConnector> connect(const store::ShopRecord& shop) override {
    auto connector = std::make_shared<Faulty>(*this, *marketplaces_.at(shop.id));
    sync::ShopConnector made;
    made.plugin = "scripted";
    made.connector = connector.get();
    made.rules.poll = seconds{120};
    made.keep_alive = connector;
    return made;
  }

 private:
  /// The scripted connector, with everything that can happen around a call.
  class Faulty final : public ConnectorWith<OrderSource> {
   public:
    Faulty(World& world, const Marketplace& marketplace)
        : world_(world), inner_(marketplace, world.clock_, world.dice_) {}
    std::vector<Finding> check(StepContext&) override { return {}; }
    Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& context) override {
      world_.maybe_crash();
      world_.clock_.advance(std::chrono::milliseconds{50 + world_.dice_.below(900)});
      if (world_.fault()) return failed();
      inner_.parser_broken = world_.parser_broken_;
      auto page = inner_.fetch_orders(cursor, context);
      world_.maybe_crash();
      return page;
    }
    Result<Page<Order>> fetch_order(std::string_view id, StepContext& context) override {
      inner_.parser_broken = world_.parser_broken_;
      return inner_.fetch_order(id, context);
    }

   private:
    Failure failed() {
      Failure failure;
      failure.message = "simulated";
      switch (world_.dice_.below(4)) {
        case 0:
          throw std::runtime_error("simulated bug");
        case 1:
          failure.kind = Failure::Kind::kTransient;
          break;
        case 2:
          failure.kind = Failure::Kind::kRemote;
          break;
        default:
          failure.kind = Failure::Kind::kThrottled;
          failure.retry_at = world_.clock_.now() + seconds{world_.dice_.below(200)};
      }
      return failure;
    }
    World& world_;
    ScriptedConnector inner_;
  };

  bool happens(int per_10000) { return !calm_ && dice_.below(10000) < per_10000; }

  bool fault() {
    if (!happens(plan_.faults_per_10000)) return false;
    ++outcome_.faults;
    return true;
  }

  /// From now on nothing reaches the store: what was not committed is lost, as after a kill.
  void maybe_crash() {
    if (dead_ || !happens(plan_.crashes_per_10000)) return;
    dead_ = true;
    ++outcome_.crashes;
    if (engine_ != nullptr) engine_->stop();
  }

  void on_store(std::string_view operation, std::string_view shop) {
    maybe_crash();
    if (dead_) throw store::StoreError(StoreKind::kOther, "the process has been killed");
    // What was committed stays committed: only a crash can hide that from the engine.
    if (operation == "commit.done" || !fault()) return;
    switch (dice_.below(4)) {
      case 0:
        throw store::StoreError(StoreKind::kBusy, "simulated: busy");
      case 1:
        throw store::StoreError(StoreKind::kDiskFull, "simulated: disk full");
      case 2:
        throw store::StoreError(StoreKind::kReadOnly, "simulated: read-only");
      default:
        if (shop.empty()) return;
        store_.steal(std::string(shop));
        store_.end_node("thief");
    }
  }

  void run_with_restarts(TimePoint quiet) {
    while (clock_.now() < quiet) {
      run_until(quiet);
      clock_.advance(seconds{dice_.below(120)});
    }
    calm_ = true;
    parser_broken_ = false;
    clock_.advance(minutes{20});
    run_until(clock_.now() + minutes{20});
  }

  /// No restart may mend what a fault has broken in memory.
  void run_in_one(TimePoint quiet) {
    start();
    executor_->on_time = [this, quiet](TimePoint now) {
      calm_ = now >= quiet;
      parser_broken_ = !calm_;
      if (now >= quiet + minutes{40}) engine_->stop();
    };
    engine_->run();
    end();
  }

  void start() {
    dead_ = false;
    executor_ = std::make_unique<testing::SeededExecutor>(clock_, plan_.seed + restarts_++);
    sync::EngineOptions options;
    options.node = "node";
    engine_ = sync::make_engine(options,
                                {store_, clock_, random_, *executor_, *this, log_, metrics_, {}});
  }

  void end() {
    for (const auto& shop : engine_->status()) outcome_.steps += shop.steps;
    engine_.reset();
    executor_.reset();
  }

  void run_until(TimePoint until) {
    start();
    executor_->on_time = [this, until](TimePoint now) {
      if (now >= until) engine_->stop();
    };
    engine_->run();
    end();
  }

  /// A person replays what is parked, now that the plugin can read it.
  void replay_parked() {
    start();
    for (const auto& [id, marketplace] : marketplaces_) {
      for (const auto& record : store_.parked().list(id, true, 1000)) {
        const auto fetched = engine_->fetch_order(id, record.item.id);
        if (!fetched) {
          outcome_.problems.push_back(id + ": replay: " + fetched.failure().message);
        }
      }
    }
    end();
  }

  Plan plan_;
  Dice dice_;
  testing::FakeClock clock_;
  testing::FakeStore store_{clock_};
  testing::SeededRandom random_{plan_.seed};
  testing::CapturedLog log_;
  testing::CapturedMetrics metrics_;
  std::map<std::string, std::unique_ptr<Marketplace>> marketplaces_;
  std::unique_ptr<testing::SeededExecutor> executor_;
  std::unique_ptr<sync::Engine> engine_;
  Outcome outcome_;
  bool dead_ = false, calm_ = false, parser_broken_ = true;
  std::uint64_t restarts_ = 0;
};

}  // namespace

Outcome simulate(const Plan& plan) {
  World world(plan);
  return world.run();
}

}  // namespace marketplug::simulation
