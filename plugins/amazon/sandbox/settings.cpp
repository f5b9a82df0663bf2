#include "plugins/amazon/sandbox/settings.hpp"

#include <stdexcept>

#include "plugins/amazon/sandbox/operations.hpp"

namespace amazon_sandbox {
namespace {

void check_plan(std::string_view name, const Plan& plan) {
  const auto* operation = operation_by_name(name);
  if (operation == nullptr || operation->burst == 0) {
    std::string known;
    for (const auto& each : all_operations()) {
      if (each.burst != 0) known.append(known.empty() ? "" : ", ").append(each.name);
    }
    throw std::invalid_argument("\"quotas\": \"" + std::string(name) +
                                "\" is no operation with a usage plan; use one of " + known);
  }
  if (!(plan.rate > 0) || plan.burst < 1) {
    throw std::invalid_argument("\"quotas\": " + std::string(name) +
                                " needs a rate above 0 and a burst of at least 1; "
                                "\"quota_factor\": \"off\" is for no limits");
  }
}

}  // namespace

std::optional<PageOrder> page_order_by_name(std::string_view name) noexcept {
  if (name == "oldest") return PageOrder::kOldest;
  if (name == "newest") return PageOrder::kNewest;
  if (name == "shuffled") return PageOrder::kShuffled;
  return std::nullopt;
}

void check_lateness(std::chrono::milliseconds delay, bool beyond_overlap) {
  if (delay <= kMostLateness || beyond_overlap) return;
  throw std::invalid_argument(
      "more than 10 minutes of lateness: clients that read the last 10 minutes again lose what "
      "comes later; set \"beyond_overlap\": true if that is the point");
}

void check_settings(const Settings& settings) {
  if (settings.quota_factor && !(*settings.quota_factor > 0)) {
    throw std::invalid_argument("the quota factor must be above 0; use \"off\" for no limits");
  }
  if (settings.visible_after_min > settings.visible_after_max ||
      settings.visible_after_min.count() < 0) {
    throw std::invalid_argument("the visibility delay needs 0 <= minimum <= maximum");
  }
  check_lateness(settings.visible_after_max, settings.beyond_overlap);
  if (settings.repeat_per_mille > 900) {
    throw std::invalid_argument("\"repeat\" is per mille of a page's places, 0 to 900");
  }
  const auto& host = settings.reports.document_host;
  if (host.find_first_of("/ ") != std::string::npos) {
    throw std::invalid_argument("\"report_document_host\" is a host, with a port if need be: \"" +
                                host + "\" is none");
  }
  for (const auto& [name, plan] : settings.quotas) check_plan(name, plan);
}

}  // namespace amazon_sandbox
