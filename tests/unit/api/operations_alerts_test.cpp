#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(AlertOperations, ListsWhatIsOpenOfOrdersAndShops) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  const store::Alert wish{"buyer_cancel_requested", "The buyer asks.", "Decide.", bench.clock.now(),
                          std::nullopt};
  bench.write("a", [&](store::ShopTransaction& transaction) {
    transaction.set_shop_state("ok", "");
    transaction.raise_alert("order", "1", wish);
    transaction.raise_alert("order", "2", wish);
    transaction.clear_alerts("order", "2", {});
  });
  bench.write("b", [&](store::ShopTransaction& transaction) {
    transaction.set_shop_state("needs_reauthorization", "The token was revoked.");
  });
  const auto found = bench.call("alerts.list");
  const auto& alerts = found.at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts[0].at("shop"), "b");
  EXPECT_EQ(alerts[0].at("kind"), "shop");
  EXPECT_EQ(alerts[0].at("code"), "needs_reauthorization");
  EXPECT_EQ(alerts[0].at("message"), "The token was revoked.");
  EXPECT_EQ(alerts[1].at("item"), "1");
  EXPECT_EQ(alerts[1].at("code"), "buyer_cancel_requested");
  EXPECT_EQ(alerts[1].at("remedy"), "Decide.");
  EXPECT_TRUE(alerts[1].as_object().contains("due_at"));
  EXPECT_EQ(bench.call("alerts.list", {{"shop", "a"}}).at("alerts").as_array().size(), 1u);
  const auto all = bench.call("alerts.list", {{"shop", "a"}, {"all", true}});
  ASSERT_EQ(all.at("alerts").as_array().size(), 2u);
  EXPECT_TRUE(all.at("alerts").at(0).as_object().contains("cleared_at"));
  EXPECT_EQ(bench.call("alerts.list", {{"limit", 1}}).at("alerts").as_array().size(), 1u);
}

TEST(AlertOperations, AShopThatIsDisabledIsNone) {
  Bench bench;
  bench.add_shop("a", "store", false);
  EXPECT_TRUE(bench.call("alerts.list").at("alerts").as_array().empty());
  EXPECT_EQ(bench.problem("alerts.list", {{"shop", "x"}}).status(), 404);
}

}  // namespace
}  // namespace marketplug::api
