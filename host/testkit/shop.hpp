#pragma once
// A shop at the marketplace of the cases: the host's services as fakes, the market, and one
// connector, called as the host calls it. What plugin and market said is kept for the checks. One
// thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/json/schema.hpp"
#include "host/testkit/allocations.hpp"
#include "host/testkit/check.hpp"
#include "host/testkit/market.hpp"
#include "host/testkit/sinks.hpp"
#include "marketplug/capabilities/options_source.hpp"
#include "marketplug/capabilities/order_audit.hpp"
#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/capabilities/return_source.hpp"
#include "marketplug/testing/scripted_host.hpp"

namespace marketplug::testkit {

/// The plugin's schema, compiled. Throws CannotGoOn where it is none: see B1.
json::Schema schema_of(Trial& trial);

/// The settings as the plugin gets them, and the secrets behind their handles.
struct Handed {
  std::string settings;
  std::map<std::string, std::string> secrets;  ///< by handle
};
/// `canary`: put into every secret.
Handed hand_over(Trial& trial, const boost::json::object& settings, const std::string& canary);

struct ShopOptions {
  std::string canary = "canary-7f3a9d";
  std::vector<std::string_view> without{};        ///< ids of services that this host lacks
  const boost::json::object* settings = nullptr;  ///< others than the cases'
  /// Called before the connector is made.
  std::function<void(class Shop&)> prepare{};
};

class Shop {
 public:
  /// Throws CannotGoOn where the plugin gives no connector.
  explicit Shop(Trial& trial, ShopOptions options = {});
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  Result<Page<Order>> fetch(const Cursor& cursor);
  Result<Page<Order>> fetch_one(const std::string& id);
  Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window, const Cursor& cursor);
  Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor);
  Result<std::vector<Option>> options(const std::string& catalogue);
  std::vector<Finding> check();
  Result<SinkStep> push(const Sink& sink, const boost::json::array& items, const Cursor& at);
  Result<VerifyStep> verify(const Sink& sink, const boost::json::array& items, const Cursor& at);

  /// Lets the clock go on to that time, where one is given; the next step has its own deadline.
  void go_on_at(const std::optional<TimePoint>& time);
  /// Fails the check where a call was answered by nothing recorded.
  void expect_recorded(std::string_view during);

  Trial& trial;
  std::string canary;
  testing::FakeClock clock;
  testing::SeededRandom random;
  testing::CapturedLog log;
  testing::CapturedMetrics metrics;
  testing::FakeSecrets secrets;
  testing::FakeState state;
  testing::FakeQuota quota;
  testing::FakeDocuments documents;
  Market http;
  testing::FakeHost host;
  testing::FakeContext ctx;
  AllocationPlan memory;  ///< of the plugin's calls
  /// Every text that the plugin gave for people and logs: failures, findings, parked items.
  std::vector<std::string> said;
  std::vector<std::string> cursors;  ///< every one that it gave, continuations too
  loading::ConnectorPtr connector;   ///< goes first

 private:
  template <class Call>
  auto call(std::string_view method, const Call& body);
  /// `ask(source)` of that capability; what it gave is kept, but for its cursor.
  template <class Source, class Ask>
  auto asked(std::string_view method, const Ask& ask);
  void keep(const Failure& failure);
  void keep(const std::vector<ParkedItem>& parked);
};

/// Creates a connector without more; what it comes to.
Result<loading::ConnectorPtr> try_create(Trial& trial, Host& host, const std::string& settings);

/// "kRemote (refused): the marketplace's words".
std::string shown(const Failure& failure);
std::string_view name_of(Failure::Kind kind) noexcept;

}  // namespace marketplug::testkit
