#pragma once
// GoogleMock doubles around the engine: a connector with orders, and the source that hands
// connectors out. One thread unless a test's actions say otherwise.

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/sync/sync.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/connector.hpp"

namespace marketplug::testing {

class MockOrderConnector : public ConnectorWith<OrderSource> {
 public:
  MOCK_METHOD(std::vector<Finding>, check, (StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_orders, (const Cursor&, StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_order, (std::string_view, StepContext&), (override));
};

class MockAuditedConnector : public ConnectorWith<OrderSource, OrderAudit> {
 public:
  MOCK_METHOD(std::vector<Finding>, check, (StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_orders, (const Cursor&, StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_order, (std::string_view, StepContext&), (override));
  MOCK_METHOD(Result<Page<OrderSighting>>, fetch_sightings,
              (const AuditWindow&, const Cursor&, StepContext&), (override));
};

class MockReturnsConnector : public ConnectorWith<OrderSource, ReturnSource> {
 public:
  MOCK_METHOD(std::vector<Finding>, check, (StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_orders, (const Cursor&, StepContext&), (override));
  MOCK_METHOD(Result<Page<Order>>, fetch_order, (std::string_view, StepContext&), (override));
  MOCK_METHOD(Result<Page<BuyerReturn>>, fetch_returns, (const Cursor&, StepContext&), (override));
};

/// One mock per shop, made on the first ask. Any thread after the shops were made.
class MockSource : public sync::ConnectorSource {
 public:
  using Staged = std::vector<std::pair<std::string, std::optional<std::string>>>;
  struct Made {
    std::shared_ptr<::testing::NiceMock<MockOrderConnector>> connector =
        std::make_shared<::testing::NiceMock<MockOrderConnector>>();
    std::shared_ptr<::testing::NiceMock<MockAuditedConnector>> audited;    ///< instead, where set
    std::shared_ptr<::testing::NiceMock<MockReturnsConnector>> returning;  ///< the same
    sync::ShopRules rules;
    std::optional<Failure> refusal;     ///< connect() fails with it
    Staged staged;                      ///< handed over (once) after the next call
    std::vector<QuotaPriority> limits;  ///< of each call
    int connects = 0;
    std::function<void()> at_end;  ///< called once, when the next connector has ended
  };

  Made& shop(const std::string& id) { return shops_[id]; }

  Result<sync::ShopConnector> connect(const store::ShopRecord& record) override {
    Made& made = shops_.at(record.id);
    ++made.connects;
    if (made.refusal) return *made.refusal;
    sync::ShopConnector connector;
    connector.plugin = "mock";
    connector.connector = made.connector.get();
    connector.rules = made.rules;
    connector.rules.id = record.id;
    connector.limit_priority = [&made](QuotaPriority most) { made.limits.push_back(most); };
    connector.take_staged_state = [&made] { return std::exchange(made.staged, {}); };
    connector.keep_alive = std::shared_ptr<void>(nullptr, [&made, alive = made.connector](void*) {
      if (const auto end = std::exchange(made.at_end, nullptr)) end();
    });
    if (made.audited) connector.connector = made.audited.get();
    if (made.returning) connector.connector = made.returning.get();
    return connector;
  }

 private:
  std::map<std::string, Made> shops_;
};

}  // namespace marketplug::testing
