// A disk that is full or may not be written: told by name, nothing half-written, and over when the
// cause is.
#include "host/store/db/query.hpp"
#include "host/store/sql/sql_store.hpp"
#include "host/store/sqlite/connection.hpp"
#include "host/store/sqlite/database.hpp"
#include "host/store/sqlite/errors.hpp"
#include "tests/unit/store/store_fixture.hpp"

namespace marketplug::store {
namespace {

class DiskTest : public StoreFixture {
 protected:
  void SetUp() override {
    auto database = sqlite::SqliteDatabase::open(db_path(), true);
    database_ = database.get();
    store_ = std::make_unique<sql::SqlStore>(
        std::move(database), [](bool) { return SealKey(0, std::string(32, 'k')); }, clock_,
        db::CheckHooks{});
  }
  void limit_pages(const std::string& to) {
    const db::Lease lease = database_->writer();
    db::Query query(lease.connection(), "PRAGMA max_page_count=" + to);
    query.next();
  }
  sqlite::SqliteDatabase* database_ = nullptr;
};

TEST_F(DiskTest, AFullDiskIsToldAndTheStoreGoesOnWhenThereIsSpace) {
  const OwnerToken token = own();
  ASSERT_EQ(upsert(token, order("before")), UpsertOutcome::kInserted);
  limit_pages("1");  // as small as it already is

  int written = 0;
  std::string message;
  const auto fill = [&] {
    for (; written < 1000; ++written) {
      const auto transaction = store().begin(token);
      OrderRow row = order(std::to_string(written));
      row.document = std::string(20'000, 'x');
      transaction->upsert_order(row);
      transaction->append_event("order.created", row.id, "{}");
      transaction->commit();
    }
  };
  ASSERT_EQ(kind_of(fill, &message), StoreError::Kind::kDiskFull);
  EXPECT_NE(message.find(db_path()), std::string::npos);
  EXPECT_NE(message.find("bytes free"), std::string::npos);
  EXPECT_EQ(message.find("unknown bytes"), std::string::npos);
  EXPECT_FALSE(store().orders().find("shop-nl", std::to_string(written)).has_value());
  EXPECT_EQ(store().events().last("shop-nl"), written);
  EXPECT_TRUE(store().orders().find("shop-nl", "before").has_value());

  limit_pages("1000000");
  EXPECT_EQ(upsert(token, order("after")), UpsertOutcome::kInserted);
  const auto transaction = store().begin(token);
  EXPECT_EQ(transaction->append_event("order.created", "after", "{}"), written + 1);
}

TEST_F(DiskTest, AConnectionThatMayOnlyReadSaysSo) {
  own();
  const db::Lease lease = database_->reader();
  std::string message;
  EXPECT_EQ(kind_of([&] { db::execute(lease.connection(), "DELETE FROM shop"); }, &message),
            StoreError::Kind::kReadOnly);
  EXPECT_NE(message.find(db_path()), std::string::npos);
}

TEST_F(DiskTest, ErrorsOfTheSystemKeepTheirMeaning) {
  using Kind = StoreError::Kind;
  const std::pair<int, Kind> cases[] = {
      {SQLITE_FULL, Kind::kDiskFull},      {SQLITE_READONLY_DBMOVED, Kind::kReadOnly},
      {SQLITE_BUSY_SNAPSHOT, Kind::kBusy}, {SQLITE_CORRUPT_INDEX, Kind::kCorrupt},
      {SQLITE_NOTADB, Kind::kCorrupt},     {SQLITE_CONSTRAINT_UNIQUE, Kind::kConstraint},
      {SQLITE_NOMEM, Kind::kIo},           {SQLITE_PERM, Kind::kReadOnly},
      {SQLITE_IOERR_READ, Kind::kIo},      {SQLITE_PROTOCOL, Kind::kIo},
      {SQLITE_MISUSE, Kind::kOther}};
  for (const auto& [code, kind] : cases) {
    errno = 0;
    std::string message;
    const auto fail = [this, number = code] {
      sqlite::raise(nullptr, number, db_path(), "testing");
    };
    EXPECT_EQ(kind_of(fail, &message), kind) << code;
    EXPECT_NE(message.find(db_path()), std::string::npos);
  }
  for (const auto& [error, kind] :
       {std::pair{ENOSPC, Kind::kDiskFull}, std::pair{EDQUOT, Kind::kDiskFull},
        std::pair{EIO, Kind::kIo}}) {
    errno = error;
    EXPECT_EQ(kind_of([&] { sqlite::raise(nullptr, SQLITE_IOERR_WRITE, db_path(), "testing"); }),
              kind);
  }
  errno = EROFS;
  EXPECT_EQ(kind_of([&] { sqlite::raise(nullptr, SQLITE_CANTOPEN, db_path(), "testing"); }),
            Kind::kReadOnly);
}

TEST_F(DiskTest, TheSettingsThatCarryTheGuaranteesAreOn) {
  const auto pragma = [](db::Connection& connection, const std::string& name) {
    db::Query query(connection, "PRAGMA " + name);
    EXPECT_TRUE(query.next());
    return name == "journal_mode" ? query.text(0) : std::to_string(query.integer(0));
  };
  {
    const db::Lease writer = database_->writer();
    EXPECT_EQ(pragma(writer.connection(), "journal_mode"), "wal");
    EXPECT_EQ(pragma(writer.connection(), "synchronous"), "2");
    EXPECT_EQ(pragma(writer.connection(), "secure_delete"), "1");
    EXPECT_EQ(pragma(writer.connection(), "foreign_keys"), "1");
    EXPECT_EQ(pragma(writer.connection(), "busy_timeout"), "5000");
    EXPECT_EQ(pragma(writer.connection(), "wal_autocheckpoint"), "0") << "the hook does it";
    EXPECT_EQ(pragma(writer.connection(), "mmap_size"), "0");
  }
  const db::Lease reader = database_->reader();
  EXPECT_EQ(pragma(reader.connection(), "query_only"), "1");
  EXPECT_EQ(pragma(reader.connection(), "wal_autocheckpoint"), "0");
}

TEST_F(DiskTest, AReaderThatIsTheLastToCloseLeavesTheLogAsItIs) {
  upsert(own(), order("1"));
  store_.reset();
  const std::string log = db_path() + "-wal";
  const auto use_and_close = [&](sqlite::SqliteConnection::Role role) {
    sqlite::SqliteConnection connection(db_path(), role);
    if (role == sqlite::SqliteConnection::Role::kWriter) {
      connection.keep_log_at_close(true);
      connection.begin();
      connection.run_script("UPDATE orders SET imported_at = imported_at + 1");
      connection.commit();
    }
    db::Query query(connection, "SELECT count(*) FROM orders");
    EXPECT_TRUE(query.next());
  };
  use_and_close(sqlite::SqliteConnection::Role::kWriter);
  const auto written = std::filesystem::file_size(log);
  ASSERT_GT(written, 0u);
  use_and_close(sqlite::SqliteConnection::Role::kReader);
  ASSERT_TRUE(std::filesystem::exists(log));
  EXPECT_EQ(std::filesystem::file_size(log), written);
}

}  // namespace
}  // namespace marketplug::store
