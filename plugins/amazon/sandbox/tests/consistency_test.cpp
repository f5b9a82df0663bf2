// The simulator is eventually consistent: what searches show late, old, twice and out of order, and
// that they show everything in the end.

#include <algorithm>
#include <map>
#include <set>

#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// The clock of these tests stands at 2026-11-23T10:00:00Z.
const std::string kSince = "lastUpdatedAfter=2026-11-01T00:00:00Z&includedData=FULFILLMENT";

struct Consistency : ::testing::Test {
  Consistency() { bench.quotas_off(); }

  void configure(const std::function<void(Settings&)>& change) {
    auto settings = bench.simulator.settings();
    change(settings);
    bench.simulator.configure(settings);
  }
  void seed_late(std::size_t count, milliseconds low, milliseconds high,
                 std::optional<milliseconds> within = std::nullopt) {
    SeedPlan plan;
    plan.count = count;
    plan.span = 7min;
    plan.late_min = low;
    plan.late_max = high;
    plan.within = within;
    bench.simulator.seed_orders(plan);
  }
  void change(const std::string& id, Status status, milliseconds ago, milliseconds visible_after) {
    OrderChange made;
    made.status = status;
    made.at = bench.clock.now() - ago;
    made.visible_after = visible_after;
    bench.simulator.change_order(id, made);
  }
  /// Id and status of every order that the pages show, in their order.
  std::vector<std::pair<std::string, std::string>> all(const std::string& query = kSince) {
    std::vector<std::pair<std::string, std::string>> found;
    std::string token;
    do {
      const auto page = bench.search(query + (token.empty() ? token : "&paginationToken=" + token));
      EXPECT_EQ(page.status, 200) << page.body.substr(0, 300);
      const auto json = Bench::json(page);
      const auto& orders = json.at("orders").as_array();
      EXPECT_LE(orders.size(), 100u);
      for (const auto& order : orders) {
        found.emplace_back(order.at("orderId").as_string(),
                           order.at("fulfillment").at("fulfillmentStatus").as_string());
      }
      token = Bench::next_token(page);
    } while (!token.empty());
    return found;
  }
  std::string shown(const std::string& id) {
    std::string status = "nothing";
    for (const auto& [found, text] : all()) {
      if (found == id) status = text;
    }
    return status;
  }
  std::string add(Status status, milliseconds ago) {
    NewOrder order;
    order.status = status;
    order.updated = bench.clock.now() - ago;
    return bench.simulator.add_order(order);
  }

  Bench bench;
};

TEST_F(Consistency, SeededOrdersAppearAsLateAsTheyWereDrawn) {
  seed_late(400, 0ms, 10min);
  const auto at_start = all().size();
  EXPECT_GT(at_start, 100u);
  EXPECT_LT(at_start, 390u);
  EXPECT_EQ(bench.simulator.unsettled().hidden, 400 - at_start);
  EXPECT_LE(bench.simulator.unsettled().all_visible_at, bench.clock.now() + 10min);
  bench.clock.set(bench.simulator.unsettled().all_visible_at - 1ms);
  EXPECT_EQ(all().size(), 399u);
  bench.clock.advance(1ms);
  EXPECT_EQ(all().size(), 400u);
}

TEST_F(Consistency, SeededOrdersAppearWithinTheTimeGiven) {
  seed_late(400, 10min, 10min, 25s);
  const auto at_start = all().size();
  EXPECT_LT(at_start, 390u);
  bench.clock.advance(12s);
  const auto later = all().size();
  EXPECT_GT(later, at_start);
  EXPECT_LT(later, 400u);
  bench.clock.advance(13s);
  EXPECT_EQ(all().size(), 400u);
}

TEST_F(Consistency, LatenessLeavesTheOrdersAsTheyWere) {
  seed_late(50, 0ms, 10min);
  Bench other;
  SeedPlan plan;
  plan.count = 50;
  plan.span = 7min;
  other.simulator.seed_orders(plan);
  for (const auto& order : bench.simulator.orders()) {
    EXPECT_EQ(bench.simulator.order_json(order.id), other.simulator.order_json(order.id));
  }
}

