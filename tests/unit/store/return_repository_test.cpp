#include <gmock/gmock.h>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;
using enum ReturnLink;

class ReturnRepositoryTest : public StoreFixture {
 protected:
  void SetUp() override {
    StoreFixture::SetUp();
    token_ = own("shop-nl");
  }
  ReturnRow make(const std::string& id, const std::string& order = "order-1") {
    ReturnRow row;
    row.id = id;
    row.order_id = order;
    row.marketplace = "NL";
    row.state = ReturnState::kRequested;
    row.fulfilled_by = FulfilledBy::kMarketplace;
    row.begun_at = clock_.now() - hours{5};
    row.document = R"({"id":")" + id + R"(","lines":[{"sku":"SKU"}]})";
    row.personal = R"({"lines":{"0":{"buyer_comment":"Mila says it broke"}}})";
    row.content_hash = "hash of " + id;
    row.links = {{kNoOrder, ""}};
    return row;
  }
  OrderRow order(const std::string& id) {
    OrderRow row;
    row.id = id;
    row.changed_at = row.placed_at = clock_.now();
    row.content_hash = "h";
    row.document = "{}";
    row.lines = {{"17", "SKU", "ASIN", 2}, {"18", "OTHER", "", 1}};
    return row;
  }
  template <class Work>
  auto in_transaction(Work&& work) {
    const auto transaction = store().begin(token_);
    const auto result = work(*transaction);
    transaction->commit();
    return result;
  }
  UpsertOutcome put(const ReturnRow& row) {
    return in_transaction([&](ShopTransaction& to) { return to.upsert_return(row); });
  }
  StoredReturn stored(const std::string& id) {
    return store().returns().find("shop-nl", id).value();
  }

  OwnerToken token_;
};

TEST_F(ReturnRepositoryTest, KeepsEverythingOfAReturn) {
  EXPECT_EQ(put(make("r1")), UpsertOutcome::kInserted);
  const auto read = stored("r1");
  EXPECT_EQ(read.shop, "shop-nl");
  EXPECT_EQ(read.order_id, "order-1");
  EXPECT_EQ(read.marketplace, "NL");
  EXPECT_EQ(read.state, ReturnState::kRequested);
  EXPECT_EQ(read.fulfilled_by, FulfilledBy::kMarketplace);
  EXPECT_EQ(read.begun_at, clock_.now() - hours{5});
  EXPECT_EQ(read.imported_at, clock_.now());
  EXPECT_EQ(read.updated_at, clock_.now());
  EXPECT_EQ(read.links, (std::vector<LineLink>{{kNoOrder, ""}}));
  EXPECT_EQ(read.personal, "");
  EXPECT_THAT(read.document, HasSubstr("SKU"));
  EXPECT_EQ(store().returns().find("shop-nl", "r2"), std::nullopt);
}

TEST_F(ReturnRepositoryTest, PersonalDataIsSealedAndItsReadingIsWrittenDown) {
  put(make("r1"));
  EXPECT_THAT(select_sql(db_path(), "SELECT personal FROM buyer_return").at(0),
              Not(HasSubstr("Mila")));
  const auto read = store().returns().find_personal("shop-nl", "r1", "cli:me").value();
  EXPECT_THAT(read.personal, HasSubstr("Mila"));
  const auto entries = store().audit().list("shop-nl", 0, 10);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].action, "return.personal_read");
  EXPECT_EQ(entries[0].object, "r1");
}

TEST_F(ReturnRepositoryTest, TheNewerVersionWinsAndWithoutATimeTheLastOne) {
  auto row = make("r1");
  EXPECT_EQ(put(row), UpsertOutcome::kInserted);
  EXPECT_EQ(put(row), UpsertOutcome::kUnchanged);
  row.changed_at = clock_.now();
  row.state = ReturnState::kReceived;
  row.content_hash = "b";
  row.links = {{kLinked, "17"}, {kNoLine, ""}};
  EXPECT_EQ(put(row), UpsertOutcome::kUpdated);
  auto older = row;
  older.changed_at = clock_.now() - hours{1};
  older.content_hash = "c";
  EXPECT_EQ(put(older), UpsertOutcome::kStale);
  EXPECT_EQ(stored("r1").state, ReturnState::kReceived);
  EXPECT_EQ(stored("r1").links.size(), 2u) << "those of the version that is stored";
  auto same_time = row;
  same_time.content_hash = "d";
  EXPECT_EQ(put(same_time), UpsertOutcome::kUpdated);
  EXPECT_EQ(put(same_time), UpsertOutcome::kUnchanged);
}

