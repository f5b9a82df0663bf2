#pragma once
// What sinks take and give: the members of their objects and the names of these in JSON, as in
// schemas/*.schema.json. Compile-time tables, nothing to own.

#include <array>
#include <string_view>

#include "host/json/order_fields.hpp"
#include "marketplug/model/cancellation.hpp"
#include "marketplug/model/price.hpp"
#include "marketplug/model/publication.hpp"
#include "marketplug/model/refund.hpp"
#include "marketplug/model/shipment.hpp"
#include "marketplug/model/stock.hpp"
#include "marketplug/step.hpp"

namespace marketplug::json {

template <>
struct Words<CancelReason> {
  static constexpr std::array<std::string_view, 6> kAll{"other",         "no_inventory",
                                                        "buyer_request", "undeliverable_address",
                                                        "exchange",      "pricing_error"};
};

template <>
struct Words<RefundReason> {
  static constexpr std::array<std::string_view, 10> kAll{
      "other",   "customer_return", "goodwill",     "not_delivered", "wrong_item",
      "damaged", "buyer_cancelled", "no_inventory", "pricing_error", "exchange"};
};

template <>
struct Words<PublishState> {
  static constexpr std::array<std::string_view, 3> kAll{"unchanged", "published", "withdrawn"};
};

template <>
struct Words<ItemOutcome::Kind> {
  static constexpr std::array<std::string_view, 4> kAll{"undecided", "accepted", "rejected",
                                                        "retry_at"};
};

template <>
struct Words<ItemVerdict::Kind> {
  static constexpr std::array<std::string_view, 4> kAll{"unknown", "applied", "absent",
                                                        "different"};
};

template <>
struct Fields<Shipment> {
  static constexpr auto kMembers = std::tuple{
      required("key", &Shipment::key),
      field("order_id", &Shipment::order_id),
      field("marketplace_id", &Shipment::marketplace_id),
      field("number", &Shipment::number),
      field("reference", &Shipment::reference),
      field("carrier", &Shipment::carrier),
      field("carrier_name", &Shipment::carrier_name),
      field("service", &Shipment::service),
      field("tracking_number", &Shipment::tracking_number),
      field("shipped_at", &Shipment::shipped_at),
      field("ship_from", &Shipment::ship_from),
      field("items", &Shipment::items),
      object("attributes", &Shipment::attributes),
  };
};

template <>
struct Fields<CancelLine> {
  static constexpr auto kMembers = std::tuple{
      required("line_id", &CancelLine::line_id),
      required("quantity", &CancelLine::quantity),
  };
};

template <>
struct Fields<CancelOrder> {
  static constexpr auto kMembers = std::tuple{
      required("key", &CancelOrder::key),
      field("order_id", &CancelOrder::order_id),
      field("marketplace_id", &CancelOrder::marketplace_id),
      field("reason", &CancelOrder::reason),
      field("marketplace_reason", &CancelOrder::marketplace_reason),
      field("lines", &CancelOrder::lines),
      object("attributes", &CancelOrder::attributes),
  };
};

template <>
struct Fields<RefundLine> {
  static constexpr auto kMembers = std::tuple{
      required("line_id", &RefundLine::line_id),
      field("quantity", &RefundLine::quantity),
      field("reason", &RefundLine::reason),
      field("marketplace_reason", &RefundLine::marketplace_reason),
      field("charges", &RefundLine::charges),
  };
};

template <>
struct Fields<Refund> {
  static constexpr auto kMembers = std::tuple{
      required("key", &Refund::key),
      field("order_id", &Refund::order_id),
      field("marketplace_id", &Refund::marketplace_id),
      field("return_id", &Refund::return_id),
      field("lines", &Refund::lines),
      object("attributes", &Refund::attributes),
  };
};

template <>
struct Fields<StockLevel> {
  static constexpr auto kMembers = std::tuple{
      required("key", &StockLevel::key),
      field("sku", &StockLevel::sku),
      required("quantity", &StockLevel::quantity),
      field("lead_time_days", &StockLevel::lead_time_days),
      field("restock_at", &StockLevel::restock_at),
      object("attributes", &StockLevel::attributes),
  };
};

template <>
struct Fields<SalePrice> {
  static constexpr auto kMembers = std::tuple{
      required("price", &SalePrice::price),
      field("window", &SalePrice::window),
  };
};

template <>
struct Fields<OfferPrice> {
  static constexpr auto kMembers = std::tuple{
      required("key", &OfferPrice::key),
      field("sku", &OfferPrice::sku),
      field("marketplace_id", &OfferPrice::marketplace_id),
      required("price", &OfferPrice::price),
      field("list_price", &OfferPrice::list_price),
      field("sale", &OfferPrice::sale),
      field("minimum", &OfferPrice::minimum),
      field("maximum", &OfferPrice::maximum),
      object("attributes", &OfferPrice::attributes),
  };
};

template <>
struct Fields<Publication> {
  static constexpr auto kMembers = std::tuple{
      required("key", &Publication::key),
      field("sku", &Publication::sku),
      field("marketplace_id", &Publication::marketplace_id),
      field("state", &Publication::state),
      object("attributes", &Publication::attributes),
  };
};

template <>
struct Fields<ItemOutcome> {
  static constexpr auto kMembers = std::tuple{
      required("key", &ItemOutcome::key),          required("kind", &ItemOutcome::kind),
      field("remote_id", &ItemOutcome::remote_id), field("code", &ItemOutcome::code),
      field("message", &ItemOutcome::message),     field("remedy", &ItemOutcome::remedy),
      field("retry_at", &ItemOutcome::retry_at),
  };
};

template <>
struct Fields<SinkStep> {
  static constexpr auto kMembers = std::tuple{
      required("outcomes", &SinkStep::outcomes),
      field("continuation", &SinkStep::continuation),
      field("resume_at", &SinkStep::resume_at),
  };
};

template <>
struct Fields<ItemVerdict> {
  static constexpr auto kMembers = std::tuple{
      required("key", &ItemVerdict::key),
      required("kind", &ItemVerdict::kind),
      field("remote_id", &ItemVerdict::remote_id),
      field("found", &ItemVerdict::found),
      field("look_again_at", &ItemVerdict::look_again_at),
  };
};

template <>
struct Fields<VerifyStep> {
  static constexpr auto kMembers = std::tuple{
      required("verdicts", &VerifyStep::verdicts),
      field("continuation", &VerifyStep::continuation),
      field("resume_at", &VerifyStep::resume_at),
  };
};

}  // namespace marketplug::json