TEST_F(Consistency, TheOldVersionIsShownUntilTheNewOneAppears) {
  const auto id = add(Status::kUnshipped, 10min);
  change(id, Status::kShipped, 5min, 8min);
  EXPECT_EQ(shown(id), "UNSHIPPED");
  EXPECT_NE(bench.get("/orders/2026-01-01/orders/" + id + "?includedData=FULFILLMENT")
                .body.find("\"SHIPPED\""),
            std::string::npos);
  EXPECT_EQ(bench.simulator.unsettled().hidden, 1u);
  bench.clock.advance(3min - 1ms);
  EXPECT_EQ(shown(id), "UNSHIPPED");
  bench.clock.advance(1ms);
  EXPECT_EQ(shown(id), "SHIPPED");
  EXPECT_EQ(bench.simulator.unsettled().hidden, 0u);
}

TEST_F(Consistency, SearchesByStatusGoByTheVersionThatIsVisible) {
  const auto id = add(Status::kUnshipped, 10min);
  change(id, Status::kShipped, 5min, 8min);
  const auto shipped = kSince + "&fulfillmentStatuses=SHIPPED";
  const auto created = std::string("createdAfter=2026-11-01T00:00:00Z&includedData=FULFILLMENT");
  EXPECT_TRUE(all(shipped).empty());
  EXPECT_EQ(all(created).at(0).second, "UNSHIPPED");
  bench.clock.advance(3min);
  EXPECT_EQ(all(shipped).size(), 1u);
  EXPECT_EQ(all(created).at(0).second, "SHIPPED");
}

TEST_F(Consistency, ANewerVersionThatComesFirstIsNotReplacedByTheOlder) {
  const auto id = add(Status::kUnshipped, 10min);
  change(id, Status::kPartiallyShipped, 5min, 9min);
  change(id, Status::kShipped, 4min, 5min);
  EXPECT_EQ(shown(id), "UNSHIPPED");
  bench.clock.advance(1min);
  EXPECT_EQ(shown(id), "SHIPPED");
  bench.clock.advance(10min);
  EXPECT_EQ(shown(id), "SHIPPED");
  EXPECT_EQ(all().size(), 1u);
}

TEST_F(Consistency, WithoutStaleReadsAChangeHidesTheOrder) {
  configure([](Settings& settings) { settings.stale_reads = false; });
  const auto id = add(Status::kUnshipped, 10min);
  change(id, Status::kShipped, 5min, 8min);
  EXPECT_EQ(shown(id), "nothing");
  bench.clock.advance(3min);
  EXPECT_EQ(shown(id), "SHIPPED");
}

TEST_F(Consistency, GetOrderCanBeLateToo) {
  configure([](Settings& settings) { settings.get_order_late = true; });
  NewOrder order;
  order.status = Status::kUnshipped;
  order.visible_after = 5min;
  const auto id = bench.simulator.add_order(order);
  const auto path = "/orders/2026-01-01/orders/" + id + "?includedData=FULFILLMENT";
  EXPECT_EQ(bench.get(path).status, 404);
  bench.clock.advance(5min);
  EXPECT_EQ(bench.get(path).status, 200);
  change(id, Status::kShipped, 0ms, 5min);
  EXPECT_NE(bench.get(path).body.find("UNSHIPPED"), std::string::npos);
  bench.clock.advance(5min);
  EXPECT_EQ(bench.get(path).body.find("UNSHIPPED"), std::string::npos);
}

TEST_F(Consistency, NothingIsLaterThanTheMaximum) {
  configure([](Settings& settings) {
    settings.visible_after_min = 1min;
    settings.visible_after_max = 10min;
  });
  for (int i = 0; i < 50; ++i) {
    const auto id = add(Status::kUnshipped, 0ms);
    OrderChange made;
    made.status = Status::kShipped;
    made.at = bench.clock.now();
    bench.simulator.change_order(id, made);
  }
  EXPECT_LE(bench.simulator.unsettled().all_visible_at, bench.clock.now() + 10min);
  EXPECT_EQ(all().size(), 0u);
  bench.clock.advance(10min);
  const auto found = all();
  EXPECT_EQ(found.size(), 50u);
  for (const auto& [id, status] : found) EXPECT_EQ(status, "SHIPPED");
}

