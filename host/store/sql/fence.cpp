#include "host/store/sql/fence.hpp"

#include <fmt/format.h>

#include "host/store/db/query.hpp"

namespace marketplug::store::sql {

std::int64_t hold_fence(db::Connection& connection, const OwnerToken& token) {
  db::Query query(connection,
                  "UPDATE shop_owner SET transactions = transactions + 1 "
                  "WHERE shop = $1 AND node = $2 AND fence = $3 RETURNING last_event",
                  token.shop, token.node, token.fence);
  if (query.next()) {
    const std::int64_t last_event = query.integer(0);
    query.next();  // to its end: only then is the statement done
    return last_event;
  }
  throw StoreError(StoreError::Kind::kFenced,
                   fmt::format("Shop {} does not belong to {} with fence {} any more; another "
                               "process goes on with it. Nothing was written.",
                               token.shop, token.node, token.fence));
}

}  // namespace marketplug::store::sql
