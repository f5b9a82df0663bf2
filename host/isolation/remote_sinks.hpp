#pragma once
// The sinks of a connector that lives in a worker: each call is a frame with all its items, each
// answer a frame with outcomes or verdicts. One call at a time.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "host/isolation/sink_calls.hpp"
#include "host/isolation/wire_sinks.hpp"

namespace marketplug::isolation {

class RemoteSinks : public AllSinks::Doors {
 public:
  template <class Item>
  using Items = std::span<const Item>;

  Result<SinkStep> push_shipments(Items<Shipment> items, const Cursor& at,
                                  StepContext& ctx) override {
    return push<ShipmentSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_shipments(Items<Shipment> items, const Cursor& at,
                                      StepContext& ctx) override {
    return verify<ShipmentSink>(items, at, ctx);
  }
  Result<SinkStep> push_cancellations(Items<CancelOrder> items, const Cursor& at,
                                      StepContext& ctx) override {
    return push<CancellationSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_cancellations(Items<CancelOrder> items, const Cursor& at,
                                          StepContext& ctx) override {
    return verify<CancellationSink>(items, at, ctx);
  }
  Result<SinkStep> push_refunds(Items<Refund> items, const Cursor& at, StepContext& ctx) override {
    return push<RefundSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_refunds(Items<Refund> items, const Cursor& at,
                                    StepContext& ctx) override {
    return verify<RefundSink>(items, at, ctx);
  }
  Result<SinkStep> push_stock(Items<StockLevel> items, const Cursor& at,
                              StepContext& ctx) override {
    return push<StockSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_stock(Items<StockLevel> items, const Cursor& at,
                                  StepContext& ctx) override {
    return verify<StockSink>(items, at, ctx);
  }
  Result<SinkStep> push_prices(Items<OfferPrice> items, const Cursor& at,
                               StepContext& ctx) override {
    return push<PriceSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_prices(Items<OfferPrice> items, const Cursor& at,
                                   StepContext& ctx) override {
    return verify<PriceSink>(items, at, ctx);
  }
  Result<SinkStep> push_publications(Items<Publication> items, const Cursor& at,
                                     StepContext& ctx) override {
    return push<PublishSink>(items, at, ctx);
  }
  Result<VerifyStep> verify_publications(Items<Publication> items, const Cursor& at,
                                         StepContext& ctx) override {
    return verify<PublishSink>(items, at, ctx);
  }

 protected:
  /// What the worker answers to that call.
  virtual Result<boost::json::value> call(std::string_view method, boost::json::object frame,
                                          StepContext& ctx) = 0;
  /// For an answer that cannot be read: ends the worker.
  virtual Failure senseless(std::string_view method, const std::exception& error) = 0;

  template <class T, class Decode>
  Result<T> step(std::string_view method, boost::json::object frame, StepContext& ctx,
                 const Decode& decode) {
    auto answer = call(method, std::move(frame), ctx);
    if (!answer) return answer.failure();
    try {
      return decode(answer.value());
    } catch (const std::exception& error) {
      return senseless(method, error);
    }
  }

  /// Pointer to the sink of that id; nullptr: it is none.
  void* sink(std::string_view id) noexcept {
    void* found = nullptr;
    AllSinks::each([&]<class Sink>() {
      if (id == Sink::kId) found = static_cast<Sink*>(this);
    });
    return found;
  }

 private:
  template <class Sink, class Item>
  Result<SinkStep> push(Items<Item> items, const Cursor& at, StepContext& ctx) {
    return send<SinkStep>(push_call<Sink>(), items, at, ctx);
  }
  template <class Sink, class Item>
  Result<VerifyStep> verify(Items<Item> items, const Cursor& at, StepContext& ctx) {
    return send<VerifyStep>(verify_call<Sink>(), items, at, ctx);
  }
  template <class Step, class Item>
  Result<Step> send(const std::string& method, Items<Item> items, const Cursor& at,
                    StepContext& ctx) {
    boost::json::array list;
    for (const Item& item : items) list.push_back(wire::fields(item));
    return step<Step>(
        method, {{"items", std::move(list)}, {"continuation", wire::text(at.value)}}, ctx,
        [&](const boost::json::value& from) { return wire::answer_of<Step>(from, items); });
  }
};

}  // namespace marketplug::isolation
