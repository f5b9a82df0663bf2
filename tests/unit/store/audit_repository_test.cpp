#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class AuditTest : public StoreFixture {
 protected:
  void append(const std::string& shop, const std::string& object) {
    AuditEntry entry;
    entry.who = "cli:ada";
    entry.action = "shop.enabled";
    entry.shop = shop;
    entry.object = object;
    entry.detail = "{}";
    store().audit().append(entry);
  }
  /// The first broken entry after another program ran `sql`.
  std::optional<std::int64_t> broken_after(const std::string& sql) {
    store_.reset();
    run_sql(db_path(), sql);
    return store().audit().first_broken();
  }
  void SetUp() override {
    for (const char* object : {"1", "2", "3", "4"}) append("shop-nl", object);
  }
};

TEST_F(AuditTest, ListsByShopFromAPlace) {
  append("shop-de", "5");
  EXPECT_EQ(store().audit().list("", 0, 100).size(), 5u);
  const auto entries = store().audit().list("shop-nl", 1, 2);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].seq, 2);
  EXPECT_EQ(entries[0].object, "2");
  EXPECT_EQ(entries[0].who, "cli:ada");
  EXPECT_EQ(entries[0].at, clock_.now());
  EXPECT_EQ(store().audit().list("shop-de", 0, 100)[0].seq, 5);
}

TEST_F(AuditTest, TheChainHoldsOverRestarts) {
  reopen();
  append("shop-nl", "5");
  EXPECT_FALSE(store().audit().first_broken().has_value());
}

TEST_F(AuditTest, AChangedEntryShows) {
  EXPECT_EQ(broken_after("UPDATE audit SET who = 'nobody' WHERE seq = 3"), 3);
}

TEST_F(AuditTest, TextMovedBetweenFieldsShows) {
  EXPECT_EQ(broken_after("UPDATE audit SET who = 'cli:', action = 'adashop.enabled' "
                         "WHERE seq = 2"),
            2);
}

TEST_F(AuditTest, ARemovedEntryShows) {
  EXPECT_EQ(broken_after("DELETE FROM audit WHERE seq = 2"), 2);
}

TEST_F(AuditTest, ACutEndShows) { EXPECT_EQ(broken_after("DELETE FROM audit WHERE seq = 4"), 4); }

TEST_F(AuditTest, ACutEndWithItsHeadMovedBackShowsToo) {
  EXPECT_EQ(broken_after("DELETE FROM audit WHERE seq = 4; UPDATE audit_head SET seq = 3"), 4);
}

}  // namespace
}  // namespace marketplug::store
