#pragma once
// One execution of one statement: binds on construction, gives row after row, hands the statement
// back when it goes out of scope. One thread, shorter-lived than its connection.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "host/store/db/connection.hpp"
#include "marketplug/result.hpp"

namespace marketplug::store::db {

inline std::int64_t to_millis(TimePoint time) noexcept { return time.time_since_epoch().count(); }

inline Value to_value(std::string_view text) { return text; }
inline Value to_value(Blob blob) { return blob; }
inline Value to_value(TimePoint time) { return to_millis(time); }
inline Value to_value(double number) { return number; }
template <class Number>
requires std::is_integral_v<Number> Value to_value(Number number) {
  return static_cast<std::int64_t>(number);
}
template <class T>
Value to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Value{};
}

/// What LIMIT takes for "at most `limit`".
inline std::int64_t row_limit(std::size_t limit) noexcept {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, 1u << 30));
}

class Query {
 public:
  template <class... Arguments>
  Query(Connection& connection, std::string_view sql, const Arguments&... arguments)
      : connection_(connection), statement_(connection.check_out(sql)) {
    try {
      [[maybe_unused]] int index = 0;
      (statement_.bind(++index, to_value(arguments)), ...);
    } catch (...) {
      connection_.give_back(statement_);
      throw;
    }
  }
  /// For statements put together at run time.
  Query(Connection& connection, std::string_view sql, std::span<const Value> arguments);
  ~Query() { connection_.give_back(statement_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  bool next() { return statement_.next(); }
  /// Columns from 0. A column of another type throws StoreError kCorrupt.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;  ///< NULL: empty
  TimePoint time(int column) const;
  std::optional<TimePoint> maybe_time(int column) const;

 private:
  Connection& connection_;
  Statement& statement_;
};

/// Runs a statement that gives no rows; returns how many it touched.
template <class... Arguments>
std::int64_t execute(Connection& connection, std::string_view sql, const Arguments&... arguments) {
  Query query(connection, sql, arguments...);
  while (query.next()) {
  }
  return connection.changes();
}

/// Inserts one row by a text that ends in {returning_key}; returns the identity it got, nullopt
/// where ON CONFLICT inserted nothing. An engine that knows the identity without a row to give
/// spares itself the row: SQLite would keep a journal of its own for each such statement.
template <class... Arguments>
std::optional<std::int64_t> insert(Connection& connection, std::string_view sql,
                                   const Arguments&... arguments) {
  Query query(connection, sql, arguments...);
  if (!query.next()) {
    if (connection.changes() == 0) return std::nullopt;
    return connection.inserted_key();
  }
  const std::int64_t key = query.integer(0);
  query.next();
  return key;
}

}  // namespace marketplug::store::db
