#pragma once
// GoogleMock mocks, one per capability of a plugin, for tests of what calls plugins. Several of
// them behind one connector: class Shop : public ConnectorWith<...> that hands on to them.
// GoogleMock's own rules for threads hold; each test owns its mocks.

#include <gmock/gmock.h>

#include <span>
#include <string_view>
#include <vector>

#include "marketplug/capabilities/cancellation_sink.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/price_sink.hpp"
#include "marketplug/capabilities/publish_sink.hpp"
#include "marketplug/capabilities/refund_sink.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/capabilities/shipment_sink.hpp"
#include "marketplug/capabilities/stock_sink.hpp"
#include "marketplug/connector.hpp"

namespace marketplug::testing {

class MockConnector : public Connector {
 public:
  MOCK_METHOD(std::vector<Finding>, check, (StepContext & ctx), (override));
  MOCK_METHOD(void*, query, (std::string_view capability_id), (noexcept, override));
};

class MockOrderSource : public OrderSource {
 public:
  MOCK_METHOD(Result<Page<Order>>, fetch_orders, (const Cursor& cursor, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_order, (std::string_view id, StepContext& ctx),
              (override));
};

class MockOrderAudit : public OrderAudit {
 public:
  MOCK_METHOD(Result<Page<OrderSighting>>, fetch_sightings,
              (const AuditWindow& window, const Cursor& cursor, StepContext& ctx), (override));
};

class MockReturnSource : public ReturnSource {
 public:
  MOCK_METHOD(Result<Page<BuyerReturn>>, fetch_returns, (const Cursor& cursor, StepContext& ctx),
              (override));
};

class MockOptionsSource : public OptionsSource {
 public:
  MOCK_METHOD(Result<std::vector<Option>>, options, (std::string_view catalogue, StepContext& ctx),
              (override));
};

class MockShipmentSink : public ShipmentSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_shipments,
              (std::span<const Shipment> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_shipments,
              (std::span<const Shipment> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

class MockCancellationSink : public CancellationSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_cancellations,
              (std::span<const CancelOrder> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_cancellations,
              (std::span<const CancelOrder> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

class MockRefundSink : public RefundSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_refunds,
              (std::span<const Refund> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_refunds,
              (std::span<const Refund> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

class MockStockSink : public StockSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_stock,
              (std::span<const StockLevel> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_stock,
              (std::span<const StockLevel> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

class MockPriceSink : public PriceSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_prices,
              (std::span<const OfferPrice> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_prices,
              (std::span<const OfferPrice> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

class MockPublishSink : public PublishSink {
 public:
  MOCK_METHOD(Result<SinkStep>, push_publications,
              (std::span<const Publication> items, const Cursor& continuation, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<VerifyStep>, verify_publications,
              (std::span<const Publication> items, const Cursor& continuation, StepContext& ctx),
              (override));
};

}  // namespace marketplug::testing
