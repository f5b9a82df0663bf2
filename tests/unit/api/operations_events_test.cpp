#include <gtest/gtest.h>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

class EventOperations : public ::testing::Test {
 protected:
  EventOperations() {
    bench_.add_shop("a");
    bench_.add_shop("b");
  }

  void add(const std::string& shop, const std::string& object) {
    bench_.write(shop, [&](store::ShopTransaction& transaction) {
      transaction.append_event("order.imported", object, R"({"status":"open"})");
    });
    bench_.clock.advance(std::chrono::seconds(1));
  }

  std::string told() const {
    std::string text;
    for (const auto& event : bench_.emitted) {
      text += std::string(event.at("object").as_string()) + " ";
    }
    return text;
  }

  Bench bench_;
};

TEST_F(EventOperations, TheLastOnesOfAllShopsInOrderOfTime) {
  add("a", "1");
  add("b", "2");
  add("a", "3");
  add("b", "4");
  bench_.call("events.tail", {{"limit", 3}});
  EXPECT_EQ(told(), "2 3 4 ");
  EXPECT_EQ(bench_.emitted.back().at("seq"), 2);
  EXPECT_EQ(bench_.emitted.back().at("data").at("status"), "open");
}

TEST_F(EventOperations, BehindANumberOfOneShop) {
  add("a", "1");
  add("a", "2");
  add("a", "3");
  const auto answer = bench_.call("events.tail", {{"shop", "a"}, {"after", 1}, {"limit", 1}});
  EXPECT_EQ(told(), "2 ");
  EXPECT_EQ(answer.at("after").at("a"), 2);
  EXPECT_EQ(bench_.problem("events.tail", {{"after", 1}}).status(), 400);
}

TEST_F(EventOperations, AClockThatJumpedBackDoesNotTurnAShopsEventsRound) {
  add("a", "1");
  bench_.clock.advance(std::chrono::hours(-1));
  add("a", "2");
  bench_.call("events.tail");
  EXPECT_EQ(told(), "1 2 ");
}

TEST_F(EventOperations, FollowingNeedsAServiceThatBringsEvents) {
  const auto problem = bench_.problem("events.tail", {{"follow", true}});
  EXPECT_EQ(problem.status(), 409);
  EXPECT_NE(problem.remedy().find("marketplug run"), std::string::npos);
}

TEST_F(EventOperations, FollowingTellsNewOnesAndThoseOfNewShops) {
  bench_.parts->engine_runs = true;
  add("a", "1");
  int round = 0;
  bench_.on_pause = [&] {
    if (++round == 1) add("b", "2");
    if (round == 2) {
      bench_.add_shop("c");
      add("c", "3");
    }
    bench_.stopping = round == 3;
  };
  bench_.call("events.tail", {{"follow", true}});
  EXPECT_EQ(told(), "1 2 3 ");
}

TEST_F(EventOperations, AFollowerThatWentAwayIsNoticedWithoutEvents) {
  bench_.parts->engine_runs = true;
  struct Gone {};
  EXPECT_THROW(bench_.backend->call("events.tail", {{"follow", true}},
                                    [](const boost::json::value& each) {
                                      if (each.is_null()) throw Gone{};
                                    }),
               Gone);
}

}  // namespace
}  // namespace marketplug::api
