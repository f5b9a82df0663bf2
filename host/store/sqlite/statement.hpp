#pragma once
// A prepared SQLite statement. Belongs to one connection, used by its thread.

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/db/connection.hpp"

namespace marketplug::store::sqlite {

class SqliteStatement final : public db::Statement {
 public:
  /// `path` is for messages and outlives the statement.
  SqliteStatement(sqlite3* handle, std::string_view sql, const std::string& path);

  void bind(int index, const db::Value& value) override;
  bool next() override;
  db::Value column(int index) const override;

  /// Ready for the next use; lets go of what was bound and of its read lock.
  void reset() noexcept;
  bool in_use = false;
  bool kept = true;  ///< false: made because the kept one was in use

 private:
  void learn_places();

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  sqlite3* handle_;
  const std::string& path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::vector<int> places_;  // of $1, $2 …
};

}  // namespace marketplug::store::sqlite
