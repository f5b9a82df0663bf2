#pragma once
// What may become a metric's name and labels: Prometheus' grammar, and nothing that could be a
// person, an order or a product. Pure functions, any thread.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "marketplug/services/metrics.hpp"

namespace marketplug::services {

/// Series per metric; more are dropped and counted (thousands of shops must not fill the memory).
inline constexpr std::size_t kMaxSeries = 2000;

/// [a-z_][a-z0-9_]*, at most 100 bytes.
bool metric_name_allowed(std::string_view name) noexcept;

/// The labels as they are kept; nullopt where a label's name is not allowed ("order", "sku",
/// "email" …). A value that could be personal or an id (long digits, '@', blanks, more than 64
/// bytes) becomes "other"; "shop", "plugin" and "operation" are names that the host gives and only
/// have to be short and printable.
std::optional<std::map<std::string, std::string>> allowed_labels(
    std::span<const MetricLabel> labels);

}  // namespace marketplug::services
