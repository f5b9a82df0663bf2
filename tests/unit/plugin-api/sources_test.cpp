// The sources as a host meets them: found by id, and what a source does not tell stays untold.
#include <gmock/gmock.h>

#include "marketplug/plugin.hpp"
#include "marketplug/testing/fakes.hpp"
#include "marketplug/testing/mock_capabilities.hpp"

namespace marketplug::sources_test {
namespace {

using ::testing::_;
using ::testing::ElementsAre;

/// What each of them is called is part of the frozen interface.
class AllSources final
    : public ConnectorWith<testing::MockOrderSource, testing::MockOrderAudit,
                           testing::MockReturnSource, testing::MockOptionsSource> {
 public:
  std::vector<Finding> check(StepContext&) override { return {}; }
};

TEST(Sources, AreFoundByTheirIds) {
  AllSources sources;
  EXPECT_THAT(AllSources::kCapabilities, ElementsAre("order-source/1", "order-audit/1",
                                                     "return-source/1", "options-source/1"));
  EXPECT_EQ(part<OrderSource>(sources), static_cast<OrderSource*>(&sources));
  EXPECT_EQ(part<OrderAudit>(sources), static_cast<OrderAudit*>(&sources));
  EXPECT_EQ(part<ReturnSource>(sources), static_cast<ReturnSource*>(&sources));
  EXPECT_EQ(part<OptionsSource>(sources), static_cast<OptionsSource*>(&sources));
}

TEST(Sources, AnAuditNamesItsWindowAtEachPage) {
  AllSources sources;
  testing::FakeContext ctx;
  const AuditWindow window{AuditWindow::By::kPlaced, TimePoint{std::chrono::hours{1}},
                           TimePoint{std::chrono::hours{2}}};
  Page<OrderSighting> page;
  OrderSighting shipped;
  shipped.id = "028-1";
  shipped.state = OrderState::kShipped;
  page.items.push_back(shipped);
  page.caught_up = true;
  EXPECT_CALL(sources, fetch_sightings(window, Cursor{"page 2"}, _))
      .WillOnce(::testing::Return(page));
  const auto got = part<OrderAudit>(sources)->fetch_sightings(window, {"page 2"}, ctx);
  EXPECT_EQ(got.value().items, page.items);
}

// What a report does not tell must never read as a fact.
TEST(Sources, WhatIsNotSaidDecidesNothing) {
  EXPECT_FALSE(OrderSighting{}.state);
  EXPECT_FALSE(OrderSighting{}.changed_at);
  EXPECT_EQ(OrderSighting{}.fulfilled_by, FulfilledBy::kUnknown);
  EXPECT_EQ(BuyerReturn{}.state, ReturnState::kUnknown);
  EXPECT_EQ(BuyerReturn{}.fulfilled_by, FulfilledBy::kUnknown);
}

}  // namespace
}  // namespace marketplug::sources_test
