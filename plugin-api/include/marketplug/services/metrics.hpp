#pragma once
// Counters and gauges; the host adds the prefix `marketplug_plugin_`, plugin and shop. No personal
// data, no ids of orders or products as label values.

#include <span>
#include <string_view>
#include <utility>

namespace marketplug {

using MetricLabel = std::pair<std::string_view, std::string_view>;

class Metrics {
 public:
  static constexpr std::string_view kId = "host.metrics/1";
  virtual ~Metrics() = default;
  /// Adds to a counter (amount >= 0); Prometheus naming, ends in _total. Any thread.
  virtual void count(std::string_view name, double amount, std::span<const MetricLabel> labels) = 0;
  /// Sets a gauge. Any thread.
  virtual void gauge(std::string_view name, double value, std::span<const MetricLabel> labels) = 0;
};

}  // namespace marketplug
