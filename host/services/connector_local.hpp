#pragma once
// The services of one shop that need no network: staged plugin state, quotas by the step's urgency,
// log and metrics under the shop's name. State on the step's thread only, the others on any; owned
// by the connector's host.

#include <atomic>
#include <string>

#include "host/services/services.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::services {

class ConnectorState : public State {
 public:
  ConnectorState(std::string shop, store::Progress& stored);

  std::optional<std::string> get(std::string_view key) override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;
  StagedState take();

 private:
  std::string shop_;
  store::Progress& stored_;
  StagedState staged_;
};

/// Adds shop and plugin; a plugin cannot speak in another one's name.
class ConnectorLog : public Log {
 public:
  ConnectorLog(std::string shop, std::string plugin, Log& log);
  void write(Level level, std::string_view event, std::string_view message,
             std::span<const LogField> fields) override;

 private:
  std::string shop_, plugin_;
  Log& log_;
};

/// What is asked counts as no more urgent than the step that it is asked in.
class ConnectorQuota : public Quota {
 public:
  explicit ConnectorQuota(Quota& quota) : quota_(quota) {}
  QuotaAnswer take(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override;
  void observe(const QuotaKey& key, double per_second) override { quota_.observe(key, per_second); }
  TimePoint refused(const QuotaKey& key, const QuotaPlan& plan) override {
    return quota_.refused(key, plan);
  }
  double left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) override;
  void limit(QuotaPriority most) { most_ = most; }

 private:
  Quota& quota_;
  std::atomic<QuotaPriority> most_{QuotaPriority::kPerson};
};

/// Adds shop and plugin, and "plugin_" before the name.
class ConnectorMetrics : public Metrics {
 public:
  ConnectorMetrics(std::string shop, std::string plugin, Metrics& metrics);
  void count(std::string_view name, double amount, std::span<const MetricLabel> labels) override;
  void gauge(std::string_view name, double value, std::span<const MetricLabel> labels) override;

 private:
  std::string shop_, plugin_;
  Metrics& metrics_;
};

}  // namespace marketplug::services
