#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <memory>
#include <mutex>
#include <set>

#include "host/services/metric_rules.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

class PrometheusMetrics : public MetricsRegistry {
 public:
  PrometheusMetrics()
      : dropped_(prometheus::BuildCounter()
                     .Name("marketplug_metrics_dropped_total")
                     .Help("Values refused: name, label or number of series not allowed")
                     .Register(registry_)
                     .Add({})) {}

  void count(std::string_view name, double amount, std::span<const MetricLabel> labels) override {
    if (!(amount >= 0) || !std::isfinite(amount)) return dropped_.Increment();
    if (auto* counter = find(counters_, name, labels)) counter->Increment(amount);
  }

  void gauge(std::string_view name, double value, std::span<const MetricLabel> labels) override {
    if (std::isnan(value)) return dropped_.Increment();
    if (auto* gauge = find(gauges_, name, labels)) gauge->Set(value);
  }

  std::string exposition() const override {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
  }

 private:
  using Labels = std::map<std::string, std::string>;
  template <class Kind>
  struct Metric {
    prometheus::Family<Kind>* family = nullptr;
    std::map<Labels, Kind*> series;
  };
  template <class Kind>
  using Metrics = std::map<std::string, Metric<Kind>, std::less<>>;

  static auto builder(const prometheus::Counter*) { return prometheus::BuildCounter(); }
  static auto builder(const prometheus::Gauge*) { return prometheus::BuildGauge(); }

  /// nullptr where the rules refuse it: dropped and counted, never an error of the caller's work.
  template <class Kind>
  Kind* find(Metrics<Kind>& metrics, std::string_view name, std::span<const MetricLabel> labels) {
    auto kept = allowed_labels(labels);
    const std::lock_guard lock(mutex_);
    if (!kept || !metric_name_allowed(name)) return refuse<Kind>();
    auto metric = metrics.find(name);
    if (metric == metrics.end()) {
      // One name is a counter or a gauge, never both.
      if (!names_.emplace(name).second) return refuse<Kind>();
      auto& family = builder(static_cast<Kind*>(nullptr))
                         .Name("marketplug_" + std::string(name))
                         .Register(registry_);
      metric = metrics.emplace(std::string(name), Metric<Kind>{&family, {}}).first;
    }
    auto& series = metric->second.series;
    if (const auto found = series.find(*kept); found != series.end()) return found->second;
    if (series.size() >= kMaxSeries) return refuse<Kind>();
    auto& added = metric->second.family->Add(*kept);
    return series.emplace(std::move(*kept), &added).first->second;
  }

  template <class Kind>
  Kind* refuse() {
    dropped_.Increment();
    return nullptr;
  }

  prometheus::Registry registry_;
  prometheus::Counter& dropped_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> names_{"metrics_dropped_total"};
  Metrics<prometheus::Counter> counters_;
  Metrics<prometheus::Gauge> gauges_;
};

}  // namespace

std::unique_ptr<MetricsRegistry> make_metrics() { return std::make_unique<PrometheusMetrics>(); }

}  // namespace marketplug::services
