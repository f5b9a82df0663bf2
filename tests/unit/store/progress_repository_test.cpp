#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class ProgressTest : public StoreFixture {
 protected:
  OwnerToken token_ = own();
};

TEST_F(ProgressTest, CursorAndStateAreReplacedAndErased) {
  EXPECT_FALSE(store().progress().cursor("shop-nl", "order-source/1").has_value());
  for (const std::string value : {"one", "two", ""}) {
    const auto transaction = store().begin(token_);
    transaction->set_cursor("order-source/1", {value});
    transaction->put_state("k", value);
    transaction->commit();
    EXPECT_EQ(store().progress().cursor("shop-nl", "order-source/1")->value, value);
    EXPECT_EQ(store().progress().state("shop-nl", "k"), value);
  }
  const auto transaction = store().begin(token_);
  transaction->erase_state("k");
  transaction->erase_state("never there");
  transaction->commit();
  EXPECT_FALSE(store().progress().state("shop-nl", "k").has_value());
}

TEST_F(ProgressTest, BytesOfAnyKindSurvive) {
  const std::string value("a\0b\xff\xc3\xa9", 6);
  const auto transaction = store().begin(token_);
  transaction->put_state("k", value);
  transaction->commit();
  EXPECT_EQ(store().progress().state("shop-nl", "k"), value);
}

TEST_F(ProgressTest, JobsKeepEveryField) {
  JobRecord job;
  job.kind = "order-source/1";
  job.state = "queued";
  job.due_at = clock_.now();
  job.failures = 3;
  job.last_started = clock_.now() - std::chrono::seconds(1);
  job.complete_until = clock_.now() - std::chrono::minutes(2);
  job.last_code = "invalid_grant";
  job.last_message = "message";
  job.last_remedy = "remedy";
  {
    const auto transaction = store().begin(token_);
    transaction->save_job(job);
    job.failures = 4;
    transaction->save_job(job);
    transaction->commit();
  }
  for (const std::string shop : {"shop-nl", ""}) {
    const auto jobs = store().progress().jobs(shop);
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ(jobs[0].shop, "shop-nl");
    EXPECT_EQ(jobs[0].kind, job.kind);
    EXPECT_EQ(jobs[0].state, "queued");
    EXPECT_EQ(jobs[0].due_at, job.due_at);
    EXPECT_EQ(jobs[0].failures, 4);
    EXPECT_EQ(jobs[0].last_started, job.last_started);
    EXPECT_FALSE(jobs[0].last_succeeded.has_value());
    EXPECT_EQ(jobs[0].complete_until, job.complete_until);
    EXPECT_EQ(jobs[0].last_code + jobs[0].last_message + jobs[0].last_remedy,
              "invalid_grantmessageremedy");
  }
  EXPECT_TRUE(store().progress().jobs("shop-de").empty());
}

TEST_F(ProgressTest, AMarkOutlivesACrashAndGoesWithItsStep) {
  const InFlightMark mark{"shop-nl", "amazon", "order-source/1", clock_.now(), "node"};
  store().progress().mark_in_flight(token_, mark);
  reopen();
  const auto marks = store().progress().marks();
  ASSERT_EQ(marks.size(), 1u);
  EXPECT_EQ(marks[0].plugin, "amazon");
  EXPECT_EQ(marks[0].capability, "order-source/1");
  EXPECT_EQ(marks[0].started_at, mark.started_at);
  EXPECT_EQ(marks[0].node, "node");
  const auto transaction = store().begin(own());
  transaction->clear_mark("order-source/1");
  transaction->commit();
  EXPECT_TRUE(store().progress().marks().empty());
}

TEST_F(ProgressTest, DroppingAnOldMarkLeavesTheNewOne) {
  InFlightMark mark{"shop-nl", "amazon", "order-source/1", clock_.now(), "node"};
  const InFlightMark old = mark;
  mark.started_at += std::chrono::seconds(1);
  store().progress().mark_in_flight(token_, mark);
  store().progress().drop_mark(old);
  EXPECT_EQ(store().progress().marks().size(), 1u);
  store().progress().drop_mark(mark);
  EXPECT_TRUE(store().progress().marks().empty());
}

}  // namespace
}  // namespace marketplug::store
