#include "host/store/db/query.hpp"

#include <chrono>
#include <utility>

#include "host/store/types.hpp"

namespace marketplug::store::db {
namespace {

template <class T>
T column_as(const Statement& statement, int column, const char* type) {
  const Value value = statement.column(column);
  if (const T* found = std::get_if<T>(&value)) return *found;
  throw StoreError(StoreError::Kind::kCorrupt,
                   "A column of the store holds something else than " + std::string(type) +
                       ". The database was changed by another program: restore a backup.");
}

}  // namespace

Query::Query(Connection& connection, std::string_view sql, std::span<const Value> arguments)
    : connection_(connection), statement_(connection.check_out(sql)) {
  try {
    int index = 0;
    for (const Value& argument : arguments) statement_.bind(++index, argument);
  } catch (...) {
    connection_.give_back(statement_);
    throw;
  }
}

bool Query::is_null(int column) const {
  return std::holds_alternative<std::monostate>(statement_.column(column));
}

std::int64_t Query::integer(int column) const {
  return column_as<std::int64_t>(statement_, column, "a whole number");
}

double Query::real(int column) const { return column_as<double>(statement_, column, "a number"); }

std::string Query::text(int column) const {
  return std::string(column_as<std::string_view>(statement_, column, "text"));
}

std::string Query::blob(int column) const {
  if (is_null(column)) return {};
  return std::string(column_as<Blob>(statement_, column, "bytes").bytes);
}

TimePoint Query::time(int column) const {
  return TimePoint{std::chrono::milliseconds{integer(column)}};
}

std::optional<TimePoint> Query::maybe_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

}  // namespace marketplug::store::db
