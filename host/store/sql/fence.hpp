#pragma once
// The first statement of every data transaction of a shop: without the owner's fence nothing is
// written (docs/design/store.md, "Fencing").

#include <cstdint>

#include "host/store/db/connection.hpp"
#include "host/store/types.hpp"

namespace marketplug::store::sql {

/// Locks the shop's row for this transaction and gives its last event number. StoreError kFenced
/// where the token is not the owner's any more.
std::int64_t hold_fence(db::Connection& connection, const OwnerToken& token);

}  // namespace marketplug::store::sql
