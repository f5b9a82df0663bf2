// The shell of the Amazon plugin: the only file that knows the connector and the settings as JSON.
// Everything else takes what it needs by reference.

#include "marketplug/plugin.hpp"

#include <string_view>
#include <vector>

#include "marketplug_settings_schema.hpp"
#include "src/account_check.hpp"
#include "src/lwa_client.hpp"
#include "src/marketplace_options.hpp"
#include "src/order_audit_feed.hpp"
#include "src/order_feed.hpp"
#include "src/orders_client.hpp"
#include "src/reports_client.hpp"
#include "src/return_feed.hpp"
#include "src/sellers_client.hpp"
#include "src/services.hpp"
#include "src/settings.hpp"
#include "src/sp_api.hpp"

namespace marketplug::amazon {

class Amazon final : public ConnectorWith<OrderSource, OrderAudit, ReturnSource, OptionsSource> {
 public:
  static constexpr PluginInfo kInfo{"amazon", "Amazon", "0.1.0"};
  static std::string_view settings_schema() noexcept { return embedded::settings_schema_json; }

  Amazon(Host& host, std::string_view settings_json)
      : settings_(parse_settings(settings_json)), services_(services_of(host)) {}

  std::vector<Finding> check(StepContext& ctx) override {
    return AccountCheck(settings_, services_, lwa_, sellers_, orders_).run(ctx);
  }
  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& ctx) override {
    return feed_.fetch_orders(cursor, ctx);
  }
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& ctx) override {
    return feed_.fetch_order(id, ctx);
  }
  Result<Page<OrderSighting>> fetch_sightings(const AuditWindow& window, const Cursor& cursor,
                                              StepContext& ctx) override {
    return audit_.fetch_sightings(window, cursor, ctx);
  }
  Result<Page<BuyerReturn>> fetch_returns(const Cursor& cursor, StepContext& ctx) override {
    return returns_.fetch_returns(cursor, ctx);
  }
  Result<std::vector<Option>> options(std::string_view catalogue, StepContext& ctx) override {
    return marketplace_options(catalogue, settings_, sellers_, ctx);
  }

 private:
  Settings settings_;
  Services services_;
  LwaClient lwa_{settings_, services_};
  SpApi api_{settings_, services_, lwa_};
  SellersClient sellers_{api_};
  OrdersClient orders_{api_};
  ReportsClient reports_{services_, api_};
  OrderFeed feed_{settings_, services_, orders_, reports_};
  OrderAuditFeed audit_{settings_, services_, reports_};
  ReturnFeed returns_{settings_, services_, reports_};
};

}  // namespace marketplug::amazon

MARKETPLUG_PLUGIN(marketplug::amazon::Amazon)
