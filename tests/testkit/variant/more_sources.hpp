#pragma once
// The order audit and the returns of a variant. The audit is slow: it asks for a report and comes
// back for its pages. One thread.

#include <marketplug/plugin.hpp>
#include <set>
#include <string>

#include "src/client.hpp"

namespace variant {

class MoreSources : public marketplug::OrderAudit, public marketplug::ReturnSource {
 public:
  explicit MoreSources(marketplug::Host& host);

  marketplug::Result<marketplug::Page<marketplug::OrderSighting>> fetch_sightings(
      const marketplug::AuditWindow& window, const marketplug::Cursor& cursor,
      marketplug::StepContext& ctx) override;
  marketplug::Result<marketplug::Page<marketplug::BuyerReturn>> fetch_returns(
      const marketplug::Cursor& cursor, marketplug::StepContext& ctx) override;

 private:
  marketplug::TimePoint in_a_minute() const;

  marketplug::Host& host_;
  marketplug::market::Client client_;
  bool begun_ = false;          ///< from an empty cursor
  bool ended_ = false;          ///< the returns, once
  std::set<std::string> read_;  ///< places
};

}  // namespace variant
