#include <thread>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class EventsTest : public StoreFixture {};

TEST_F(EventsTest, NumbersHaveNoGapAcrossRollbacks) {
  const OwnerToken token = own();
  for (int round = 0; round < 6; ++round) {
    const auto transaction = store().begin(token);
    transaction->append_event("order.created", "a", "{}");
    transaction->append_event("order.created", "b", "{}");
    if (round % 2 == 0) transaction->commit();
  }
  const auto events = store().events().after("shop-nl", 0, 100);
  ASSERT_EQ(events.size(), 6u);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].seq, static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(store().events().last("shop-nl"), 6);
}

TEST_F(EventsTest, NumbersGoOnAfterARestart) {
  upsert(own(), order("1"));
  {
    const auto transaction = store().begin(own());
    EXPECT_EQ(transaction->append_event("order.created", "1", "{}"), 1);
    transaction->commit();
  }
  reopen();
  const auto transaction = store().begin(own());
  EXPECT_EQ(transaction->append_event("order.updated", "1", "{}"), 2);
}

TEST_F(EventsTest, ReadersGetThemInOrderFromAPlace) {
  {
    const auto transaction = store().begin(own());
    for (int i = 0; i < 5; ++i) {
      transaction->append_event("order.created", std::to_string(i), R"({"n":1})");
    }
    transaction->commit();
  }
  const auto events = store().events().after("shop-nl", 2, 2);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].seq, 3);
  EXPECT_EQ(events[0].object, "2");
  EXPECT_EQ(events[0].type, "order.created");
  EXPECT_EQ(events[0].data, R"({"n":1})");
  EXPECT_EQ(events[0].at, clock_.now());
  EXPECT_EQ(events[1].seq, 4);
  EXPECT_TRUE(store().events().after("shop-de", 0, 10).empty());
  EXPECT_EQ(store().events().last("shop-de"), 0);
}

TEST_F(EventsTest, SeveralThreadsAndShopsLeaveNoGap) {
  constexpr int kThreads = 4, kRounds = 25;
  put_shop("shop-0");
  put_shop("shop-1");
  store().ownership().register_node("node", std::chrono::seconds(30));
  const auto tokens = store().ownership().claim(10);
  ASSERT_EQ(tokens.size(), 2u);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const OwnerToken& token = tokens[static_cast<std::size_t>(t % 2)];
      for (int i = 0; i < kRounds; ++i) {
        const auto transaction = store().begin(token);
        transaction->append_event("order.created", std::to_string(i), "{}");
        if (i % 5 != 0) transaction->commit();
        // Reads go on while others write.
        store().events().last(token.shop);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const OwnerToken& token : tokens) {
    const auto events = store().events().after(token.shop, 0, 1000);
    ASSERT_EQ(events.size(), 40u);
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].seq, static_cast<std::int64_t>(i) + 1);
    }
  }
}

}  // namespace
}  // namespace marketplug::store
