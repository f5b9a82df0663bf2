#pragma once
// One shop at the marketplace: what the host calls.

#include <marketplug/plugin.hpp>

#include "src/client.hpp"

namespace marketplug::market {

template <class Item>
using Items = std::span<const Item>;

class Connector final : public ConnectorWith<OrderSource, StockSink, ShipmentSink> {
 public:
  static constexpr PluginInfo kInfo{"example-market", "Example Market", "0.1.0"};
  static std::string_view settings_schema() noexcept;
  Connector(Host& host, std::string_view settings_json);
  std::vector<Finding> check(StepContext& ctx) override;
  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) override;
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) override;
  Result<SinkStep> push_stock(Items<StockLevel>, const Cursor&, StepContext&) override;
  Result<VerifyStep> verify_stock(Items<StockLevel>, const Cursor&, StepContext&) override;
  Result<SinkStep> push_shipments(Items<Shipment>, const Cursor&, StepContext&) override;
  Result<VerifyStep> verify_shipments(Items<Shipment>, const Cursor&, StepContext&) override;

 private:
  Client client_;
};

}  // namespace marketplug::market
