#include <fmt/format.h>

#include "host/cli/format.hpp"
#include "host/cli/format_block.hpp"
#include "host/cli/json_read.hpp"
#include "host/cli/text.hpp"

namespace marketplug::cli {
namespace {

using boost::json::object;

std::string number_in(const object& of, std::string_view name, int digits) {
  const auto* value = of.if_contains(name);
  if (value == nullptr || !value->is_number()) return "";
  return fmt::format("{:.{}f}", value->to_number<double>(), digits);
}

/// Slow ones as the time that one request takes: 0.0056 a second says little.
std::string pace(const object& bucket) {
  const auto* value = bucket.if_contains("per_second");
  const double rate = value != nullptr && value->is_number() ? value->to_number<double>() : 0;
  if (rate <= 0) return "";
  return rate >= 1 ? fmt::format("{:g} a second", rate) : fmt::format("one in {:.0f} s", 1 / rate);
}

}  // namespace

std::string format_quota(const object& answer) {
  Table table({{"OPERATION"},
               {"LEFT", Align::kRight},
               {"BURST", Align::kRight},
               {"REFILL"},
               {"RESERVE", Align::kRight},
               {"SPENT", Align::kRight},
               {"REFUSED", Align::kRight},
               {"NOT BEFORE (UTC)"},
               {"ACCOUNT"}});
  bool stored = false;
  for (const auto& each : array_of(answer, "buckets")) {
    const auto& bucket = as_object(each);
    const auto as_of = time_of(bucket, "as_of");
    stored = stored || !as_of.empty();
    table.add({text_of(bucket, "operation"),
               number_in(bucket, "left", 1) + (as_of.empty() ? "" : " at " + as_of),
               number_in(bucket, "burst", 0), pace(bucket), number_in(bucket, "reserve", 0),
               text_of(bucket, "spent"), text_of(bucket, "refused"), time_of(bucket, "cool_until"),
               text_of(bucket, "account")});
  }
  if (table.empty()) return "No marketplace was asked yet.\n";
  return table.text() +
         (stored ? "Where a time stands behind LEFT, nothing was asked since the start.\n" : "");
}

}  // namespace marketplug::cli
