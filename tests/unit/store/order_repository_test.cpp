#include <set>

#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class OrdersTest : public StoreFixture {
 protected:
  OwnerToken token(const std::string& shop) {
    for (const OwnerToken& token : tokens_) {
      if (token.shop == shop) return token;
    }
    return {};
  }
  void SetUp() override {
    put_shop("shop-nl");
    put_shop("shop-de");
    store().ownership().register_node("node", std::chrono::seconds(30));
    tokens_ = store().ownership().claim(10);
    add("shop-nl", "1", 1, "NL", "open", OrderState::kOpen);
    add("shop-nl", "2", 2, "NL", "shipped", OrderState::kShipped);
    add("shop-nl", "3", 2, "BE", "open", OrderState::kOpen);
    add("shop-de", "1", 2, "DE", "open", OrderState::kPending);
    add("shop-nl", "4", 3, "NL", "open", OrderState::kOpen);
  }
  void add(const std::string& shop, const std::string& id, int minute, const std::string& market,
           const std::string& status, OrderState state) {
    OrderRow row = order(id);
    row.placed_at += minutes(minute);
    row.marketplace = market;
    row.status = status;
    row.state = state;
    row.personal = R"({"buyer":")" + shop + id + R"("})";
    row.personal_data = PersonalData::kPresent;
    upsert(token(shop), row);
  }
  std::vector<std::string> ids(const OrderFilter& filter) {
    std::vector<std::string> found;
    for (const StoredOrder& order : store().orders().list(filter).orders) {
      found.push_back(order.shop + "/" + order.id);
    }
    return found;
  }
  using Ids = std::vector<std::string>;
  std::vector<OwnerToken> tokens_;
};

TEST_F(OrdersTest, NewestFirstAndTheOtherWay) {
  OrderFilter filter;
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/4", "shop-nl/3", "shop-nl/2", "shop-de/1", "shop-nl/1"}));
  filter.newest_first = false;
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/1", "shop-de/1", "shop-nl/2", "shop-nl/3", "shop-nl/4"}));
}

TEST_F(OrdersTest, EveryFilterNarrows) {
  OrderFilter filter;
  filter.shop = "shop-nl";
  filter.newest_first = false;
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/1", "shop-nl/2", "shop-nl/3", "shop-nl/4"}));
  filter.marketplace = "NL";
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/1", "shop-nl/2", "shop-nl/4"}));
  filter.status = "open";
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/1", "shop-nl/4"}));
  filter.placed_from = order("x").placed_at + minutes(2);
  EXPECT_EQ(ids(filter), (Ids{"shop-nl/4"}));
  filter.placed_until = order("x").placed_at + minutes(3);
  EXPECT_EQ(ids(filter), Ids{});
  OrderFilter by_state;
  by_state.state = OrderState::kPending;
  EXPECT_EQ(ids(by_state), (Ids{"shop-de/1"}));
}

TEST_F(OrdersTest, PagesMeetWithoutGapOrOverlap) {
  for (const bool newest_first : {true, false}) {
    for (const std::string shop : {"", "shop-nl"}) {
      OrderFilter filter;
      filter.shop = shop;
      filter.newest_first = newest_first;
      const Ids all = ids(filter);
      filter.limit = 1;
      Ids paged;
      do {
        const OrderPage page = store().orders().list(filter);
        ASSERT_EQ(page.orders.size(), 1u);
        paged.push_back(page.orders[0].shop + "/" + page.orders[0].id);
        filter.after = page.next;
      } while (!filter.after.empty());
      EXPECT_EQ(paged, all);
    }
  }
}

TEST_F(OrdersTest, AForeignPageMarkIsRefused) {
  for (const std::string mark : {"zz", "00", "313a", "313a39393a61", "3", "313a2d313a61"}) {
    OrderFilter filter;
    filter.after = mark;
    EXPECT_EQ(kind_of([&] { store().orders().list(filter); }), StoreError::Kind::kConstraint)
        << mark;
  }
}

TEST_F(OrdersTest, CountsByShopMarketplaceAndStatus) {
  const auto all = store().orders().count("");
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].shop, "shop-de");
  const auto nl = store().orders().count("shop-nl");
  ASSERT_EQ(nl.size(), 3u);
  EXPECT_EQ(nl[1].marketplace, "NL");
  EXPECT_EQ(nl[1].status, "open");
  EXPECT_EQ(nl[1].count, 2);
}

