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
    transaction->park("order", item, std::chrono::hours(24 * 30));
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

TEST_F(ParkedTest, DocumentsAreErasedWhenTheirTimeHasComeAndTheRecordSaysSo) {
  const std::string canary = "Berta Beispiel, Musterweg 7";
  ParkedItem dated = item("dated", canary);
  dated.changed_at = clock_.now() - std::chrono::hours(24 * 20);
  park(dated);
  park(item("undated", canary));
  EXPECT_EQ(store().parked().purge_documents(clock_.now()), 0u);
  clock_.advance(std::chrono::hours(24 * 10));
  EXPECT_EQ(store().parked().purge_documents(clock_.now()), 1u);
  auto records = store().parked().list("shop-nl", true, 10);
  EXPECT_EQ(records[0].item.message, "The total is missing.");
  EXPECT_NE(records[1].item.message.find("erased"), std::string::npos);
  EXPECT_NE(records[1].item.remedy.find("replay"), std::string::npos);
  EXPECT_EQ(store().parked().find(records[1].id, "me")->item.raw, "");
  EXPECT_EQ(store().parked().find(records[0].id, "me")->item.raw, canary);
}

TEST_F(ParkedTest, TryingAgainDoesNotKeepADocumentForEver) {
  ParkedItem future = item("future", "{}");
  future.changed_at = clock_.now() + std::chrono::hours(24 * 365);
  for (int day = 0; day < 30; ++day) {
    park(item("undated", "{}"));
    park(future);
    clock_.advance(std::chrono::hours(24));
  }
  EXPECT_EQ(store().parked().purge_documents(clock_.now()), 2u);
  park(item("undated", "{}"));
  park(future);
  for (const auto& record : store().parked().list("shop-nl", true, 10)) {
    EXPECT_EQ(store().parked().find(record.id, "me")->item.raw, "") << record.item.id;
    EXPECT_NE(record.item.message.find("erased"), std::string::npos) << record.item.id;
  }
}

TEST_F(ParkedTest, TellsWhichOfSomeItemsAreOpen) {
  const std::vector<std::string_view> ids = {"1", "2", "3", "unknown"};
  EXPECT_TRUE(store().parked().open("shop-nl", "order", ids).empty());
  ParkedItem dated = item("1", "{}");
  dated.changed_at = clock_.now();
  park(dated);
  park(item("2", "{}"));
  park(item("3", "{}"));
  park(item("4", "{}"));
  unpark("3");
  EXPECT_EQ(store().parked().open("shop-nl", "order", ids),
            (OpenParked{{"1", clock_.now()}, {"2", std::nullopt}}));
  // Fewer than are open.
  EXPECT_EQ(store().parked().open("shop-nl", "order", std::vector<std::string_view>{"4", "3"}),
            (OpenParked{{"4", std::nullopt}}));
  EXPECT_TRUE(store().parked().open("shop-de", "order", ids).empty());
  EXPECT_TRUE(store().parked().open("shop-nl", "offer", ids).empty());
}

}  // namespace
}  // namespace marketplug::store
