#pragma once
// Every sink of the SDK: what it takes and how it is called. A sink more is an entry here, its
// table in host/json/sink_fields.hpp and its two methods in remote_sinks.hpp. Compile-time tables.

#include <string>
#include <string_view>

#include "marketplug/capabilities/cancellation_sink.hpp"
#include "marketplug/capabilities/price_sink.hpp"
#include "marketplug/capabilities/publish_sink.hpp"
#include "marketplug/capabilities/refund_sink.hpp"
#include "marketplug/capabilities/shipment_sink.hpp"
#include "marketplug/capabilities/stock_sink.hpp"

namespace marketplug::isolation {

/// `kName`: what its items are called, as in the names of its methods.
template <class Sink>
struct SinkCalls;

template <>
struct SinkCalls<ShipmentSink> {
  using Item = Shipment;
  static constexpr std::string_view kName = "shipments";
  static constexpr auto kPush = &ShipmentSink::push_shipments;
  static constexpr auto kVerify = &ShipmentSink::verify_shipments;
};

template <>
struct SinkCalls<CancellationSink> {
  using Item = CancelOrder;
  static constexpr std::string_view kName = "cancellations";
  static constexpr auto kPush = &CancellationSink::push_cancellations;
  static constexpr auto kVerify = &CancellationSink::verify_cancellations;
};

template <>
struct SinkCalls<RefundSink> {
  using Item = Refund;
  static constexpr std::string_view kName = "refunds";
  static constexpr auto kPush = &RefundSink::push_refunds;
  static constexpr auto kVerify = &RefundSink::verify_refunds;
};

template <>
struct SinkCalls<StockSink> {
  using Item = StockLevel;
  static constexpr std::string_view kName = "stock";
  static constexpr auto kPush = &StockSink::push_stock;
  static constexpr auto kVerify = &StockSink::verify_stock;
};

template <>
struct SinkCalls<PriceSink> {
  using Item = OfferPrice;
  static constexpr std::string_view kName = "prices";
  static constexpr auto kPush = &PriceSink::push_prices;
  static constexpr auto kVerify = &PriceSink::verify_prices;
};

template <>
struct SinkCalls<PublishSink> {
  using Item = Publication;
  static constexpr std::string_view kName = "publications";
  static constexpr auto kPush = &PublishSink::push_publications;
  static constexpr auto kVerify = &PublishSink::verify_publications;
};

template <class... Sinks>
struct SinkList {
  /// Who offers all of them.
  class Doors : public Sinks... {};
  /// f.operator()<Sink>() for each.
  template <class F>
  static void each(const F& f) {
    (f.template operator()<Sinks>(), ...);
  }
};

using AllSinks =
    SinkList<ShipmentSink, CancellationSink, RefundSink, StockSink, PriceSink, PublishSink>;

/// The names of the calls on the wire: "push_stock", "verify_stock".
template <class Sink>
std::string push_call() {
  return "push_" + std::string(SinkCalls<Sink>::kName);
}
template <class Sink>
std::string verify_call() {
  return "verify_" + std::string(SinkCalls<Sink>::kName);
}

}  // namespace marketplug::isolation
