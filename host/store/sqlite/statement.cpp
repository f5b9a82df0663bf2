#include "host/store/sqlite/statement.hpp"

#include <cstdlib>

#include "host/store/sqlite/dialect.hpp"
#include "host/store/sqlite/errors.hpp"

namespace marketplug::store::sqlite {
namespace {

/// SQLite takes a null pointer for NULL, also where the length is 0.
const char* never_null(std::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }

struct Binder {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
  int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, never_null(text), text.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  }
  int operator()(db::Blob blob) const {
    return sqlite3_bind_blob64(statement, index, never_null(blob.bytes), blob.bytes.size(),
                               SQLITE_TRANSIENT);
  }
};

std::string_view bytes_of(sqlite3_stmt* statement, int index, const void* start) {
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
  return start == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(start), size);
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* handle, std::string_view sql, const std::string& path)
    : handle_(handle), path_(path) {
  const std::string text = to_sqlite(sql);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (code != SQLITE_OK) raise(handle, code, path, "preparing a statement");
  learn_places();
}

void SqliteStatement::learn_places() {
  // $2 is a name to SQLite: its place is where the text uses it first, not 2.
  const int count = sqlite3_bind_parameter_count(statement_.get());
  for (int place = 1; place <= count; ++place) {
    const char* const name = sqlite3_bind_parameter_name(statement_.get(), place);
    const std::size_t number = name == nullptr ? 0 : std::strtoul(name + 1, nullptr, 10);
    if (places_.size() <= number) places_.resize(number + 1, 0);
    places_[number] = place;
  }
}

void SqliteStatement::bind(int index, const db::Value& value) {
  const auto number = static_cast<std::size_t>(index);
  const int place = number < places_.size() ? places_[number] : 0;
  const int code = std::visit(Binder{statement_.get(), place}, value);
  if (code != SQLITE_OK) raise(handle_, code, path_, "binding a value");
}

bool SqliteStatement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  raise(handle_, code, path_, sqlite3_stmt_readonly(statement_.get()) != 0 ? "reading" : "writing");
}

db::Value SqliteStatement::column(int index) const {
  sqlite3_stmt* const statement = statement_.get();
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_TEXT:
      return bytes_of(statement, index, sqlite3_column_text(statement, index));
    case SQLITE_BLOB:
      return db::Blob{bytes_of(statement, index, sqlite3_column_blob(statement, index))};
    default:
      return std::monostate{};
  }
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

}  // namespace marketplug::store::sqlite
