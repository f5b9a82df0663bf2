#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

using std::chrono::hours;
using enum UpsertOutcome;

class OrderWriterTest : public StoreFixture {
 protected:
  OwnerToken token_ = own();

  std::optional<StoredOrder> read(const std::string& id) {
    return store().orders().find_personal("shop-nl", id, "test");
  }
  OrderRow personal_order(int minute, const std::string& personal,
                          PersonalData data = PersonalData::kPresent) {
    OrderRow row = order("1", minute, "h" + std::to_string(minute));
    row.personal = personal;
    row.personal_data = data;
    return row;
  }
};

struct GuardCase {
  const char* what;
  int minute;
  const char* hash;
  UpsertOutcome expected;
};

TEST_F(OrderWriterTest, TheChangeTimeGuardsEveryWrite) {
  // Each case follows an order of minute 10 with hash "h1".
  const GuardCase cases[] = {
      {"newer", 11, "h2", kUpdated},
      {"newer with the same content", 11, "h1", kUpdated},
      {"the same again", 10, "h1", kUnchanged},
      {"the same time with other content", 10, "h2", kUpdated},
      {"older with other content", 9, "h2", kStale},
      {"older with the same content", 9, "h1", kStale},
  };
  int number = 0;
  for (const GuardCase& c : cases) {
    const std::string id = "order-" + std::to_string(++number);
    OrderRow before = order(id, 10, "h1");
    before.document = "before";
    ASSERT_EQ(upsert(token_, before), kInserted) << c.what;
    OrderRow after = order(id, c.minute, c.hash);
    after.document = "after";
    after.state = OrderState::kShipped;
    clock_.advance(hours(1));
    EXPECT_EQ(upsert(token_, after), c.expected) << c.what;
    const auto stored = store().orders().find("shop-nl", id);
    const bool written = c.expected == kUpdated;
    EXPECT_EQ(stored->document, written ? "after" : "before") << c.what;
    EXPECT_EQ(stored->state, written ? OrderState::kShipped : OrderState::kOpen) << c.what;
    EXPECT_EQ(stored->priority, 50 + (written ? c.minute : 10)) << c.what;
    EXPECT_EQ(stored->changed_at, written ? after.changed_at : before.changed_at) << c.what;
    EXPECT_EQ(stored->updated_at, clock_.now() - (written ? hours(0) : hours(1))) << c.what;
    EXPECT_EQ(stored->imported_at, clock_.now() - hours(1)) << c.what;
  }
}

TEST_F(OrderWriterTest, TheHeadIsWhatTheNextUpsertComparesWith) {
  const auto transaction = store().begin(token_);
  EXPECT_FALSE(transaction->order_head("1").has_value());
  transaction->upsert_order(order("1", 3, "hash"));
  const auto head = transaction->order_head("1");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->state, OrderState::kOpen);
  EXPECT_EQ(head->content_hash, "hash");
  EXPECT_EQ(head->changed_at, order("1", 3).changed_at);
}

TEST_F(OrderWriterTest, TheSameIdInTwoShopsIsTwoOrders) {
  OwnerToken other = own("shop-de");
  // own() registered again, which fenced the first token: both shops belong to the new epoch.
  store().ownership().register_node("node", std::chrono::seconds(30));
  for (const OwnerToken& token : store().ownership().claim(10)) {
    (token.shop == "shop-de" ? other : token_) = token;
  }
  EXPECT_EQ(upsert(token_, order("1")), kInserted);
  EXPECT_EQ(upsert(other, order("1")), kInserted);
}

TEST_F(OrderWriterTest, LinesAreReplacedWithTheOrder) {
  OrderRow row = order("1", 0, "h1");
  row.lines = {{"1", "SKU-1", "B000000001", 2}, {"2", "SKU-2", "B000000002", 1}};
  upsert(token_, row);
  row = order("1", 1, "h2");
  row.lines = {{"2", "SKU-2", "B000000002", 5}};
  upsert(token_, row);
  store_.reset();
  EXPECT_EQ(select_sql(db_path(),
                       "SELECT id || '/' || sku || '/' || product_id || '/' || quantity "
                       "FROM order_line"),
            std::vector<std::string>{"2/SKU-2/B000000002/5"});
}

TEST_F(OrderWriterTest, AnUpdateWithoutPersonalDataKeepsWhatIsStored) {
  upsert(token_, personal_order(0, R"({"buyer":"Ada"})"));
  upsert(token_, personal_order(1, "", PersonalData::kMissing));
  EXPECT_EQ(read("1")->personal, R"({"buyer":"Ada"})");
  upsert(token_, personal_order(2, R"({"buyer":"Grace"})"));
  EXPECT_EQ(read("1")->personal, R"({"buyer":"Grace"})");
  store_.reset();
  EXPECT_EQ(select_sql(db_path(), "SELECT personal_data FROM orders"),
            std::vector<std::string>{"present"});
}

TEST_F(OrderWriterTest, AShopThatNoLongerAsksForPersonalDataLosesIt) {
  upsert(token_, personal_order(0, R"({"buyer":"Ada"})"));
  upsert(token_, personal_order(1, "", PersonalData::kNotAsked));
  EXPECT_EQ(read("1")->personal, "");
}

TEST_F(OrderWriterTest, TheRawDocumentIsThatOfTheVersion) {
  OrderRow row = personal_order(0, "{}");
  row.raw = R"({"raw":1})";
  upsert(token_, row);
  EXPECT_EQ(read("1")->raw, R"({"raw":1})");
  upsert(token_, personal_order(1, "{}"));
  EXPECT_EQ(read("1")->raw, "");
}

TEST_F(OrderWriterTest, WhatMayNotBeKeptAnyMoreIsNotStored) {
  OrderRow row = personal_order(0, R"({"buyer":"Ada"})");
  row.raw = "raw";
  row.keep_personal_until = clock_.now();
  EXPECT_EQ(upsert(token_, row), kInserted);
  EXPECT_EQ(read("1")->personal, "");
  EXPECT_EQ(read("1")->raw, "");
  row = personal_order(1, R"({"buyer":"Ada"})");
  row.keep_personal_until = clock_.now() + hours(1);
  upsert(token_, row);
  EXPECT_EQ(read("1")->personal, R"({"buyer":"Ada"})");
}

TEST_F(OrderWriterTest, AnEndedOrderKeepsItsLimitWhereAnUpdateNamesNone) {
  OrderRow row = personal_order(0, R"({"buyer":"Ada"})");
  row.state = OrderState::kShipped;
  row.keep_personal_until = clock_.now() + hours(1);
  upsert(token_, row);
  clock_.advance(hours(2));
  ASSERT_EQ(store().orders().purge_personal(clock_.now()), 1u);
  row = personal_order(1, R"({"buyer":"Ada"})");
  row.state = OrderState::kShipped;
  EXPECT_EQ(upsert(token_, row), kUpdated);
  EXPECT_EQ(read("1")->personal, "");
}

TEST_F(OrderWriterTest, AnOpenOrderMayLoseItsLimit) {
  OrderRow row = personal_order(0, R"({"buyer":"Ada"})");
  row.keep_personal_until = clock_.now() + hours(1);
  upsert(token_, row);
  upsert(token_, personal_order(1, R"({"buyer":"Ada"})"));
  clock_.advance(hours(2));
  EXPECT_EQ(store().orders().purge_personal(clock_.now()), 0u);
  EXPECT_EQ(read("1")->personal, R"({"buyer":"Ada"})");
}

}  // namespace
}  // namespace marketplug::store
