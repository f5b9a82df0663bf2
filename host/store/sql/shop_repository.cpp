#include "host/store/sql/shop_repository.hpp"

#include <fmt/format.h>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

ShopRecord read_shop(const db::Query& query) {
  ShopRecord shop;
  shop.id = query.text(0);
  shop.source = query.text(1);
  shop.revision = query.integer(2);
  shop.enabled = query.integer(3) != 0;
  shop.document = query.text(4);
  shop.state = query.text(5);
  shop.state_reason = query.text(6);
  shop.updated_at = query.time(7);
  return shop;
}

std::optional<ShopRecord> find_shop(db::Connection& connection, std::string_view id) {
  db::Query query(connection,
                  "SELECT id, source, revision, enabled, document, state, state_reason, updated_at "
                  "FROM shop WHERE id = $1",
                  id);
  if (!query.next()) return std::nullopt;
  return read_shop(query);
}

void insert_shop(db::Connection& connection, const ShopRecord& shop, TimePoint now) {
  const std::string_view state = !shop.state.empty() ? std::string_view(shop.state)
                                 : shop.enabled      ? "not_running"
                                                     : "disabled";
  db::execute(connection,
              "INSERT INTO shop (id, source, revision, enabled, document, state, state_reason, "
              "updated_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7)",
              shop.id, shop.source, shop.enabled, shop.document, state, shop.state_reason, now);
  db::execute(connection,
              "INSERT INTO shop_owner (shop, fence, transactions, last_event) VALUES ($1, 0, 0, 0)",
              shop.id);
}

[[noreturn]] void raise_unknown(std::string_view id) {
  throw StoreError(StoreError::Kind::kNotFound,
                   fmt::format("There is no shop {}; `marketplug shops list` names them.", id));
}

}  // namespace

std::vector<ShopRecord> ShopRepository::list() {
  const db::Lease lease = context_.database.reader();
  db::Query query(lease.connection(),
                  "SELECT id, source, revision, enabled, document, state, state_reason, updated_at "
                  "FROM shop ORDER BY id");
  std::vector<ShopRecord> shops;
  while (query.next()) shops.push_back(read_shop(query));
  return shops;
}

std::optional<ShopRecord> ShopRepository::find(std::string_view id) {
  const db::Lease lease = context_.database.reader();
  return find_shop(lease.connection(), id);
}

ShopRecord ShopRepository::put(const ShopRecord& shop) {
  if (shop.id.empty()) {
    throw StoreError(StoreError::Kind::kConstraint, "A shop needs an id; nothing was written.");
  }
  return db::write(context_.database, [&](db::Connection& connection) {
    const TimePoint now = context_.clock.now();
    const auto stored = find_shop(connection, shop.id);
    if (!stored) {
      insert_shop(connection, shop, now);
      context_.seals.ensure_key(connection, shop.id);
    } else if (stored->source != shop.source || stored->enabled != shop.enabled ||
               stored->document != shop.document) {
      db::execute(connection,
                  "UPDATE shop SET source = $2, enabled = $3, document = $4, "
                  "revision = revision + 1, updated_at = $5 WHERE id = $1",
                  shop.id, shop.source, shop.enabled, shop.document, now);
    }
    return *find_shop(connection, shop.id);
  });
}

void ShopRepository::set_enabled(std::string_view id, bool enabled) {
  db::write(context_.database, [&](db::Connection& connection) {
    const auto stored = find_shop(connection, id);
    if (!stored) raise_unknown(id);
    if (stored->enabled == enabled) return;
    db::execute(connection,
                "UPDATE shop SET enabled = $2, revision = revision + 1, updated_at = $3 "
                "WHERE id = $1",
                id, enabled, context_.clock.now());
  });
}

void ShopRepository::set_state(std::string_view id, std::string_view state,
                               std::string_view reason) {
  db::write(context_.database, [&](db::Connection& connection) {
    write_state(connection, id, state, reason, context_.clock.now());
  });
}

void ShopRepository::write_state(db::Connection& connection, std::string_view id,
                                 std::string_view state, std::string_view reason, TimePoint now) {
  const std::int64_t found = db::execute(
      connection, "UPDATE shop SET state = $2, state_reason = $3, updated_at = $4 WHERE id = $1",
      id, state, reason, now);
  if (found == 0) raise_unknown(id);
}

}  // namespace marketplug::store::sql
