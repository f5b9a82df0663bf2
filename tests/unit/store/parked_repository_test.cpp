#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class ParkedTest : public StoreFixture {
 protected:
  OwnerToken token_ = own();

  ParkedItem item(const std::string& id, const std::string& raw) {
    return {id, "missing_field", "/total", "The total is missing.", "Report it.", raw, {}};
  }
  void park(const ParkedItem& item) {
    const auto transaction = store().begin(token_);
    transaction->park("order", item);
    transaction->commit();
  }
  void unpark(const std::string& id) {
    const auto transaction = store().begin(token_);
    transaction->unpark("order", id);
    transaction->commit();
  }
};

TEST_F(ParkedTest, TheNewerReplacesTheOpenOneAndCountsTheTry) {
  park(item("1", "{\"v\":1}"));
  const TimePoint first = clock_.now();
  clock_.advance(std::chrono::minutes(5));
  ParkedItem again = item("1", "{\"v\":2}");
  again.code = "bad_amount";
  again.changed_at = first;
  park(again);
  park(item("2", "{}"));
  const auto records = store().parked().list("shop-nl", true, 10);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].item.id, "2");
  EXPECT_EQ(records[1].item.code, "bad_amount");
  EXPECT_EQ(records[1].item.raw, "");
  EXPECT_EQ(records[1].item.changed_at, first);
  EXPECT_EQ(records[1].tries, 2);
  EXPECT_EQ(records[1].first_at, first);
  EXPECT_EQ(records[1].last_at, clock_.now());
  EXPECT_EQ(store().parked().find(records[1].id, "cli:ada")->item.raw, "{\"v\":2}");
  const auto audit = store().audit().list("shop-nl", 0, 10);
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].action, "parked.raw_read");
  EXPECT_EQ(audit[0].who, "cli:ada");
}

TEST_F(ParkedTest, UnparkingEndsTheRecordAndForgetsTheDocument) {
  park(item("1", "{}"));
  unpark("1");
  EXPECT_TRUE(store().parked().list("shop-nl", true, 10).empty());
  auto records = store().parked().list("shop-nl", false, 10);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].state, "replayed");
  EXPECT_EQ(store().parked().find(records[0].id, "me")->item.raw, "");
  park(item("1", "{\"again\":1}"));
  records = store().parked().list("shop-nl", false, 10);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].tries, 1);
  unpark("never parked");
}

TEST_F(ParkedTest, ItemsWithoutAnIdDoNotReplaceEachOther) {
  park(item("", "unreadable one"));
  park(item("", "unreadable two"));
  park(item("", "unreadable one"));
  const auto records = store().parked().list("shop-nl", true, 10);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].tries, 2);
  EXPECT_EQ(store().parked().find(records[0].id, "me")->item.raw, "unreadable two");
}

TEST_F(ParkedTest, ListsAllShopsUpToALimitAndKnowsNoOthers) {
  park(item("1", "{}"));
  park(item("2", "{}"));
  EXPECT_EQ(store().parked().list("", true, 1).size(), 1u);
  EXPECT_EQ(store().parked().list("", true, 10).size(), 2u);
  EXPECT_TRUE(store().parked().list("shop-de", true, 10).empty());
  EXPECT_FALSE(store().parked().find(99, "me").has_value());
}

}  // namespace
}  // namespace marketplug::store
