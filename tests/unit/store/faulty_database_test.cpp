// Every statement of a step fails once; nothing may be left behind, and the store must go on.
#include <set>

#include "host/store/sql/migrations.hpp"
#include "host/store/sql/sql_store.hpp"
#include "host/store/sqlite/database.hpp"
#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

/// Fails the n-th statement (or the commit) that is started on it.
class FaultyConnection final : public db::Connection {
 public:
  explicit FaultyConnection(int& countdown) : countdown_(countdown) {}
  FaultyConnection& over(db::Connection& inner) {
    inner_ = &inner;
    return *this;
  }
  db::Statement& check_out(std::string_view sql) override {
    fail_when_due();
    if (blind_once && sql.starts_with("SELECT key, state, changed_at")) {
      blind_once = false;
      return inner_->check_out(std::string(sql) + " AND 1 = 0");
    }
    return inner_->check_out(sql);
  }
  void give_back(db::Statement& statement) noexcept override { inner_->give_back(statement); }
  std::int64_t changes() const override { return inner_->changes(); }
  std::int64_t inserted_key() const override { return inner_->inserted_key(); }
  void run_script(std::string_view sql) override { inner_->run_script(sql); }
  bool has_table(std::string_view name) override { return inner_->has_table(name); }
  void begin() override {
    fail_when_due();
    inner_->begin();
  }
  void commit() override {
    fail_when_due();
    inner_->commit();
  }
  void roll_back() noexcept override {
    if (!std::exchange(stuck_once, false)) inner_->roll_back();
  }

  bool blind_once = false;  ///< the next look at a stored order finds none
  bool stuck_once = false;  ///< the next ROLLBACK does nothing

 private:
  void fail_when_due() {
    if (countdown_ > 0 && --countdown_ == 0) {
      throw StoreError(StoreError::Kind::kOther, "injected fault");
    }
  }
  int& countdown_;
  db::Connection* inner_ = nullptr;
};

class FaultyDatabase final : public db::Database {
 public:
  explicit FaultyDatabase(std::unique_ptr<sqlite::SqliteDatabase> inner)
      : inner_(std::move(inner)), connection_(countdown) {}
  db::Lease reader() override { return inner_->reader(); }
  db::Lease writer() override {
    auto lease = std::make_shared<db::Lease>(inner_->writer());
    return {connection_.over(lease->connection()), [lease]() mutable { lease.reset(); }};
  }
  bool exclusive() const noexcept override { return true; }
  std::vector<std::string> check(const db::CheckHooks& hooks) override {
    return inner_->check(hooks);
  }
  bool forget_erased() override { return inner_->forget_erased(); }
  const std::string& place() const noexcept override { return inner_->place(); }

  void look_away_once() { connection_.blind_once = true; }
  void fail_next_rollback() { connection_.stuck_once = true; }

  int countdown = 0;

 private:
  std::unique_ptr<sqlite::SqliteDatabase> inner_;
  FaultyConnection connection_;
};

class FaultyDatabaseTest : public StoreFixture {
 protected:
  void SetUp() override {
    auto database = std::make_unique<FaultyDatabase>(sqlite::SqliteDatabase::open(db_path(), true));
    database_ = database.get();
    store_ = std::make_unique<sql::SqlStore>(
        std::move(database), [](bool) { return SealKey(0, std::string(32, 'k')); }, clock_,
        db::CheckHooks{});
  }
  void step(const OwnerToken& token) {
    const auto transaction = store().begin(token);
    OrderRow row = order("1");
    row.personal = "{}";
    transaction->upsert_order(row);
    transaction->append_event("order.created", "1", "{}");
    transaction->park("order", {"2", "code", "", "why", "remedy", "{}", {}},
                      std::chrono::hours(24));
    transaction->set_cursor("order-source/1", {"page-2"});
    transaction->clear_mark("order-source/1");
    transaction->commit();
  }
  FaultyDatabase* database_ = nullptr;
};

