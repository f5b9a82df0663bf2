// Imports a backlog through the whole host under a virtual clock, with Amazon's published quotas,
// and prints what it took as one line of JSON. tests/bench/backlog says more.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "plugins/amazon/sandbox/marketplaces.hpp"
#include "tests/integration/world.hpp"

namespace marketplug::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// When each order was stored first, by the events.
std::map<std::string, TimePoint> arrivals(World& world) {
  std::map<std::string, TimePoint> first;
  for (const auto& event : world.events()) {
    if (event.type.starts_with("order.")) first.try_emplace(event.object, event.at);
  }
  return first;
}

bool waits_to_be_shipped(const amazon_sandbox::OrderSummary& order) {
  return order.status == amazon_sandbox::Status::kUnshipped ||
         order.status == amazon_sandbox::Status::kPartiallyShipped;
}

int run(std::size_t count, std::uint64_t seed, seconds report) {
  WorldOptions options;
  options.seed = seed;
  options.lease = hours{48};
  World world(options);
  amazon_sandbox::SeedPlan plan;
  plan.count = count;
  plan.until = world.clock.now() - minutes{3};
  plan.span = std::chrono::days{21};
  for (const auto* code : {"NL", "DE", "FR"}) {
    plan.marketplaces.push_back(amazon_sandbox::marketplace_by_name(code));
  }
  world.simulator.seed_orders(plan);
  auto settings = world.simulator.settings();
  settings.reports.duration = report;
  world.simulator.configure(settings);

  const TimePoint began = world.clock.now();
  while (world.orders().size() < count && world.clock.now() < began + hours{12}) {
    world.run_until(world.clock.now() + hours{3});
  }
  const auto first = arrivals(world);
  TimePoint last = began, last_open = began;
  std::size_t open = 0, missing = 0;
  for (const auto& order : world.simulator.orders()) {
    const auto found = first.find(order.id);
    if (found == first.end()) {
      ++missing;
      continue;
    }
    last = std::max(last, found->second);
    // What has changed since then is for the next window.
    if (!waits_to_be_shipped(order) || order.updated > began - minutes{15}) continue;
    ++open;
    last_open = std::max(last_open, found->second);
  }
  std::uint64_t throttled = 0;
  for (const auto& [name, statistics] : world.simulator.statistics()) {
    throttled += statistics.throttled;
  }
  const auto asked = world.simulator.statistics();
  const auto requests = [&](const char* name) {
    const auto found = asked.find(name);
    return found == asked.end() ? 0ul : static_cast<unsigned long>(found->second.requests);
  };
  const auto since = [&](TimePoint time) {
    return static_cast<double>((time - began).count()) / 1000.0;
  };
  std::printf(
      "{\"orders\": %zu, \"missing\": %zu, \"seconds\": %.1f, \"open\": %zu, "
      "\"open_seconds\": %.1f, \"throttled\": %lu, \"searches\": %lu, \"gets\": %lu, "
      "\"reports\": %lu}\n",
      count, missing, since(last), open, since(last_open), static_cast<unsigned long>(throttled),
      requests("searchOrders"), requests("getOrder"), requests("createReport"));
  return missing == 0 ? 0 : 1;
}

}  // namespace
}  // namespace marketplug::testing

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("bench-backlog ORDERS SEED REPORT_SECONDS\n", stderr);
    return 2;
  }
  return marketplug::testing::run(std::strtoul(argv[1], nullptr, 10),
                                  std::strtoul(argv[2], nullptr, 10),
                                  std::chrono::seconds(std::strtol(argv[3], nullptr, 10)));
}
