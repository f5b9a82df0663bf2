#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;

class AlertTest : public StoreFixture {
 protected:
  void SetUp() override {
    StoreFixture::SetUp();
    token_ = own("shop-nl");
  }

  bool raise(const std::string& item, const Alert& alert) {
    const auto transaction = store().begin(token_);
    const bool news = transaction->raise_alert("order", item, alert);
    transaction->commit();
    return news;
  }
  void clear(const std::string& item, const std::vector<Alert>& but = {}) {
    const auto transaction = store().begin(token_);
    transaction->clear_alerts("order", item, but);
    transaction->commit();
  }
  std::vector<AlertRecord> open() { return store().alerts().list("shop-nl", true, 10); }
  std::vector<AlertRecord> all() { return store().alerts().list("", false, 10); }

  OwnerToken token_;
};

TEST_F(AlertTest, IsRaisedOnceAndKeepsItsTime) {
  const TimePoint now = clock_.now();
  EXPECT_TRUE(raise("1", {"wish", "first words", "do this", now + hours{5}, std::nullopt}));
  clock_.advance(hours{1});
  EXPECT_FALSE(raise("1", {"wish", "other words", "do that", now + hours{6}, std::nullopt}));
  EXPECT_TRUE(raise("1", {"other", "", "", {}, {}}));
  EXPECT_TRUE(raise("2", {"wish", "", "", {}, {}}));
  const auto found = open();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].item, "2") << "newest first";
  EXPECT_EQ(found[2].shop, "shop-nl");
  EXPECT_EQ(found[2].kind, "order");
  EXPECT_EQ(found[2].alert.code, "wish");
  EXPECT_EQ(found[2].alert.message, "other words");
  EXPECT_EQ(found[2].alert.remedy, "do that");
  EXPECT_EQ(found[2].alert.due_at, now + hours{6});
  EXPECT_EQ(found[2].raised_at, now);
  EXPECT_EQ(found[2].cleared_at, std::nullopt);
}

TEST_F(AlertTest, ClearsThoseOfTheItemThatAreOverAndMayBeRaisedAgain) {
  raise("1", {"wish", "", "", {}, {}});
  raise("1", {"other", "", "", {}, {}});
  raise("2", {"wish", "", "", {}, {}});
  clock_.advance(hours{1});
  clear("1", {{"other", "", "", {}, {}}});
  ASSERT_EQ(open().size(), 2u);
  EXPECT_EQ(open()[0].item, "2");
  EXPECT_EQ(open()[1].alert.code, "other");
  EXPECT_EQ(all().size(), 3u);
  EXPECT_EQ(all()[2].cleared_at, clock_.now());
  EXPECT_TRUE(raise("1", {"wish", "", "", {}, {}}));
  clear("1");
  clear("1");
  EXPECT_EQ(open().size(), 1u);
}

TEST_F(AlertTest, IsUndoneWithItsTransaction) {
  {
    const auto transaction = store().begin(token_);
    EXPECT_TRUE(transaction->raise_alert("order", "1", {"wish", "", "", {}, {}}));
  }
  EXPECT_TRUE(all().empty());
}

TEST_F(AlertTest, EndsWhenItsTimeHasComeAndIsForgottenLater) {
  const TimePoint now = clock_.now();
  raise("1", {"sent", "", "", {}, now + hours{2}});
  raise("2", {"wish", "", "", {}, {}});
  EXPECT_EQ(store().alerts().expire(now + hours{1}, hours{10}), 0u);
  EXPECT_EQ(store().alerts().expire(now + hours{2}, hours{10}), 1u);
  EXPECT_EQ(open().size(), 1u);
  EXPECT_EQ(all().size(), 2u);
  EXPECT_EQ(store().alerts().expire(now + hours{12}, hours{10}), 0u);
  ASSERT_EQ(all().size(), 1u);
  EXPECT_EQ(all()[0].item, "2");
}

TEST_F(AlertTest, IsThereAfterARestart) {
  raise("1", {"wish", "", "", {}, {}});
  reopen();
  EXPECT_EQ(open().size(), 1u);
  EXPECT_TRUE(store().alerts().list("another", true, 10).empty());
}

}  // namespace
}  // namespace marketplug::store
