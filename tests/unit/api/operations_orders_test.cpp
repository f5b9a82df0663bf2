#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

TEST(OrderOperations, ListFiltersAndPages) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("a", "1", "open", 3);
  bench.add_order("a", "2", "in_picking", 2);
  bench.add_order("b", "3", "open", 1);
  const auto ids = [&](boost::json::object parameters) {
    std::string text;
    const auto answer = bench.call("orders.list", std::move(parameters));
    for (const auto& order : answer.at("orders").as_array()) {
      text += std::string(order.at("id").as_string());
    }
    return text;
  };
  EXPECT_EQ(ids({}), "321");
  EXPECT_EQ(ids({{"oldest_first", true}}), "123");
  EXPECT_EQ(ids({{"shop", "a"}}), "21");
  EXPECT_EQ(ids({{"status", "in_picking"}}), "2");
  EXPECT_EQ(ids({{"state", "cancelled"}}), "");
  EXPECT_EQ(ids({{"placed_from", "2026-11-23T09:58:30Z"}}), "3");
  const auto first = bench.call("orders.list", {{"limit", 2}});
  EXPECT_EQ(ids({{"limit", 2}, {"after", first.at("next")}}), "1");
  EXPECT_EQ(bench.problem("orders.list", {{"shop", "x"}}).status(), 404);
}

TEST(OrderOperations, AListedOrderIsASummaryWithoutPersonalData) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  const auto order = bench.call("orders.list").at("orders").at(0);
  EXPECT_EQ(order.at("total").at("amount"), "12.30");
  EXPECT_EQ(order.at("lines"), 1);
  EXPECT_EQ(order.at("marketplace_status"), "UNSHIPPED");
  EXPECT_EQ(order.at("priority"), 70);
  EXPECT_EQ(boost::json::serialize(order).find("Juno"), std::string::npos);
}

TEST(OrderOperations, PersonalDataOnlyWhereAskedForAndThenAudited) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  const auto bare = bench.call("orders.show", {{"order", "1"}});
  EXPECT_EQ(bare.at("shop"), "a");
  EXPECT_EQ(bare.at("status"), "open");
  EXPECT_EQ(bare.at("priority"), 70);
  EXPECT_FALSE(bare.as_object().contains("recipient"));
  EXPECT_EQ(bench.audited("order.personal_read"), 0u);
  const auto whole = bench.call("orders.show", {{"order", "1"}, {"personal", true}});
  EXPECT_EQ(whole.at("recipient").at("name"), "Juno Voorbeeld");
  EXPECT_EQ(whole.at("lines").at(0).at("quantity"), 2);
  EXPECT_EQ(bench.audited("order.personal_read"), 1u);
}

TEST(OrderOperations, AnIdThatTwoShopsHaveNeedsTheShop) {
  Bench bench;
  bench.add_shop("a");
  bench.add_shop("b");
  bench.add_order("a", "1");
  bench.add_order("b", "1");
  EXPECT_EQ(bench.problem("orders.show", {{"order", "1"}}).code(), "ambiguous_order");
  EXPECT_EQ(bench.call("orders.show", {{"order", "1"}, {"shop", "b"}}).at("shop"), "b");
  EXPECT_EQ(bench.problem("orders.show", {{"order", "2"}}).status(), 404);
  EXPECT_EQ(bench.problem("orders.show", {{"order", "2"}, {"shop", "a"}}).status(), 404);
}

TEST(OrderOperations, ExportGivesEveryOrderOnceOverAllPages) {
  Bench bench;
  bench.add_shop("a");
  bench.write("a", [&](store::ShopTransaction& transaction) {
    for (int i = 0; i < 405; ++i) {
      transaction.upsert_order(bench.row("order-" + std::to_string(1000 + i), "open", 1000 - i));
    }
  });
  const auto summary = bench.call("orders.export", {{"personal", true}});
  EXPECT_EQ(summary.at("exported"), 405);
  ASSERT_EQ(bench.emitted.size(), 405u);
  EXPECT_EQ(bench.emitted.front().at("id"), "order-1000");
  EXPECT_EQ(bench.emitted.back().at("id"), "order-1404");
  EXPECT_EQ(bench.emitted.back().at("recipient").at("name"), "Juno Voorbeeld");
  EXPECT_EQ(bench.audited("order.personal_list"), 3u);
  EXPECT_EQ(bench.call("orders.export", {{"limit", 201}}).at("exported"), 201);
  EXPECT_FALSE(bench.emitted.front().as_object().contains("recipient"));
}

TEST(OrderOperations, AnExportThatIsStoppedSaysWhereToGoOn) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  bench.stopping = true;
  EXPECT_EQ(bench.problem("orders.export").status(), 503);
}

TEST(OrderOperations, AListenerThatThrowsEndsTheExport) {
  Bench bench;
  bench.add_shop("a");
  bench.add_order("a", "1");
  struct Gone {};
  EXPECT_THROW(bench.backend->call("orders.export", {}, [](const auto&) { throw Gone{}; }), Gone);
}

}  // namespace
}  // namespace marketplug::api
