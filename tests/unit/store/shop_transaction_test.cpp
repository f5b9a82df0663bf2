#include <future>
#include <thread>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class ShopTransactionTest : public StoreFixture {
 protected:
  void write_everything(ShopTransaction& transaction) {
    transaction.upsert_order(order("1"));
    transaction.append_event("order.created", "1", "{}");
    transaction.park("order", {"2", "missing_field", "/x", "why", "what to do", "{}", {}},
                     std::chrono::hours(24));
    transaction.set_cursor("order-source/1", {"page-2"});
    transaction.put_state("token", "abc");
    JobRecord job;
    job.kind = "order-source/1";
    job.state = "succeeded";
    transaction.save_job(job);
    transaction.set_shop_state("ok", "");
  }
  bool nothing_was_written() {
    return !store().orders().find("shop-nl", "1") && store().events().last("shop-nl") == 0 &&
           store().parked().list("", false, 10).empty() &&
           !store().progress().cursor("shop-nl", "order-source/1") &&
           !store().progress().state("shop-nl", "token") &&
           store().progress().jobs("shop-nl").empty() &&
           store().shops().find("shop-nl")->state == "not_running";
  }
};

TEST_F(ShopTransactionTest, CommitsWhole) {
  const auto transaction = store().begin(own());
  write_everything(*transaction);
  EXPECT_TRUE(nothing_was_written()) << "readers saw an open transaction";
  transaction->commit();
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
  EXPECT_EQ(store().events().last("shop-nl"), 1);
  EXPECT_EQ(store().parked().list("", true, 10).size(), 1u);
  EXPECT_EQ(store().progress().cursor("shop-nl", "order-source/1")->value, "page-2");
  EXPECT_EQ(store().shops().find("shop-nl")->state, "ok");
}

TEST_F(ShopTransactionTest, DestroyedWithoutCommitItLeavesNothing) {
  const OwnerToken token = own();
  write_everything(*store().begin(token));
  EXPECT_TRUE(nothing_was_written());
  EXPECT_EQ(upsert(token, order("1")), UpsertOutcome::kInserted);
}

TEST_F(ShopTransactionTest, ItEndsWithItsCommit) {
  const auto transaction = store().begin(own());
  transaction->commit();
  EXPECT_EQ(kind_of([&] { transaction->append_event("a", "b", "{}"); }), StoreError::Kind::kOther);
  EXPECT_EQ(kind_of([&] { transaction->commit(); }), StoreError::Kind::kOther);
  put_shop("shop-de");  // the writer is free although the object still lives
}

TEST_F(ShopTransactionTest, AWriteOfTheSameThreadIsRefusedInsteadOfWaitingForEver) {
  const auto transaction = store().begin(own());
  std::string message;
  EXPECT_EQ(kind_of([&] { put_shop("shop-de"); }, &message), StoreError::Kind::kOther);
  EXPECT_NE(message.find("open transaction"), std::string::npos);
  EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }),
            StoreError::Kind::kOther);
  transaction->commit();
  put_shop("shop-de");
}

TEST_F(ShopTransactionTest, OtherThreadsWaitTheirTurnAndReadMeanwhile) {
  auto transaction = store().begin(own());
  transaction->upsert_order(order("1"));
  std::promise<void> started;
  std::thread writer([&] {
    started.set_value();
    store().shops().set_enabled("shop-nl", false);
  });
  started.get_future().wait();
  EXPECT_FALSE(store().orders().find("shop-nl", "1").has_value());
  EXPECT_TRUE(store().shops().find("shop-nl")->enabled);
  transaction->commit();
  writer.join();
  EXPECT_FALSE(store().shops().find("shop-nl")->enabled);
}

}  // namespace
}  // namespace marketplug::store
