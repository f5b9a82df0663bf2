#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "host/json/return_codec.hpp"
#include "unit/api/api_bench.hpp"

namespace marketplug::api {
namespace {

using testing::Bench;

class ReturnOperations : public ::testing::Test {
 protected:
  ReturnOperations() {
    bench_.add_shop("a");
    bench_.add_shop("b");
  }
  void add(const std::string& shop, const std::string& id,
           std::vector<store::LineLink> links = {{store::ReturnLink::kLinked, "17"}}) {
    BuyerReturn of;
    of.id = id;
    of.order_id = "028-1";
    of.state = ReturnState::kReceived;
    of.lines.resize(1);
    of.lines[0].sku = "SKU";
    of.lines[0].quantity = 2;
    of.lines[0].buyer_comment = "Mila says it broke";
    store::ReturnRow row;
    row.id = id;
    row.order_id = of.order_id;
    row.state = of.state;
    row.begun_at = bench_.clock.now();
    row.document = json::encode_return(of);
    row.personal = json::encode_return_personal(of);
    row.content_hash = "h";
    row.links = std::move(links);
    bench_.write(shop,
                 [&](store::ShopTransaction& transaction) { transaction.upsert_return(row); });
  }
  Bench bench_;
};

TEST_F(ReturnOperations, ListsWithoutPersonalData) {
  add("b", "r2", {{store::ReturnLink::kAmbiguous, ""}});
  bench_.clock.advance(std::chrono::seconds{1});
  add("a", "r1");
  const auto all = bench_.call("returns.list", {}).at("returns").as_array();
  ASSERT_EQ(all.size(), 2u);
  const auto& line = all[0].at("lines").at(0).as_object();
  EXPECT_EQ(all[0].at("shop"), "a");
  EXPECT_EQ(line.at("link"), "linked");
  EXPECT_EQ(line.at("line_id"), "17");
  EXPECT_FALSE(line.contains("buyer_comment"));
  const auto unlinked = bench_.call("returns.list", {{"unlinked", true}, {"state", "received"}});
  EXPECT_EQ(unlinked.at("returns").at(0).at("id"), "r2");
  EXPECT_EQ(unlinked.at("returns").at(0).at("lines").at(0).at("link"), "ambiguous");
  EXPECT_EQ(bench_.call("returns.list", {{"shop", "a"}, {"order", "028-2"}})
                .at("returns")
                .as_array()
                .size(),
            0u);
}

TEST_F(ReturnOperations, ShowsOneAndWritesDownWhoReadsPersonalData) {
  add("a", "r1");
  EXPECT_EQ(bench_.call("returns.show", {{"return", "r1"}}).at("order_id"), "028-1");
  EXPECT_TRUE(bench_.store->audit().list("a", 0, 10).empty());
  const auto whole = bench_.call("returns.show", {{"return", "r1"}, {"personal", true}});
  EXPECT_EQ(whole.at("lines").at(0).at("buyer_comment"), "Mila says it broke");
  EXPECT_EQ(bench_.store->audit().list("a", 0, 10).at(0).who, "cli:somebody");
}

TEST_F(ReturnOperations, RefusesWithCauseAndRemedy) {
  EXPECT_EQ(bench_.problem("returns.list", {{"state", "gone"}}).status(), 400);
  EXPECT_EQ(bench_.problem("returns.list", {{"shop", "x"}}).status(), 404);
  EXPECT_EQ(bench_.problem("returns.show", {{"return", "r1"}}).code(), "no_such_return");
  EXPECT_EQ(bench_.problem("returns.show", {{"return", "r1"}, {"shop", "a"}}).code(),
            "no_such_return");
  EXPECT_TRUE(bench_.store->audit().list("a", 0, 10).empty()) << "nothing was read";
  add("a", "r1");
  add("b", "r1");
  EXPECT_EQ(bench_.problem("returns.show", {{"return", "r1"}}).code(), "ambiguous_return");
  EXPECT_EQ(bench_.call("returns.show", {{"return", "r1"}, {"shop", "b"}}).at("shop"), "b");
  add("a", "odd", {});
  EXPECT_EQ(bench_.problem("returns.show", {{"return", "odd"}}).code(), "unreadable_return");
}

TEST_F(ReturnOperations, AParkedReturnIsNotAskedForAsAnOrder) {
  ParkedItem item;
  item.id = "r1";
  item.code = "invalid_return";
  bench_.write("a", [&](store::ShopTransaction& transaction) {
    transaction.park("return", item, std::chrono::hours{1});
  });
  const auto answer = bench_.call("parked.replay", {{"shop", "a"}});
  EXPECT_EQ(answer.at("failed"), 1);
  EXPECT_TRUE(bench_.engine.fetched.empty());
}

}  // namespace
}  // namespace marketplug::api
