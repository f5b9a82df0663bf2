#pragma once
// A parcel that the merchant has sent and the marketplace must hear of. Plain values; schema:
// schemas/shipment.schema.json. The host makes one for each parcel and keeps it unchanged until its
// export has ended: a parcel that is sent twice has the same key and the same number.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "marketplug/model/address.hpp"
#include "marketplug/model/order.hpp"

namespace marketplug {

struct Shipment {
  std::string key;             ///< the host's idempotency key
  std::string order_id;        ///< the marketplace's
  std::string marketplace_id;  ///< the marketplace's own id, as in Order
  /// The parcel's number within its order, from 1, never given twice: for marketplaces that want a
  /// reference of the caller's.
  std::int64_t number = 0;
  std::string reference;  ///< the merchant's own name of the parcel; may be empty
  std::string carrier;  ///< code or name that the marketplace knows, by the shop's carrier mapping
  std::string carrier_name;     ///< free text, where `carrier` is none that the marketplace knows
  std::string service;          ///< the carrier's service; may be empty
  std::string tracking_number;  ///< empty: sent without tracking
  TimePoint shipped_at{};
  std::optional<Address> ship_from;  ///< the merchant's: not personal
  std::vector<ParcelItem> items;     ///< never empty; quantities from 1
  std::string attributes;            ///< JSON object text of what these fields lack; empty: none

  bool operator==(const Shipment&) const = default;
};

}  // namespace marketplug
