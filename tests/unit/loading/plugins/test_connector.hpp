#pragma once
// What the test plugins have in common: a connector that offers orders and has none.

#include <marketplug/plugin.hpp>
#include <marketplug_settings_schema.hpp>
#include <string_view>
#include <vector>

namespace test_plugins {

class EmptyConnector : public marketplug::ConnectorWith<marketplug::OrderSource> {
 public:
  static std::string_view settings_schema() noexcept { return embedded::settings_schema_json; }

  std::vector<marketplug::Finding> check(marketplug::StepContext&) override { return {}; }
  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_orders(
      const marketplug::Cursor& cursor, marketplug::StepContext&) override {
    marketplug::Page<marketplug::Order> page;
    page.next = cursor;
    page.caught_up = true;
    return page;
  }
  marketplug::Result<marketplug::Page<marketplug::Order>> fetch_order(
      std::string_view, marketplug::StepContext&) override {
    return marketplug::Page<marketplug::Order>{};
  }
};

}  // namespace test_plugins
