#pragma once
// What the repositories know of a database: connections and prepared statements, no engine. One SQL
// text with $1, $2 … and a few {words} (see the migrations) serves every engine. A connection is
// used by one thread at a time; it owns its statements. Failures are thrown as StoreError.

#include <cstdint>
#include <string_view>
#include <variant>

namespace marketplug::store::db {

struct Blob {
  std::string_view bytes;
};

/// What a placeholder gets and a column gives. Views: of the caller's memory on the way in (copied
/// by bind()), of the statement's on the way out (valid until its next step).
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

class Statement {
 public:
  virtual ~Statement() = default;
  virtual void bind(int index, const Value& value) = 0;  ///< from 1, as in $1
  virtual bool next() = 0;                               ///< true: there is a row
  virtual Value column(int index) const = 0;             ///< from 0
};

class Connection {
 public:
  virtual ~Connection() = default;
  /// Prepared once per text and kept. The caller gives it back; see Query.
  virtual Statement& check_out(std::string_view sql) = 0;
  virtual void give_back(Statement& statement) noexcept = 0;
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  virtual std::int64_t changes() const = 0;
  /// The identity of the row that the last INSERT made, where that INSERT gave it no other way; see
  /// insert().
  virtual std::int64_t inserted_key() const = 0;
  /// Several statements without placeholders.
  virtual void run_script(std::string_view sql) = 0;
  virtual bool has_table(std::string_view name) = 0;

  /// For Transaction only. begin() takes the right to write at once, never at the first write.
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void roll_back() noexcept = 0;
};

}  // namespace marketplug::store::db