TEST_F(OrdersTest, OnlyPersonalReadsGivePersonalDataAndAreAudited) {
  EXPECT_EQ(store().orders().find("shop-nl", "1")->personal, "");
  for (const StoredOrder& order : store().orders().list({}).orders) EXPECT_EQ(order.personal, "");
  EXPECT_TRUE(store().audit().list("", 0, 10).empty());

  EXPECT_EQ(store().orders().find_personal("shop-nl", "1", "cli:ada")->personal,
            R"({"buyer":"shop-nl1"})");
  OrderFilter filter;
  filter.shop = "shop-nl";
  filter.status = R"(o"pen)";
  EXPECT_TRUE(store().orders().list_personal(filter, "cli:ada").orders.empty());
  filter.status = "open";
  const OrderPage page = store().orders().list_personal(filter, "cli:ada");
  ASSERT_EQ(page.orders.size(), 3u);
  EXPECT_EQ(page.orders[0].personal, R"({"buyer":"shop-nl4"})");

  const auto entries = store().audit().list("shop-nl", 0, 10);
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].who, "cli:ada");
  EXPECT_EQ(entries[0].action, "order.personal_read");
  EXPECT_EQ(entries[0].object, "1");
  EXPECT_EQ(entries[0].at, clock_.now());
  EXPECT_EQ(entries[1].action, "order.personal_list");
  EXPECT_NE(entries[1].detail.find(R"("status":"o\"pen")"), std::string::npos);
}

TEST_F(OrdersTest, ALookAtAnOrderThatIsNotThereIsAuditedToo) {
  EXPECT_FALSE(store().orders().find_personal("shop-nl", "ghost", "cli:ada").has_value());
  EXPECT_EQ(store().audit().list("shop-nl", 0, 10).size(), 1u);
}

TEST_F(OrdersTest, PurgeErasesTheBytesFromDatabaseAndLog) {
  OrderRow row = order("5");
  row.personal = std::string(9000, 'p');  // overflow pages too
  row.raw = std::string(200, 'r');
  row.personal_data = PersonalData::kPresent;
  row.keep_personal_until = clock_.now() + hours(1);
  upsert(token("shop-nl"), row);
  const auto sealed = select_sql(db_path(),
                                 "SELECT personal FROM orders WHERE id = '5' UNION ALL "
                                 "SELECT raw FROM orders WHERE id = '5'");
  ASSERT_EQ(sealed.size(), 2u);
  const auto on_disk = [&](const std::string& sealed_bytes, std::size_t at) {
    const std::string part = sealed_bytes.substr(at, 32);
    return bytes_of_file(db_path()).find(part) != std::string::npos ||
           bytes_of_file(db_path() + "-wal").find(part) != std::string::npos;
  };
  ASSERT_TRUE(on_disk(sealed[0], 100));
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u);
  ASSERT_TRUE(on_disk(sealed[0], 100));

  clock_.advance(hours(1));
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 1u);
  EXPECT_FALSE(on_disk(sealed[0], 100));
  EXPECT_FALSE(on_disk(sealed[0], 6000));
  EXPECT_FALSE(on_disk(sealed[1], 50));
  const auto purged = store().orders().find_personal("shop-nl", "5", "test");
  EXPECT_EQ(purged->personal, "");
  EXPECT_EQ(purged->raw, "");
  EXPECT_EQ(purged->document, row.document);
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u);
  // The others have no limit yet.
  EXPECT_NE(store().orders().find_personal("shop-nl", "1", "test")->personal, "");
}

TEST_F(OrdersTest, PurgeTakesMoreThanOneBatch) {
  {
    const auto transaction = store().begin(token("shop-nl"));
    for (int i = 0; i < 1100; ++i) {
      OrderRow row = order("bulk-" + std::to_string(i));
      row.personal = "{}";
      row.keep_personal_until = clock_.now() + hours(1);
      transaction->upsert_order(row);
    }
    transaction->commit();
  }
  EXPECT_EQ(store().orders().purge_personal(clock_.now() + hours(1)), 1100u);
}

}  // namespace
}  // namespace marketplug::store
