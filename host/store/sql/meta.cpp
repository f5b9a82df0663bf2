#include "host/store/sql/meta.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::optional<std::string> meta(db::Connection& connection, std::string_view name) {
  if (!connection.has_table("meta")) return std::nullopt;
  db::Query query(connection, "SELECT value FROM meta WHERE name = $1", name);
  if (!query.next()) return std::nullopt;
  return query.text(0);
}

void set_meta(db::Connection& connection, std::string_view name, std::string_view value) {
  db::execute(connection,
              "INSERT INTO meta (name, value) VALUES ($1, $2) "
              "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              name, value);
}

}  // namespace marketplug::store::sql