TEST_F(FaultyDatabaseTest, AStepIsWholeOrNotThereWhereverItFails) {
  const OwnerToken token = own();
  int faults = 0;
  for (int n = 1;; ++n) {
    database_->countdown = n;
    try {
      step(token);
      database_->countdown = 0;
      break;
    } catch (const StoreError&) {
      ++faults;
    }
    EXPECT_FALSE(store().orders().find("shop-nl", "1").has_value()) << n;
    EXPECT_EQ(store().events().last("shop-nl"), 0) << n;
    EXPECT_TRUE(store().parked().list("", false, 10).empty()) << n;
    EXPECT_FALSE(store().progress().cursor("shop-nl", "order-source/1").has_value()) << n;
  }
  EXPECT_GT(faults, 8);
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
  EXPECT_EQ(store().events().last("shop-nl"), 1);
}

// As if another writer came between the look and the write: the guard in the SQL has to hold alone.
TEST_F(FaultyDatabaseTest, TheRowGuardsItselfWhenTheLookBeforeItFails) {
  const OwnerToken token = own();
  OrderRow stored = order("1", 10, "h1");
  stored.document = "stored";
  upsert(token, stored);
  OrderRow other = order("1", 9, "h2");
  other.document = "older";
  database_->look_away_once();
  EXPECT_EQ(upsert(token, other), UpsertOutcome::kStale);
  other = order("1", 10, "h1");
  other.document = "the same";
  database_->look_away_once();
  EXPECT_EQ(upsert(token, other), UpsertOutcome::kUnchanged);
  EXPECT_EQ(store().orders().find("shop-nl", "1")->document, "stored");
}

TEST_F(FaultyDatabaseTest, AfterAThrowTheTransactionTakesNothingMore) {
  const OwnerToken token = own();
  const auto transaction = store().begin(token);
  transaction->upsert_order(order("1"));
  database_->countdown = 1;
  EXPECT_EQ(kind_of([&] { transaction->append_event("a", "b", "{}"); }), StoreError::Kind::kOther);
  EXPECT_EQ(kind_of([&] { transaction->upsert_order(order("2")); }), StoreError::Kind::kOther);
  EXPECT_EQ(kind_of([&] { transaction->commit(); }), StoreError::Kind::kOther);
  EXPECT_TRUE(store().orders().list({}).orders.empty());
  step(token);  // the writer is free
}

TEST_F(FaultyDatabaseTest, ARollbackThatFailedLeavesNothingBehindAndTheWriterGoesOn) {
  const OwnerToken token = own();
  {
    const auto transaction = store().begin(token);
    transaction->upsert_order(order("refused"));
    database_->fail_next_rollback();
  }
  step(token);
  EXPECT_FALSE(store().orders().find("shop-nl", "refused").has_value());
  EXPECT_TRUE(store().orders().find("shop-nl", "1").has_value());
  EXPECT_EQ(store().events().last("shop-nl"), 1);
}

TEST_F(FaultyDatabaseTest, ReadsOfPersonalDataThatCannotBeAuditedGiveNothing) {
  const OwnerToken token = own();
  step(token);
  for (int n = 1; n <= 4; ++n) {
    database_->countdown = n;
    EXPECT_EQ(kind_of([&] { store().orders().find_personal("shop-nl", "1", "me"); }),
              StoreError::Kind::kOther)
        << n;
    database_->countdown = n;
    EXPECT_EQ(kind_of([&] { store().orders().list_personal({}, "me"); }), StoreError::Kind::kOther)
        << n;
  }
  database_->countdown = 0;
  EXPECT_TRUE(store().audit().list("", 0, 10).empty());
}

TEST_F(FaultyDatabaseTest, AShopIsSavedWithItsKeyOrNotAtAll) {
  ShopRecord shop;
  shop.id = "shop-nl";
  for (int n = 1;; ++n) {
    database_->countdown = n;
    try {
      store().shops().put(shop);
      database_->countdown = 0;
      break;
    } catch (const StoreError&) {
      EXPECT_TRUE(store().shops().list().empty()) << n;
    }
  }
  upsert(own(), order("1"));
}

}  // namespace
}  // namespace marketplug::store
