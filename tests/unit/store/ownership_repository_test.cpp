#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::seconds;

class OwnershipTest : public StoreFixture {
 protected:
  std::vector<OwnerToken> take_over() {
    clock_.advance(seconds(31));
    store().ownership().register_node("other", seconds(30));
    return store().ownership().claim(1000);
  }
};

TEST_F(OwnershipTest, ASecondClaimFencesTheFirstOwner) {
  const OwnerToken first = own();
  ASSERT_EQ(upsert(first, order("1")), UpsertOutcome::kInserted);
  const auto second = take_over();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_GT(second[0].fence, first.fence);

  std::string message;
  EXPECT_EQ(kind_of([&] { store().begin(first); }, &message), StoreError::Kind::kFenced);
  EXPECT_NE(message.find("shop-nl"), std::string::npos);
  EXPECT_EQ(kind_of([&] { store().progress().mark_in_flight(first, {}); }),
            StoreError::Kind::kFenced);
  EXPECT_TRUE(store().progress().marks().empty());
  EXPECT_EQ(upsert(second[0], order("2")), UpsertOutcome::kInserted);
}

TEST_F(OwnershipTest, AFenceOfAnotherShopOpensNothing) {
  OwnerToken token = own("shop-nl");
  put_shop("shop-de");
  token.shop = "shop-de";
  EXPECT_EQ(kind_of([&] { store().begin(token); }), StoreError::Kind::kFenced);
  token.shop = "ghost";
  EXPECT_EQ(kind_of([&] { store().begin(token); }), StoreError::Kind::kFenced);
}

TEST_F(OwnershipTest, AnOwnerThatRenewsKeepsItsShops) {
  const OwnerToken token = own();
  for (int i = 0; i < 10; ++i) {
    clock_.advance(seconds(10));
    ASSERT_TRUE(store().ownership().renew());
  }
  EXPECT_TRUE(store().ownership().claim(10).empty());
  EXPECT_EQ(upsert(token, order("1")), UpsertOutcome::kInserted);
}

TEST_F(OwnershipTest, ALeaseThatRanOutCannotBeRenewedNorClaimWith) {
  own();
  clock_.advance(seconds(30));
  EXPECT_FALSE(store().ownership().renew());
  EXPECT_TRUE(store().ownership().claim(10).empty());
}

TEST_F(OwnershipTest, RegisteringAgainDropsWhatWasOwned) {
  const OwnerToken first = own();
  store().ownership().register_node("node", seconds(30));
  EXPECT_EQ(kind_of([&] { store().begin(first); }), StoreError::Kind::kFenced);
  const auto again = store().ownership().claim(10);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_GT(again[0].fence, first.fence);
}

TEST_F(OwnershipTest, ClaimTakesNewShopsUpToTheLimit) {
  store().ownership().register_node("node", seconds(30));
  EXPECT_TRUE(store().ownership().claim(10).empty());
  put_shop("a");
  put_shop("b");
  put_shop("c");
  EXPECT_EQ(store().ownership().claim(2).size(), 2u);
  EXPECT_EQ(store().ownership().claim(2).size(), 1u);
  EXPECT_TRUE(store().ownership().claim(2).empty());
}

TEST_F(OwnershipTest, AReleasedShopIsFreeAtOnceButOldReleasesDoNothing) {
  const OwnerToken first = own();
  store().ownership().release(first);
  EXPECT_EQ(kind_of([&] { store().begin(first); }), StoreError::Kind::kFenced);
  const auto second = store().ownership().claim(10);
  ASSERT_EQ(second.size(), 1u);
  store().ownership().release(first);
  EXPECT_EQ(upsert(second[0], order("1")), UpsertOutcome::kInserted);
}

TEST_F(OwnershipTest, ARestartNeedNotWaitForTheDeadProcessToRunOut) {
  const OwnerToken before = own();
  reopen();
  store().ownership().register_node("another-pid", seconds(30));
  const auto after = store().ownership().claim(10);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_GT(after[0].fence, before.fence);
  EXPECT_EQ(kind_of([&] { store().begin(before); }), StoreError::Kind::kFenced);
}

TEST_F(OwnershipTest, ClaimingWithoutANameIsRefused) {
  EXPECT_EQ(kind_of([&] { store().ownership().claim(1); }), StoreError::Kind::kOther);
  EXPECT_EQ(kind_of([&] { store().ownership().register_node("", seconds(30)); }),
            StoreError::Kind::kConstraint);
}

}  // namespace
}  // namespace marketplug::store
