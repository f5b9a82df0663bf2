#pragma once
// What an audit of orders takes and gives: the members and their names in JSON. Compile-time
// tables, nothing to own.

#include <array>
#include <string_view>
#include <tuple>

#include "host/json/order_fields.hpp"
#include "marketplug/capabilities/order_audit.hpp"

namespace marketplug::json {

template <>
struct Words<AuditWindow::By> {
  static constexpr std::array<std::string_view, 2> kAll{"changed", "placed"};
};

template <>
struct Fields<AuditWindow> {
  static constexpr auto kMembers = std::tuple{
      required("by", &AuditWindow::by),
      required("from", &AuditWindow::from),
      required("until", &AuditWindow::until),
  };
};

template <>
struct Fields<OrderSighting> {
  static constexpr auto kMembers = std::tuple{
      required("id", &OrderSighting::id),
      field("marketplace", &OrderSighting::marketplace),
      field("marketplace_status", &OrderSighting::marketplace_status),
      field("state", &OrderSighting::state),
      field("fulfilled_by", &OrderSighting::fulfilled_by),
      field("placed_at", &OrderSighting::placed_at),
      field("changed_at", &OrderSighting::changed_at),
  };
};

}  // namespace marketplug::json
