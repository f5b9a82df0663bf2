#include "host/store/sql/ownership_repository.hpp"

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {
namespace {

std::vector<std::string> unowned_shops(db::Connection& connection, TimePoint now,
                                       std::size_t limit) {
  db::Query query(connection,
                  "SELECT o.shop FROM shop_owner o WHERE NOT EXISTS (SELECT 1 FROM node n "
                  "WHERE n.id = o.node AND n.epoch = o.node_epoch AND n.expires_at > $1) "
                  "ORDER BY o.shop LIMIT $2 {skip_locked}",
                  now, db::row_limit(limit));
  std::vector<std::string> shops;
  while (query.next()) shops.push_back(query.text(0));
  return shops;
}

std::int64_t take(db::Connection& connection, std::string_view shop, std::string_view node,
                  std::int64_t epoch) {
  db::Query query(connection,
                  "UPDATE shop_owner SET node = $2, node_epoch = $3, fence = fence + 1 "
                  "WHERE shop = $1 RETURNING fence",
                  shop, node, epoch);
  query.next();
  const std::int64_t fence = query.integer(0);
  query.next();
  return fence;
}

}  // namespace

OwnershipRepository::Registration OwnershipRepository::registration() {
  const std::lock_guard lock(mutex_);
  if (registration_.node.empty()) {
    throw StoreError(StoreError::Kind::kOther,
                     "This process is not registered with the store: register_node() comes first.");
  }
  return registration_;
}

void OwnershipRepository::register_node(std::string_view node, std::chrono::seconds lease) {
  if (node.empty()) {
    throw StoreError(StoreError::Kind::kConstraint, "A process needs a name to own shops.");
  }
  const std::int64_t epoch = db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection, "UPDATE shop_owner SET node = NULL, node_epoch = NULL WHERE node = $1",
                node);
    db::Query query(connection,
                    "INSERT INTO node (id, epoch, expires_at) VALUES ($1, 1, $2) "
                    "ON CONFLICT (id) DO UPDATE SET epoch = node.epoch + 1, "
                    "expires_at = excluded.expires_at RETURNING epoch",
                    node, context_.clock.now() + lease);
    query.next();
    const std::int64_t fresh = query.integer(0);
    query.next();
    return fresh;
  });
  const std::lock_guard lock(mutex_);
  registration_ = {std::string(node), epoch, lease};
}

bool OwnershipRepository::renew() {
  const Registration me = registration();
  return db::write(context_.database, [&](db::Connection& connection) {
    const TimePoint now = context_.clock.now();
    return db::execute(connection,
                       "UPDATE node SET expires_at = $3 "
                       "WHERE id = $1 AND epoch = $2 AND expires_at > $4",
                       me.node, me.epoch, now + me.lease, now) == 1;
  });
}

std::vector<OwnerToken> OwnershipRepository::claim(std::size_t limit) {
  const Registration me = registration();
  return db::write(context_.database, [&](db::Connection& connection) {
    const TimePoint now = context_.clock.now();
    std::vector<OwnerToken> tokens;
    // Whoever lets its lease run out takes nothing: renew() tells it so.
    if (!db::Query(connection,
                   "SELECT 1 FROM node WHERE id = $1 AND epoch = $2 AND expires_at > $3", me.node,
                   me.epoch, now)
             .next()) {
      return tokens;
    }
    for (std::string& shop : unowned_shops(connection, now, limit)) {
      const std::int64_t fence = take(connection, shop, me.node, me.epoch);
      tokens.push_back({std::move(shop), me.node, fence});
    }
    return tokens;
  });
}

void OwnershipRepository::release(const OwnerToken& token) {
  db::write(context_.database, [&](db::Connection& connection) {
    db::execute(connection,
                "UPDATE shop_owner SET node = NULL, node_epoch = NULL "
                "WHERE shop = $1 AND node = $2 AND fence = $3",
                token.shop, token.node, token.fence);
  });
}

void OwnershipRepository::forget_all(db::Connection& connection) {
  db::execute(connection,
              "UPDATE shop_owner SET node = NULL, node_epoch = NULL WHERE node IS NOT NULL");
  db::execute(connection, "DELETE FROM node");
}

}  // namespace marketplug::store::sql
