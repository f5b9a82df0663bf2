#include "simulation/compare.hpp"

#include <map>

namespace marketplug::simulation {
namespace {

void compare_orders(const Marketplace& marketplace, const testing::FakeShopData& host,
                    std::vector<std::string>& problems) {
  for (const auto& [id, versions] : marketplace.orders()) {
    const auto stored = host.orders.find(id);
    const Version& truth = versions.back();
    if (stored == host.orders.end()) {
      problems.push_back("lost: " + id);
    } else if (stored->second->changed_at != truth.changed_at ||
               stored->second->marketplace_status != "V" + std::to_string(truth.number)) {
      problems.push_back("stale: " + id + " is " + stored->second->marketplace_status +
                         " instead of V" + std::to_string(truth.number));
    }
    const auto applied = host.applied.find(id);
    if (applied != host.applied.end() && applied->second > static_cast<int>(versions.size())) {
      problems.push_back("doubled: " + id + " was applied " + std::to_string(applied->second) +
                         " times");
    }
  }
  if (host.orders.size() > marketplace.orders().size()) problems.emplace_back("invented orders");
}

void compare_events(const testing::FakeShopData& host, std::vector<std::string>& problems) {
  std::int64_t seq = 0;
  std::map<std::string, int> changes, imported;
  for (const auto& event : host.events) {
    if (event->seq != ++seq) problems.push_back("event gap at " + std::to_string(seq));
    if (event->type.rfind("order.", 0) != 0 || event->type == "order.parked") continue;
    if (changes[event->object]++ == 0 && event->type == "order.updated") {
      problems.push_back("updated before it was known: " + event->object);
    }
    if (event->type == "order.imported" && imported[event->object]++ > 0) {
      problems.push_back("imported twice: " + event->object);
    }
  }
  for (const auto& [id, applied] : host.applied) {
    if (changes[id] != applied) {
      problems.push_back("events: " + id + " has " + std::to_string(changes[id]) + " for " +
                         std::to_string(applied) + " changes");
    }
  }
}

}  // namespace

void compare(const Marketplace& marketplace, const testing::FakeShopData& host,
             std::vector<std::string>& problems) {
  compare_orders(marketplace, host, problems);
  compare_events(host, problems);
  for (const auto& [key, record] : host.parked) {
    if (record.state == "open") problems.push_back("still parked: " + key.second);
  }
  if (!host.marks.empty()) problems.emplace_back("a mark was left behind");
  if (host.record.state != "ok") problems.push_back("the shop is " + host.record.state);
}

}  // namespace marketplug::simulation
