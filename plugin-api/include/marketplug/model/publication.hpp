#pragma once
// Whether a SKU shall be for sale at one marketplace: a state, so sending it twice does no harm.
// Plain values; schema: schemas/publication.schema.json.

#include <cstdint>
#include <string>

namespace marketplug {

enum class PublishState : std::uint8_t {
  kUnchanged = 0,  ///< never sent; a forgotten member decides nothing
  kPublished,      ///< for sale as soon as stock and price allow
  kWithdrawn,      ///< not for sale; what is known of it stays
};

struct Publication {
  std::string key;  ///< the host's idempotency key
  std::string sku;
  std::string marketplace_id;  ///< the marketplace's own id, as in Order
  PublishState state = PublishState::kUnchanged;
  std::string attributes;  ///< JSON object text of what these fields lack; empty: none

  bool operator==(const Publication&) const = default;
};

}  // namespace marketplug