TEST_F(ReturnRepositoryTest, OtherLinksOfTheSameReturnAreAnUpdate) {
  auto row = make("r1");
  put(row);
  row.links = {{kLinked, "17"}};
  EXPECT_EQ(put(row), UpsertOutcome::kUpdated);
  EXPECT_EQ(put(row), UpsertOutcome::kUnchanged);
  EXPECT_EQ(stored("r1").links, row.links);
}

TEST_F(ReturnRepositoryTest, WaitsForItsOrder) {
  put(make("r1"));
  put(make("r2", "order-2"));
  const auto waiting = [&](std::size_t limit) {
    return in_transaction([&](ShopTransaction& to) { return to.returns_to_link(limit); });
  };
  EXPECT_TRUE(waiting(10).empty());
  in_transaction([&](ShopTransaction& to) {
    EXPECT_EQ(to.order_lines("order-1"), std::nullopt);
    return to.upsert_order(order("order-1"));
  });
  ASSERT_EQ(waiting(10).size(), 1u);
  EXPECT_THAT(waiting(10).at(0), HasSubstr("r1"));
  in_transaction([&](ShopTransaction& to) {
    const auto lines = to.order_lines("order-1").value();
    EXPECT_EQ(lines.at(0).id, "17");
    EXPECT_EQ(lines.at(0).quantity, 2);
    EXPECT_EQ(lines.at(1).sku, "OTHER");
    to.link_return("r1", std::vector<LineLink>{{kLinked, "17"}});
    return 0;
  });
  EXPECT_TRUE(waiting(10).empty());
  EXPECT_EQ(stored("r1").links, (std::vector<LineLink>{{kLinked, "17"}}));
}

TEST_F(ReturnRepositoryTest, WhatIsNotThereCannotBeLinked) {
  EXPECT_EQ(kind_of([&] {
              in_transaction([&](ShopTransaction& to) {
                to.link_return("r9", {});
                return 0;
              });
            }),
            StoreError::Kind::kNotFound);
}

TEST_F(ReturnRepositoryTest, ListsByShopOrderStateAndLink) {
  auto linked = make("r1");
  linked.links = {{kLinked, "17"}};
  linked.begun_at = clock_.now();
  auto closed = make("r2", "order-2");
  closed.state = ReturnState::kClosed;
  closed.links = {{kLinked, "17"}, {kAmbiguous, ""}};
  put(linked);
  put(closed);
  const auto ids = [&](ReturnFilter filter) {
    std::string all;
    for (const auto& each : store().returns().list(filter)) all += each.id + " ";
    return all;
  };
  ReturnFilter by_order, by_state, unlinked, all_of, both;
  EXPECT_EQ(ids({}), "r1 r2 ") << "newest first";
  by_order.order_id = "order-2";
  EXPECT_EQ(ids(by_order), "r2 ");
  by_state.shop = "shop-nl";
  by_state.state = ReturnState::kRequested;
  EXPECT_EQ(ids(by_state), "r1 ");
  unlinked.unlinked = true;
  EXPECT_EQ(ids(unlinked), "r2 ");
  both = by_state;
  both.unlinked = true;
  EXPECT_EQ(ids(both), "");
  all_of.limit = 1;
  EXPECT_EQ(ids(all_of), "r1 ");
  all_of.shop = "another";
  EXPECT_EQ(ids(all_of), "");
}

TEST_F(ReturnRepositoryTest, PersonalDataWhoseTimeHasComeIsErased) {
  auto row = make("r1");
  row.keep_personal_until = clock_.now() + hours{2};
  put(row);
  put(make("r2"));
  EXPECT_EQ(store().returns().purge_personal(clock_.now()), 0u);
  clock_.advance(hours{2});
  store().look_at_clock(clock_.now());
  EXPECT_EQ(store().returns().purge_personal(clock_.now()), 1u);
  EXPECT_EQ(store().returns().find_personal("shop-nl", "r1", "x")->personal, "");
  EXPECT_NE(store().returns().find_personal("shop-nl", "r2", "x")->personal, "");
  row.content_hash = "later";
  EXPECT_EQ(put(row), UpsertOutcome::kUpdated);
  EXPECT_EQ(store().returns().find_personal("shop-nl", "r1", "x")->personal, "")
      << "what is read again late is not kept either";
}

TEST_F(ReturnRepositoryTest, AWordThatNoVersionWroteIsDamage) {
  put(make("r1"));
  store_.reset();
  run_sql(db_path(), "UPDATE return_line SET link = 'odd'");
  EXPECT_EQ(kind_of([&] { stored("r1"); }), StoreError::Kind::kCorrupt);
  store_.reset();
  run_sql(db_path(), "UPDATE buyer_return SET state = 'odd'");
  EXPECT_EQ(kind_of([&] { store().returns().list({}); }), StoreError::Kind::kCorrupt);
}

}  // namespace
}  // namespace marketplug::store
