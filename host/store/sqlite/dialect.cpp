#include "host/store/sqlite/dialect.hpp"

#include <array>
#include <utility>

#include "host/store/types.hpp"

namespace marketplug::store::sqlite {
namespace {

/// STRICT keeps SQLite from storing what PostgreSQL would refuse.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kWords = {{
    {"text", "TEXT"},
    {"bigint", "INTEGER"},
    {"double", "REAL"},
    {"blob", "BLOB"},
    {"bigint_identity", "INTEGER PRIMARY KEY AUTOINCREMENT"},
    {"bigint_key", "INTEGER PRIMARY KEY"},
    {"empty_blob", "x''"},
    {"table", "STRICT"},
    {"clustered", "STRICT, WITHOUT ROWID"},
    {"skip_locked", ""},  // one writer: nothing to skip
    {"returning_key", ""},
}};

std::string_view word_for(std::string_view name) {
  for (const auto& [word, meaning] : kWords) {
    if (word == name) return meaning;
  }
  throw StoreError(StoreError::Kind::kOther,
                   "The SQL text uses an unknown word {" + std::string(name) + "}.");
}

std::size_t end_of_comment(std::string_view sql, std::size_t at) {
  const std::size_t end = sql.find('\n', at);
  return end == std::string_view::npos ? sql.size() : end;
}

}  // namespace

std::string to_sqlite(std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 64);
  for (std::size_t at = 0; at < sql.size();) {
    if (sql.substr(at, 2) == "--") {
      at = end_of_comment(sql, at);
      continue;
    }
    const std::size_t close = sql[at] == '{' ? sql.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += sql[at++];
    } else {
      out += word_for(sql.substr(at + 1, close - at - 1));
      at = close + 1;
    }
  }
  return out;
}

}  // namespace marketplug::store::sqlite
