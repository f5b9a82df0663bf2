#pragma once
// What may be sent to the marketplace about an order: one answer, asked when an export is entered
// and again just before it is sent. Pure functions, any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "marketplug/model/order.hpp"

namespace marketplug::sync {

enum class ExportKind : std::uint8_t { kShipment, kCancellation, kRefund };
std::string_view to_string(ExportKind kind) noexcept;  // "shipment" …

/// exports.buyer_cancel of the shop.
enum class BuyerCancel : std::uint8_t { kHold, kPass };

struct ExportAnswer {
  enum class Kind : std::uint8_t {
    kAllowed,
    kHeld,     ///< not now; what it waits for may come, or a person decides
    kRefused,  ///< never for this order as it is
  };
  Kind kind = Kind::kAllowed;
  std::string code;    ///< "buyer_cancel", "marketplace_fulfilled" …; empty: allowed
  std::string reason;  ///< for a person, nothing personal; empty: allowed

  bool operator==(const ExportAnswer&) const = default;
};
std::string_view to_string(ExportAnswer::Kind kind) noexcept;  // "allowed", "held", "refused"

/// `lines`: ids of those that it is about; empty: the whole order.
ExportAnswer export_answer(const Order& order, ExportKind kind, BuyerCancel buyer_cancel,
                           std::span<const std::string> lines = {});

}  // namespace marketplug::sync
