#pragma once
// A scripted marketplace: orders that change at known times and become visible late, and a
// connector that reads it by change time as real ones do, with pages that are shuffled, repeat
// orders and show old versions. Everything follows from the seed. One thread.

#include <map>
#include <string>
#include <vector>

#include "marketplug/capabilities/order_source.hpp"
#include "marketplug/connector.hpp"
#include "marketplug/testing/fakes.hpp"

namespace marketplug::simulation {

/// Small helpers over the seeded numbers.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(limit));
  }
  bool chance(int per_mille) { return below(1000) < per_mille; }

 private:
  testing::SeededRandom random_;
};

struct Version {
  TimePoint changed_at, visible_at;
  int number = 0;
  OrderState state = OrderState::kOpen;
  bool unreadable = false;  ///< while the plugin's parser is broken
};

struct Script {
  TimePoint start, end;  ///< orders are placed and change in between
  bool late = false;     ///< visible late: the connector reads with an overlap
  int orders = 20;
};

class Marketplace {
 public:
  Marketplace(const Script& script, const std::string& prefix, Dice& dice);

  const std::map<std::string, std::vector<Version>>& orders() const noexcept { return orders_; }
  /// The newest version that can be seen, and with luck an older one too.
  const Version* visible(const std::string& id, TimePoint now) const;
  bool late() const noexcept { return script_.late; }

 private:
  Script script_;
  std::map<std::string, std::vector<Version>> orders_;
};

/// Reads by windows of change time; the cursor says how far, within a window too.
class ScriptedConnector final : public ConnectorWith<OrderSource> {
 public:
  ScriptedConnector(const Marketplace& marketplace, const Clock& clock, Dice& dice)
      : marketplace_(marketplace), clock_(clock), dice_(dice) {}

  bool parser_broken = true;
  std::vector<Finding> check(StepContext&) override { return {}; }
  Result<Page<Order>> fetch_orders(const Cursor& cursor, StepContext& context) override;
  Result<Page<Order>> fetch_order(std::string_view id, StepContext& context) override;

 private:
  void add(Page<Order>& page, const std::string& id, const Version& version) const;

  const Marketplace& marketplace_;
  const Clock& clock_;
  Dice& dice_;
};

}  // namespace marketplug::simulation
