#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(QuotaOperation, ShowsWhatIsLeftLiveAndAsStored) {
  Bench bench;
  EXPECT_TRUE(bench.call("quota.show").at("buckets").as_array().empty());
  bench.store->quota().save([&] {
    store::QuotaChanges changes;
    changes.levels = {{"acc", "searchOrders", 3.5, 0.0056, bench.clock.now(), {}},
                      {"acc", "getOrder", 30, 0, bench.clock.now(), bench.clock.now()}};
    return changes;
  });
  bench.quota = {{"acc", "searchOrders", 4.25, 0.0056, 20, 2, 16, 1, bench.clock.now()}};
  const auto answer = bench.call("quota.show");
  const auto& buckets = answer.at("buckets").as_array();
  ASSERT_EQ(buckets.size(), 2u);
  EXPECT_EQ(buckets[0].at("operation"), "searchOrders");
  EXPECT_EQ(buckets[0].at("left"), 4.25);
  EXPECT_EQ(buckets[0].at("spent"), 16);
  EXPECT_EQ(buckets[0].at("refused"), 1);
  EXPECT_TRUE(buckets[0].as_object().contains("cool_until"));
  EXPECT_FALSE(buckets[0].as_object().contains("as_of"));
  EXPECT_EQ(buckets[1].at("operation"), "getOrder");
  EXPECT_TRUE(buckets[1].as_object().contains("as_of"));
  EXPECT_FALSE(buckets[1].as_object().contains("per_second"));
}

}  // namespace
}  // namespace marketplug::api
