#pragma once
// One SQLite connection, either the one that writes and checkpoints or one that only reads. Used by
// one thread at a time. Why each setting: docs/design/store.md.

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "host/store/db/connection.hpp"
#include "host/store/sqlite/statement.hpp"

namespace marketplug::store::sqlite {

class SqliteConnection final : public db::Connection {
 public:
  enum class Role : std::uint8_t { kWriter, kReader };

  /// The file must exist. Throws StoreError; a file of another program is refused unchanged.
  SqliteConnection(const std::string& path, Role role);

  db::Statement& check_out(std::string_view sql) override;
  void give_back(db::Statement& statement) noexcept override;
  std::int64_t changes() const override;
  std::int64_t inserted_key() const override;
  void run_script(std::string_view sql) override;
  bool has_table(std::string_view name) override;
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

  /// Writes the whole log into the database file and empties the log. False: readers are in the
  /// way.
  bool truncate_log();
  /// Ends the statement under way with an error. Any thread, while the connection lives.
  void interrupt() noexcept { sqlite3_interrupt(handle_.get()); }
  /// Whether closing leaves database and log as they are.
  void keep_log_at_close(bool keep) noexcept;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  void open();
  void leave_stuck_transaction();
  void configure(Role role);
  static int after_commit(void* self, sqlite3* handle, const char* database, int pages);
  void claim_file();
  void refuse_moved_file();

  std::string path_;
  Role role_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, std::unique_ptr<SqliteStatement>, std::less<>> statements_;
};

}  // namespace marketplug::store::sqlite
