// The thin layer under the repositories: dialect words, statements, leases, turns.
#include <future>
#include <thread>

#include "host/store/db/query.hpp"
#include "host/store/db/write_gate.hpp"
#include "host/store/sql/meta.hpp"
#include "host/store/sql/migrations.hpp"
#include "host/store/sqlite/database.hpp"
#include "host/store/sqlite/dialect.hpp"
#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

TEST(DialectTest, WordsBecomeSqlitesAndUnknownOnesAreRefused) {
  EXPECT_EQ(sqlite::to_sqlite("a {blob} NOT NULL, b {bigint}"), "a BLOB NOT NULL, b INTEGER");
  EXPECT_EQ(sqlite::to_sqlite("-- {nonsense}\nSELECT 1"), "\nSELECT 1");
  EXPECT_EQ(sqlite::to_sqlite("SELECT 1 -- end"), "SELECT 1 ");
  EXPECT_EQ(kind_of([] { sqlite::to_sqlite("{nonsense}"); }), StoreError::Kind::kOther);
}

class DbTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  std::unique_ptr<sqlite::SqliteDatabase> database_ =
      sqlite::SqliteDatabase::open(folder_.file("db"), true);
};

TEST_F(DbTest, PlaceholdersMayStandInAnyOrderAndTwice) {
  const db::Lease lease = database_->writer();
  db::Query query(lease.connection(), "SELECT $2, $1, $2, $3", "one", std::int64_t{2},
                  std::optional<std::int64_t>());
  ASSERT_TRUE(query.next());
  EXPECT_EQ(query.integer(0), 2);
  EXPECT_EQ(query.text(1), "one");
  EXPECT_EQ(query.integer(2), 2);
  EXPECT_TRUE(query.is_null(3));
  EXPECT_EQ(kind_of([&] { query.integer(1); }), StoreError::Kind::kCorrupt);
}

TEST_F(DbTest, AStatementMayRunInsideItself) {
  const db::Lease lease = database_->writer();
  const std::string_view sql = "SELECT 1 UNION ALL SELECT 2";
  int rows = 0;
  db::Query outer(lease.connection(), sql);
  while (outer.next()) {
    db::Query inner(lease.connection(), sql);
    while (inner.next()) ++rows;
  }
  EXPECT_EQ(rows, 4);
}

TEST_F(DbTest, ReadersWaitForAFreeConnection) {
  std::vector<db::Lease> leases;
  for (int i = 0; i < 4; ++i) leases.push_back(database_->reader());
  auto fifth = std::async(std::launch::async, [&] {
    const db::Lease lease = database_->reader();
    return db::Query(lease.connection(), "SELECT 1").next();
  });
  leases.pop_back();
  EXPECT_TRUE(fifth.get());
}

TEST_F(DbTest, AFailedMigrationLeavesTheOldSchema) {
  const sql::Migration migrations[] = {
      {1, "CREATE TABLE meta (name {text} PRIMARY KEY, value {text} NOT NULL) {table};"},
      {2, "CREATE TABLE second (x {bigint}) {table};"},
      {3, "CREATE TABLE third (x {bigint}) {table}; INSERT INTO nowhere VALUES (1);"}};
  db::write(*database_,
            [&](db::Connection& c) { sql::migrate(c, std::span(migrations).first(1)); });
  EXPECT_EQ(kind_of([&] {
              db::write(*database_, [&](db::Connection& c) { sql::migrate(c, migrations); });
            }),
            StoreError::Kind::kOther);
  const db::Lease lease = database_->writer();
  EXPECT_EQ(sql::schema_version(lease.connection()), 1);
  EXPECT_FALSE(lease.connection().has_table("second"));
  EXPECT_FALSE(lease.connection().has_table("third"));
}

TEST_F(DbTest, MissingMigrationsRunOnceAndInOrder) {
  const sql::Migration migrations[] = {
      {1, "CREATE TABLE meta (name {text} PRIMARY KEY, value {text} NOT NULL) {table};"},
      {2, "CREATE TABLE second (x {bigint}) {table};"}};
  for (int i = 0; i < 2; ++i) {
    db::write(*database_, [&](db::Connection& c) { sql::migrate(c, migrations); });
  }
  const db::Lease lease = database_->writer();
  EXPECT_EQ(sql::schema_version(lease.connection()), 2);
  EXPECT_TRUE(lease.connection().has_table("second"));
}

TEST_F(DbTest, AVersionThatCannotBeReadIsDamage) {
  db::write(*database_, [](db::Connection& c) {
    sql::migrate(c, sql::all_migrations());
    sql::set_meta(c, sql::kMetaVersion, "many");
  });
  const db::Lease lease = database_->writer();
  EXPECT_EQ(kind_of([&] { sql::schema_version(lease.connection()); }), StoreError::Kind::kCorrupt);
}

TEST_F(DbTest, MigrationsAreNumberedWithoutAGap) {
  std::int64_t expected = 1;
  for (const sql::Migration& migration : sql::all_migrations()) {
    EXPECT_EQ(migration.version, expected++);
  }
}

TEST(WriteGateTest, TurnsAreTakenOneAtATime) {
  db::WriteGate gate;
  int inside = 0, turns = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        gate.enter();
        EXPECT_EQ(++inside, 1);
        ++turns;
        --inside;
        gate.leave();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(turns, 400);
}

TEST(WriteGateTest, AnotherThreadMayLeave) {
  db::WriteGate gate;
  gate.enter();
  EXPECT_EQ(kind_of([&] { gate.enter(); }), StoreError::Kind::kOther);
  std::thread([&] { gate.leave(); }).join();
  gate.enter();
  gate.leave();
}

}  // namespace
}  // namespace marketplug::store