TEST_F(Consistency, MoreThanTheOverlapMustBeMeant) {
  EXPECT_THROW(configure([](Settings& s) { s.visible_after_max = 10min + 1ms; }),
               std::invalid_argument);
  NewOrder order;
  order.visible_after = 11min;
  EXPECT_THROW(bench.simulator.add_order(order), std::invalid_argument);
  configure([](Settings& settings) {
    settings.visible_after_max = 11min;
    settings.beyond_overlap = true;
  });
  EXPECT_NO_THROW(bench.simulator.add_order(order));
}

TEST_F(Consistency, RepeatsStayWithinThePageSizeAndEveryOrderComes) {
  configure([](Settings& settings) {
    settings.repeat_per_mille = 300;
    settings.page_order = PageOrder::kShuffled;
  });
  bench.seed(500);
  for (const auto* size : {"1", "2", "7", "100"}) {
    const auto found = all(kSince + "&maxResultsPerPage=" + size);
    std::set<std::string> distinct;
    for (const auto& [id, status] : found) distinct.insert(id);
    EXPECT_EQ(distinct.size(), 500u) << size;
    if (std::string_view(size) != "1") {
      EXPECT_GT(found.size(), 550u) << size;
    }
  }
  const auto page = bench.search(kSince + "&maxResultsPerPage=7");
  EXPECT_LE(Bench::ids(page).size(), 7u);
}

TEST_F(Consistency, ARepeatMayBeTheVersionBeforeAfterTheNewerOne) {
  configure([](Settings& settings) { settings.repeat_per_mille = 500; });
  for (int i = 0; i < 50; ++i) {
    const auto id = add(Status::kUnshipped, 10min);
    change(id, Status::kShipped, 5min, 0ms);
  }
  std::map<std::string, std::string> last;
  int stale = 0, same = 0;
  for (const auto& [id, status] : all()) {
    const auto before = last.find(id);
    if (before != last.end()) {
      ++(before->second != status ? stale : same);
    } else {
      EXPECT_EQ(status, "SHIPPED");
    }
    last[id] = status;
  }
  EXPECT_EQ(last.size(), 50u);
  EXPECT_GT(stale, 3);
  EXPECT_GT(same, 3);
}

TEST_F(Consistency, PagesMayLieAnyWayButGoFromOldToNew) {
  bench.seed(200);
  const auto sorted = Bench::ids(bench.search(kSince));
  configure([](Settings& settings) { settings.page_order = PageOrder::kNewest; });
  auto newest = Bench::ids(bench.search(kSince));
  std::reverse(newest.begin(), newest.end());
  EXPECT_EQ(newest, sorted);
  configure([](Settings& settings) { settings.page_order = PageOrder::kShuffled; });
  auto shuffled = Bench::ids(bench.search(kSince));
  EXPECT_NE(shuffled, sorted);
  EXPECT_TRUE(std::is_permutation(shuffled.begin(), shuffled.end(), sorted.begin()));
  EXPECT_EQ(all().size(), 200u);
}

TEST_F(Consistency, EverythingIsFoundOnceSettled) {
  seed_late(300, 0ms, 10min);
  const auto id = add(Status::kUnshipped, 9min);
  change(id, Status::kShipped, 3min, 10min);
  EXPECT_LT(all().size(), 301u);
  bench.simulator.settle();
  EXPECT_EQ(all().size(), 301u);
  EXPECT_EQ(shown(id), "SHIPPED");
  EXPECT_EQ(bench.simulator.unsettled().hidden, 0u);
}

