#include "host/services/connector_local.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace marketplug::services {
namespace {

constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLargestStateValue = 64u << 10;

void check_key(std::string_view key) {
  if (key.empty() || key.size() > kLongestKey) {
    throw std::length_error("host.state/1: a key has 1 to 128 bytes");
  }
}

/// The host's own pairs first, then the plugin's without those names.
template <class Pair>
std::vector<Pair> under_name(std::string_view shop, std::string_view plugin,
                             std::span<const Pair> given) {
  std::vector<Pair> all{{"shop", shop}, {"plugin", plugin}};
  for (const auto& pair : given) {
    if (pair.first != "shop" && pair.first != "plugin") all.push_back(pair);
  }
  return all;
}

}  // namespace

ConnectorState::ConnectorState(std::string shop, store::Progress& stored)
    : shop_(std::move(shop)), stored_(stored) {}

std::optional<std::string> ConnectorState::get(std::string_view key) {
  const auto staged = staged_.writes.find(key);
  if (staged != staged_.writes.end()) return staged->second;
  return stored_.state(shop_, key);
}

void ConnectorState::put(std::string_view key, std::string_view value) {
  check_key(key);
  if (value.size() > kLargestStateValue) {
    throw std::length_error("host.state/1: a value has at most 64 KiB");
  }
  staged_.writes.insert_or_assign(std::string(key), std::string(value));
}

void ConnectorState::erase(std::string_view key) {
  check_key(key);
  staged_.writes.insert_or_assign(std::string(key), std::nullopt);
}

StagedState ConnectorState::take() { return std::exchange(staged_, {}); }

ConnectorLog::ConnectorLog(std::string shop, std::string plugin, Log& log)
    : shop_(std::move(shop)), plugin_(std::move(plugin)), log_(log) {}

void ConnectorLog::write(Level level, std::string_view event, std::string_view message,
                         std::span<const LogField> fields) {
  log_.write(level, event, message, under_name(shop_, plugin_, fields));
}

ConnectorMetrics::ConnectorMetrics(std::string shop, std::string plugin, Metrics& metrics)
    : shop_(std::move(shop)), plugin_(std::move(plugin)), metrics_(metrics) {}

void ConnectorMetrics::count(std::string_view name, double amount,
                             std::span<const MetricLabel> labels) {
  metrics_.count("plugin_" + std::string(name), amount, under_name(shop_, plugin_, labels));
}

void ConnectorMetrics::gauge(std::string_view name, double value,
                             std::span<const MetricLabel> labels) {
  metrics_.gauge("plugin_" + std::string(name), value, under_name(shop_, plugin_, labels));
}

QuotaAnswer ConnectorQuota::take(const QuotaKey& key, const QuotaPlan& plan,
                                 QuotaPriority priority) {
  return quota_.take(key, plan, std::min(priority, most_.load()));
}

double ConnectorQuota::left(const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority) {
  return quota_.left(key, plan, std::min(priority, most_.load()));
}

}  // namespace marketplug::services
