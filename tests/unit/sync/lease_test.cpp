#include "host/sync/lease.hpp"

#include <gtest/gtest.h>

#include "support/sync_bench.hpp"

namespace marketplug::sync {
namespace {

using std::chrono::seconds;

class LeaseTest : public ::testing::Test {
 protected:
  std::deque<store::OwnerToken> claim() {
    std::deque<store::OwnerToken> tokens;
    lease_.claim(tokens);
    return tokens;
  }
  testing::SyncBench bench_;
  Lease lease_{bench_.store.ownership(), bench_.clock, "n", seconds{30}};
};

TEST_F(LeaseTest, RegistersFirstThenRenewsEveryThird) {
  EXPECT_TRUE(lease_.due());
  EXPECT_TRUE(lease_.keep());
  EXPECT_FALSE(lease_.due());
  EXPECT_EQ(lease_.next(), bench_.clock.now() + seconds{10});
  bench_.clock.advance(seconds{10});
  EXPECT_TRUE(lease_.due());
  EXPECT_FALSE(lease_.keep());
}

TEST_F(LeaseTest, RegistersAnewWhereItWasLost) {
  lease_.keep();
  bench_.add_shop("s");
  const auto before = claim();
  bench_.clock.advance(seconds{31});
  EXPECT_TRUE(lease_.keep());
  const auto after = claim();
  ASSERT_EQ(before.size(), 1u);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_GT(after[0].fence, before[0].fence);
  EXPECT_THROW(bench_.store.begin(before[0]), store::StoreError);
}

TEST_F(LeaseTest, AStoreInTroubleIsAskedAgainSoon) {
  bench_.store.faults.on_call = [](std::string_view operation, std::string_view) {
    if (operation == "register_node") {
      throw store::StoreError(store::StoreError::Kind::kBusy, "busy");
    }
  };
  EXPECT_THROW(lease_.keep(), store::StoreError);
  EXPECT_FALSE(lease_.due() && lease_.next() == TimePoint::min());
  bench_.store.faults.on_call = nullptr;
  bench_.clock.advance(seconds{1});
  EXPECT_TRUE(lease_.keep());
}

TEST_F(LeaseTest, APortionThatFailsDoesNotLoseTheOnesBeforeIt) {
  for (int i = 0; i < 1100; ++i) bench_.add_shop("s" + std::to_string(i));
  lease_.keep();
  int calls = 0;
  bench_.store.faults.on_call = [&](std::string_view operation, std::string_view) {
    if (operation == "claim" && ++calls == 2) {
      throw store::StoreError(store::StoreError::Kind::kBusy, "busy");
    }
  };
  std::deque<store::OwnerToken> tokens;
  EXPECT_THROW(lease_.claim(tokens), store::StoreError);
  EXPECT_EQ(tokens.size(), 1000u);
}

TEST_F(LeaseTest, ClaimsInPortions) {
  for (int i = 0; i < 1100; ++i) bench_.add_shop("s" + std::to_string(i));
  lease_.keep();
  EXPECT_EQ(claim().size(), 1100u);
  EXPECT_TRUE(claim().empty());
}

}  // namespace
}  // namespace marketplug::sync