TEST_F(Consistency, TheSameSeedGivesTheSameBytes) {
  const auto play = [](std::uint64_t seed) {
    Bench played(seed);
    auto settings = played.simulator.settings();
    settings.quota_factor.reset();
    settings.repeat_per_mille = 200;
    settings.page_order = PageOrder::kShuffled;
    settings.visible_after_max = 10min;
    played.simulator.configure(settings);
    SeedPlan plan;
    plan.count = 150;
    plan.span = 7min;
    plan.late_max = 10min;
    played.simulator.seed_orders(plan);
    for (std::size_t i = 0; i < 20; ++i) {
      OrderChange made;
      made.merge = R"({"novel":1})";
      played.simulator.change_order(played.simulator.orders().at(i * 7).id, made);
    }
    std::string bytes;
    for (int i = 0; i < 3; ++i) {
      const auto first = played.search(kSince);
      bytes += first.body;
      bytes += played.search(kSince + "&paginationToken=" + Bench::next_token(first)).body;
      EXPECT_EQ(played.search(kSince).body, first.body);
      played.clock.advance(4min);
    }
    return bytes;
  };
  EXPECT_EQ(play(5), play(5));
  EXPECT_NE(play(5), play(6));
}

TEST_F(Consistency, ATokenOutlivesTheVersionThatItNames) {
  std::vector<std::string> ids(6);
  auto age = 30min;
  for (auto& id : ids) id = add(Status::kUnshipped, age--);
  const auto query = kSince + "&maxResultsPerPage=3";
  const auto first = bench.search(query);
  EXPECT_EQ(Bench::ids(first), (std::vector<std::string>{ids[0], ids[1], ids[2]}));
  // The order that the page ended with changes twice; its first version is forgotten.
  change(ids[2], Status::kPartiallyShipped, 10min, 0ms);
  change(ids[2], Status::kShipped, 9min, 0ms);
  change(ids[2], Status::kShipped, 8min, 0ms);
  change(ids[4], Status::kShipped, 7min, 5min);  // not read yet, and its new version not visible
  const auto rest = bench.search(kSince + "&paginationToken=" + Bench::next_token(first));
  EXPECT_EQ(Bench::ids(rest), (std::vector<std::string>{ids[3], ids[5], ids[2], ids[4]}));
}

TEST_F(Consistency, TimesDoNotGoBackUnlessThatIsTheTest) {
  const auto id = add(Status::kUnshipped, 5min);
  OrderChange made;
  made.at = bench.clock.now() - 5min - 1ms;
  EXPECT_THROW(bench.simulator.change_order(id, made), std::invalid_argument);
  made.backwards = true;
  bench.simulator.change_order(id, made);
  EXPECT_EQ(bench.simulator.orders().at(0).updated, made.at);
  EXPECT_EQ(all().size(), 1u);
  EXPECT_EQ(bench.control("PATCH", "/orders/" + id, R"({"ago":"6m"})").status, 400);
  EXPECT_EQ(bench.control("PATCH", "/orders/" + id, R"({"ago":"6m","backwards":true})").status,
            200);
}

TEST_F(Consistency, TheControlPortSaysHowLateAndSettles) {
  EXPECT_EQ(bench
                .control("PATCH", "/settings",
                         R"({"visible_after":"0s..10m","page_order":"shuffled","repeat":100,)"
                         R"("stale_reads":true,"get_order_late":false})")
                .status,
            200);
  EXPECT_EQ(bench.simulator.settings().visible_after_max, 10min);
  EXPECT_EQ(bench.simulator.settings().repeat_per_mille, 100u);
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"visible_after":"11m"})").status, 400);
  EXPECT_EQ(bench.control("PATCH", "/settings", R"({"page_order":"random"})").status, 400);
  ASSERT_EQ(bench.control("POST", "/orders", R"({"ago":"3m","visible_after":"8m"})").status, 201);
  EXPECT_EQ(bench.control("GET", "/settled").body,
            R"({"hidden":1,"all_visible_at":"2026-11-23T10:05:00Z"})");
  EXPECT_EQ(bench.control("POST", "/settle").body,
            R"({"hidden":0,"all_visible_at":"2026-11-23T10:00:00Z"})");
  EXPECT_FALSE(all().empty());
}

}  // namespace
}  // namespace amazon_sandbox::tests
