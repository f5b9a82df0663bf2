#include "host/store/sqlite/statement.hpp"

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
}

void SqliteStatement::bind(int index, const db::Value& value) {
  // $1 is a name to SQLite: its place depends on where the text uses it first.
  const std::string name = "$" + std::to_string(index);
  const int place = sqlite3_bind_parameter_index(statement_.get(), name.c_str());
  const int code = std::visit(Binder{statement_.get(), place}, value);
  if (code != SQLITE_OK) raise(handle_, code, path_, "binding " + name);
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
