#pragma once
// A store's SQLite file: one connection that writes and checkpoints, a few that read, and the lock
// of the state folder for as long as it lives. Any thread; leases end before the database does.

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/store/db/database.hpp"
#include "host/store/db/write_gate.hpp"
#include "host/store/sqlite/connection.hpp"
#include "host/store/state_folder.hpp"

namespace marketplug::store::sqlite {

class SqliteDatabase final : public db::Database {
 public:
  /// Makes folder (0700) and file (0600) where they are missing and `create` says so. Throws
  /// StoreError kLocked, kNotFound, kReadOnly, kCorrupt …; never replaces a file.
  static std::unique_ptr<SqliteDatabase> open(const std::string& path, bool create);

  db::Lease reader() override;
  db::Lease writer() override;
  bool exclusive() const noexcept override { return true; }
  std::vector<std::string> check(const db::CheckHooks& hooks) override;
  bool forget_erased() override;
  const std::string& place() const noexcept override { return path_; }
  /// Whether open() made the file.
  bool is_new() const noexcept { return is_new_; }

 private:
  explicit SqliteDatabase(const std::string& path);
  void give_back(std::unique_ptr<SqliteConnection> reader) noexcept;

  static constexpr std::size_t kReaders = 4;

  std::string path_;
  FolderLock lock_;  // first to be taken, last to go
  bool is_new_ = false;
  bool log_was_missing_ = false;
  std::unique_ptr<SqliteConnection> writer_;
  db::WriteGate gate_;

  std::mutex mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;  // destroyed before the writer
  std::size_t readers_out_ = 0;
};

}  // namespace marketplug::store::sqlite
