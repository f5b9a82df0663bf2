#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class ShopsTest : public StoreFixture {};

TEST_F(ShopsTest, RevisionMovesOnlyWhenSomethingChanged) {
  ShopRecord shop;
  shop.id = "shop-nl";
  shop.source = "file:/etc/shops.d/shop-nl.yaml";
  shop.enabled = true;
  shop.document = R"({"name":"NL"})";
  EXPECT_EQ(store().shops().put(shop).revision, 1);
  EXPECT_EQ(store().shops().put(shop).revision, 1);
  shop.document = R"({"name":"Nederland"})";
  const ShopRecord stored = store().shops().put(shop);
  EXPECT_EQ(stored.revision, 2);
  EXPECT_EQ(stored.document, shop.document);
  EXPECT_EQ(stored.updated_at, clock_.now());
  shop.source = "store";
  EXPECT_EQ(store().shops().put(shop).revision, 3);
  store().shops().set_enabled("shop-nl", false);
  store().shops().set_enabled("shop-nl", false);
  EXPECT_EQ(store().shops().find("shop-nl")->revision, 4);
  EXPECT_FALSE(store().shops().find("shop-nl")->enabled);
}

TEST_F(ShopsTest, StateIsKeptApartFromTheDocument) {
  put_shop("shop-nl");
  EXPECT_EQ(store().shops().find("shop-nl")->state, "not_running");
  store().shops().set_state("shop-nl", "needs_reauthorization", "The consent has ended.");
  put_shop("shop-nl");
  const auto shop = store().shops().find("shop-nl");
  EXPECT_EQ(shop->state, "needs_reauthorization");
  EXPECT_EQ(shop->state_reason, "The consent has ended.");
  EXPECT_EQ(shop->revision, 1);
}

TEST_F(ShopsTest, ListIsInOrderAndSurvivesARestart) {
  put_shop("b");
  put_shop("a");
  reopen();
  const auto shops = store().shops().list();
  ASSERT_EQ(shops.size(), 2u);
  EXPECT_EQ(shops[0].id, "a");
  EXPECT_EQ(shops[1].id, "b");
}

TEST_F(ShopsTest, UnknownShopsAreNamed) {
  std::string message;
  EXPECT_EQ(kind_of([&] { store().shops().set_enabled("ghost", true); }, &message),
            StoreError::Kind::kNotFound);
  EXPECT_NE(message.find("ghost"), std::string::npos);
  EXPECT_EQ(kind_of([&] { store().shops().set_state("ghost", "ok", ""); }),
            StoreError::Kind::kNotFound);
  EXPECT_FALSE(store().shops().find("ghost").has_value());
  EXPECT_EQ(kind_of([&] { store().shops().put({}); }), StoreError::Kind::kConstraint);
}

}  // namespace
}  // namespace marketplug::store
