#pragma once
// A store in a folder of its own that goes with the test, under a clock that stands still. One
// thread unless the test says otherwise.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "host/store/store.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::store {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "store-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What another program would do to a store's file that no process has open.
inline void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
      << (message != nullptr ? message : "");
  sqlite3_free(message);
  sqlite3_close(handle);
}

/// First column of every row, as bytes.
inline std::vector<std::string> select_sql(const std::string& path, const std::string& sql) {
  std::vector<std::string> rows;
  sqlite3* handle = nullptr;
  sqlite3_open(path.c_str(), &handle);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(handle);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const auto* start = static_cast<const char*>(sqlite3_column_blob(statement, 0));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 0));
    rows.emplace_back(start == nullptr ? "" : start, start == nullptr ? 0 : size);
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return rows;
}

template <class Call>
StoreError::Kind kind_of(Call&& call, std::string* message = nullptr) {
  try {
    call();
  } catch (const StoreError& error) {
    if (message != nullptr) *message = error.what();
    return error.kind();
  }
  ADD_FAILURE() << "no StoreError was thrown";
  return StoreError::Kind::kOther;
}

class StoreFixture : public ::testing::Test {
 protected:
  StoreOptions options() {
    StoreOptions options;
    options.url = "sqlite:" + db_path();
    options.notice = [this](std::string_view text) { notices_.emplace_back(text); };
    return options;
  }
  std::string db_path() const { return folder_.file("state/marketplug.db"); }
  void open() { store_ = open_store(options(), clock_, random_); }
  void reopen() {
    store_.reset();
    open();
  }
  Store& store() {
    if (!store_) open();
    return *store_;
  }
  void put_shop(const std::string& id) {
    ShopRecord shop;
    shop.id = id;
    shop.source = "store";
    shop.enabled = true;
    shop.document = "{}";
    store().shops().put(shop);
  }
  /// The shop, saved and owned.
  OwnerToken own(const std::string& id = "shop-nl") {
    put_shop(id);
    store().ownership().register_node("node", std::chrono::seconds(30));
    for (const OwnerToken& token : store().ownership().claim(1000)) {
      if (token.shop == id) return token;
    }
    ADD_FAILURE() << "the shop was not there to claim";
    return {};
  }
  OrderRow order(const std::string& id, int minute = 0, const std::string& hash = "h1") {
    OrderRow row;
    row.id = id;
    row.marketplace = "NL";
    row.state = OrderState::kOpen;
    row.status = "open";
    row.marketplace_status = "UNSHIPPED";
    row.priority = 50 + minute;
    row.fulfilled_by = FulfilledBy::kMerchant;
    row.placed_at = parse_time("2026-11-20T08:00:00Z").value();
    row.changed_at = parse_time("2026-11-20T09:00:00Z").value() + std::chrono::minutes(minute);
    row.content_hash = hash;
    row.document = R"({"id":")" + id + R"("})";
    row.lines = {{"1", "SKU-1", "B000000001", 2}};
    return row;
  }
  UpsertOutcome upsert(const OwnerToken& token, const OrderRow& row) {
    const auto transaction = store().begin(token);
    const UpsertOutcome outcome = transaction->upsert_order(row);
    transaction->commit();
    return outcome;
  }
  bool noticed(std::string_view text) const {
    for (const std::string& notice : notices_) {
      if (notice.find(text) != std::string::npos) return true;
    }
    return false;
  }

  TempFolder folder_;
  testing::FakeClock clock_;
  testing::SeededRandom random_;
  std::vector<std::string> notices_;
  std::unique_ptr<Store> store_;
};

}  // namespace marketplug::store
