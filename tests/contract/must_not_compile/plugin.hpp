#pragma once
// What the cases have in common: a plugin that lacks the methods of its sink, and a schema.

#include <marketplug/plugin.hpp>
#include <span>
#include <string_view>
#include <vector>

using namespace marketplug;

class Base : public ConnectorWith<StockSink> {
 public:
  static constexpr PluginInfo kInfo{"case", "Case", "0.1.0"};
  Base(Host&, std::string_view) {}
  std::vector<Finding> check(StepContext&) override { return {}; }
};
