#pragma once
// A connector with every sink. What it does with an item stands in the item's key: "crash", "hang",
// "throw", "fail"; or what is wrong with its answer: "foreign key", "twice", "wrong kind", "huge".
// Other items are accepted, by the name of the method that was called.

#include <marketplug/plugin.hpp>

#include <span>
#include <string>

#include "falls.hpp"
#include "zoo.hpp"

namespace zoo {

using marketplug::Cursor;
using marketplug::Result;
using marketplug::SinkStep;
using marketplug::StepContext;
using marketplug::VerifyStep;
template <class Item>
using Items = std::span<const Item>;

template <class Said>
void spoil(std::vector<Said>& list) {
  const std::string key = list.back().key;
  if (key == "foreign key") list.back().key = "of nobody";
  if (key == "twice") list.push_back(Said(list.back()));
  if (key == "wrong kind") list.back().kind = static_cast<typename Said::Kind>(9);
  if (key == "huge") list.back().remote_id.assign(80u << 20, 'x');
}

template <class Step, class Said, class Item>
Result<Step> answer(const char* method, std::vector<Said> Step::*list, typename Said::Kind kind,
                    Items<Item> items, const Cursor& continuation) {
  Step step;
  for (const Item& item : items) {
    fall(item.key, "a sink");
    if (item.key == "fail") return whole_failure();
    auto& said = (step.*list).emplace_back();
    said.key = item.key;
    said.kind = kind;
    said.remote_id = method;
    spoil(step.*list);
  }
  if (!continuation.value.empty()) step.continuation.value = continuation.value + " again";
  return step;
}

#define ZOO_SINK(name, Item)                                                                      \
  Result<SinkStep> push_##name(Items<marketplug::Item> items, const Cursor& at, StepContext&)     \
      override {                                                                                  \
    return answer<SinkStep>("push_" #name, &SinkStep::outcomes,                                   \
                            marketplug::ItemOutcome::Kind::kAccepted, items, at);                 \
  }                                                                                               \
  Result<VerifyStep> verify_##name(Items<marketplug::Item> items, const Cursor& at, StepContext&) \
      override {                                                                                  \
    return answer<VerifyStep>("verify_" #name, &VerifyStep::verdicts,                             \
                              marketplug::ItemVerdict::Kind::kApplied, items, at);                \
  }

class AllSinks
    : public marketplug::ConnectorWith<marketplug::ShipmentSink, marketplug::CancellationSink,
                                       marketplug::RefundSink, marketplug::StockSink,
                                       marketplug::PriceSink, marketplug::PublishSink> {
 public:
  static constexpr marketplug::PluginInfo kInfo{"bad", "Bad plugin", "1.0.0"};
  static std::string_view settings_schema() noexcept { return Animal::settings_schema(); }
  AllSinks(marketplug::Host&, std::string_view) {}
  std::vector<marketplug::Finding> check(StepContext&) override { return {}; }
  ZOO_SINK(shipments, Shipment)
  ZOO_SINK(cancellations, CancelOrder)
  ZOO_SINK(refunds, Refund)
  ZOO_SINK(stock, StockLevel)
  ZOO_SINK(prices, OfferPrice)
  ZOO_SINK(publications, Publication)
};

}  // namespace zoo
