#pragma once
// The members of a return and their names in JSON (schemas/return.schema.json). Compile-time
// tables, nothing to own.

#include <array>
#include <string_view>
#include <tuple>

#include "host/json/order_fields.hpp"
#include "marketplug/model/return.hpp"

namespace marketplug::json {

template <>
struct Words<ReturnState> {
  static constexpr std::array<std::string_view, 6> kAll{"unknown",  "requested", "authorized",
                                                        "received", "closed",    "rejected"};
};

template <>
struct Fields<ReturnLine> {
  static constexpr auto kMembers = std::tuple{
      field("line_id", &ReturnLine::line_id),
      field("sku", &ReturnLine::sku),
      field("product_id", &ReturnLine::product_id),
      field("title", &ReturnLine::title),
      required("quantity", &ReturnLine::quantity),
      field("reason", &ReturnLine::reason),
      field("resolution", &ReturnLine::resolution),
      field("condition", &ReturnLine::condition),
      field("refund_amount", &ReturnLine::refund_amount),
      object("attributes", &ReturnLine::attributes),
  };
  static constexpr auto kPersonal = std::tuple{
      field("buyer_comment", &ReturnLine::buyer_comment),
  };
};

template <>
struct Fields<BuyerReturn> {
  static constexpr auto kMembers = std::tuple{
      required("id", &BuyerReturn::id),
      required("order_id", &BuyerReturn::order_id),
      field("marketplace", &BuyerReturn::marketplace),
      required("state", &BuyerReturn::state),
      field("marketplace_status", &BuyerReturn::marketplace_status),
      required("fulfilled_by", &BuyerReturn::fulfilled_by),
      field("requested_at", &BuyerReturn::requested_at),
      field("received_at", &BuyerReturn::received_at),
      field("changed_at", &BuyerReturn::changed_at),
      field("carrier", &BuyerReturn::carrier),
      field("tracking_number", &BuyerReturn::tracking_number),
      required("lines", &BuyerReturn::lines),
      object("attributes", &BuyerReturn::attributes),
  };
  static constexpr auto kPersonal = std::tuple{};
};

}  // namespace marketplug::json
