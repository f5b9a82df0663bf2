// The disk and what lies on it, as the programs meet it: full at the start, full later with the log
// on it, a large database to check when a stop comes.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/integration/programs/programs.hpp"

namespace marketplug::testing {
namespace {

namespace fs = std::filesystem;

class Disk : public Programs {
 protected:
  void SetUp() override {
    Programs::SetUp();
    state_ = folder_ / "state";
    fs::create_directory(state_);
    std::ifstream in(folder_ / "marketplug.yaml");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string place = "sqlite:marketplug.db";
    text.replace(text.find(place), place.size(), "sqlite:state/marketplug.db");
    std::ofstream(folder_ / "marketplug.yaml") << text;
  }
  std::string database() const { return (state_ / "marketplug.db").string(); }
  /// The first column of the first row.
  std::string sql(const std::string& statement) const {
    sqlite3* handle = nullptr;
    std::string found;
    EXPECT_EQ(sqlite3_open(database().c_str(), &handle), SQLITE_OK);
    const auto keep = [](void* to, int, char** values, char**) {
      static_cast<std::string*>(to)->assign(values[0] == nullptr ? "" : values[0]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle, statement.c_str(), keep, &found, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
    return found;
  }
  std::size_t orders() const { return lines_of(marketplug({"orders", "export"}).output); }

  fs::path state_;
};

/// The state folder is a small file system of its own.
class FullDisk : public Disk {
 protected:
  void SetUp() override {
    Disk::SetUp();
    if (::mount("none", state_.c_str(), "tmpfs", 0, "size=8m") != 0) {
      GTEST_SKIP() << "a small file system cannot be mounted here: " << std::strerror(errno);
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(state_.c_str(), MNT_DETACH);
    Disk::TearDown();
  }
  /// Nothing fits any more, neither on the disk nor into the rest of the log's last block.
  void fill() const {
    append_all(state_ / "ballast", 4096);
    append_all(state_ / "log", 1);
  }
  void free_space() const { fs::remove(state_ / "ballast"); }
  std::string log() const {
    std::ifstream in(state_ / "log", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// What a person must be able to see: the folder, the cause, the remedy.
  void expect_told(const std::string& text) const {
    EXPECT_NE(text.find(state_.string()), std::string::npos) << text;
    EXPECT_NE(text.find("is full"), std::string::npos) << text;
    EXPECT_NE(text.find("free some space"), std::string::npos) << text;
  }

 private:
  static void append_all(const fs::path& file, std::size_t piece) {
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string bytes(piece, '\n');
    while (::write(out, bytes.data(), bytes.size()) > 0) {
    }
    ::close(out);
  }
  bool mounted_ = false;
};

TEST_F(FullDisk, AStartWaitsForSpaceAndGoesOnByItself) {
  for (const char* what : {"a new store", "one that is there"}) {
    fill();
    const auto refused = marketplug({"sync"});
    EXPECT_EQ(refused.code, 1) << what << refused.output;
    expect_told(refused.output);
    Process service(command({"run"}), environment());
    ASSERT_TRUE(service.read_until("waiting: ")) << what << service.output();
    ASSERT_TRUE(service.read_until("by itself")) << what << service.output();
    expect_told(service.output());
    free_space();
    ASSERT_TRUE(service.read_until("service.started")) << what << service.output();
    const auto sync = marketplug({"sync", "--until-idle"});
    EXPECT_EQ(sync.code, 0) << what << sync.output;
    EXPECT_EQ(orders(), 120u) << what;
    service.signal(SIGTERM);
    EXPECT_EQ(service.finish(), 0) << what << service.output();
  }
}

TEST_F(FullDisk, AServiceWhoseLogLiesOnTheDiskThatFillsLosesNothing) {
  const auto words = command({"run"});
  std::vector<std::string> shell{"/bin/sh", "-c",
                                 "exec \"$0\" \"$@\" 2>>\"" + (state_ / "log").string() + "\""};
  shell.insert(shell.end(), words.begin(), words.end());
  Process service(shell, environment());
  while (log().find("service.started") == std::string::npos) {
  }
  EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  ASSERT_EQ(orders(), 120u);

  fill();
  sandbox({"add-order", "--ago", "3m", "--count", "30"});
  const auto full = marketplug({"sync"});
  EXPECT_EQ(full.code, 1) << full.output;
  expect_told(full.output);
  // Buyers' data is not read without an audit entry.
  expect_told(marketplug({"orders", "export"}).output);

  free_space();
  for (int tries = 0; tries < 1000 && orders() != 150; ++tries) marketplug({"sync"});
  EXPECT_EQ(orders(), 150u);
  EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0);
  EXPECT_NE(log().find("log.dropped"), std::string::npos) << log();
  EXPECT_EQ(sql("PRAGMA integrity_check"), "ok");
}

TEST_F(FullDisk, AShopsFileThatCannotBeTakenOverIsToldOnceAndTakenOverLater) {
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("service.started")) << service.output();
  EXPECT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  fill();
  auto text = shop_file("shop-nl");
  text.replace(text.find("Test shop"), 9, "New name");
  write_shop("shop-nl", text);
  ASSERT_TRUE(service.read_until("shops.not_reloaded")) << service.output();
  ASSERT_TRUE(service.read_until("is full")) << service.output();
  free_space();
  ASSERT_TRUE(service.read_until("shops.reloaded")) << service.output();
  EXPECT_NE(marketplug({"shops", "show", "shop-nl"}).output.find("New name"), std::string::npos);
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0);
  const auto first = service.output().find("shops.not_reloaded");
  EXPECT_EQ(service.output().find("shops.not_reloaded", first + 1), std::string::npos)
      << service.output();
}

TEST_F(Disk, AStopDoesNotWaitForTheCheckOfALargeDatabase) {
  ASSERT_EQ(marketplug({"shops", "list"}).code, 0);
  sql("PRAGMA synchronous=OFF; CREATE TABLE ballast (x BLOB); WITH RECURSIVE n(i) AS (SELECT 1 "
      "UNION ALL SELECT i + 1 FROM n WHERE i < 15000) INSERT INTO ballast SELECT zeroblob(8000) "
      "FROM n; UPDATE meta SET value = '0' WHERE name = 'clean'");
  Process service(command({"run"}), environment());
  ASSERT_TRUE(service.read_until("did not end in order: checking")) << service.output();
  service.signal(SIGTERM);
  EXPECT_EQ(service.finish(), 0) << service.output();
  EXPECT_EQ(service.output().find("is sound"), std::string::npos) << service.output();
  EXPECT_EQ(service.output().find("service.started"), std::string::npos) << service.output();
  EXPECT_EQ(sql("SELECT value FROM meta WHERE name = 'clean'"), "0") << "checked at the next start";
}

TEST_F(Disk, AStoreOfANewerVersionIsRefusedUntouched) {
  ASSERT_EQ(marketplug({"sync", "--until-idle"}).code, 0);
  sql("UPDATE meta SET value = '9999' WHERE name = 'schema_version'");
  for (const char* word : {"run", "sync"}) {
    const auto refused = marketplug({word});
    EXPECT_EQ(refused.code, 1) << refused.output;
    EXPECT_NE(refused.output.find("9999"), std::string::npos) << refused.output;
    EXPECT_NE(refused.output.find(database()), std::string::npos) << refused.output;
    EXPECT_NE(refused.output.find("newer"), std::string::npos) << refused.output;
  }
  EXPECT_EQ(sql("SELECT value FROM meta WHERE name = 'schema_version'"), "9999");
  EXPECT_EQ(sql("SELECT count(*) FROM orders"), "120");
}

TEST_F(Disk, WhatACheckSpendsOfTheQuotasIsInTheStore) {
  ASSERT_EQ(marketplug({"check"}).code, 0);
  EXPECT_NE(sql("SELECT count(*) FROM quota_level"), "0");
}

}  // namespace
}  // namespace marketplug::testing
