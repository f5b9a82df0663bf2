// The sinks as a host meets them: found by id, one item's outcome and verdict never guessed.
#include <gmock/gmock.h>

#include <string>
#include <type_traits>
#include <vector>

#include "marketplug/plugin.hpp"
#include "marketplug/testing/fakes.hpp"
#include "marketplug/testing/mock_capabilities.hpp"

namespace marketplug::sinks_test {
namespace {

using ::testing::_;
using ::testing::Return;

/// Six mocks behind one connector: what each of them is called is part of the frozen interface.
class AllSinks final
    : public ConnectorWith<testing::MockShipmentSink, testing::MockCancellationSink,
                           testing::MockRefundSink, testing::MockStockSink, testing::MockPriceSink,
                           testing::MockPublishSink> {
 public:
  std::vector<Finding> check(StepContext&) override { return {}; }
};

TEST(Sinks, AreFoundByTheirIds) {
  AllSinks sinks;
  EXPECT_THAT(AllSinks::kCapabilities,
              ::testing::ElementsAre("shipment-sink/1", "cancellation-sink/1", "refund-sink/1",
                                     "stock-sink/1", "price-sink/1", "publish-sink/1"));
  EXPECT_EQ(part<ShipmentSink>(sinks), static_cast<ShipmentSink*>(&sinks));
  EXPECT_EQ(part<CancellationSink>(sinks), static_cast<CancellationSink*>(&sinks));
  EXPECT_EQ(part<RefundSink>(sinks), static_cast<RefundSink*>(&sinks));
  EXPECT_EQ(part<StockSink>(sinks), static_cast<StockSink*>(&sinks));
  EXPECT_EQ(part<PriceSink>(sinks), static_cast<PriceSink*>(&sinks));
  EXPECT_EQ(part<PublishSink>(sinks), static_cast<PublishSink*>(&sinks));
  EXPECT_EQ(part<OrderSource>(sinks), nullptr);
}

TEST(Sinks, PushAndVerifyAreTwoCalls) {
  AllSinks sinks;
  testing::FakeContext ctx;
  Shipment parcel;
  parcel.key = "k1";
  SinkStep submitted;
  submitted.continuation = {"feed 7"};
  VerifyStep read;
  read.verdicts.push_back({"k1", ItemVerdict::Kind::kApplied, "p1", "", {}});
  EXPECT_CALL(sinks, push_shipments(_, Cursor{}, _)).WillOnce(Return(submitted));
  EXPECT_CALL(sinks, verify_shipments(_, _, _)).WillOnce(Return(read));

  auto& sink = *part<ShipmentSink>(sinks);
  EXPECT_EQ(sink.push_shipments({&parcel, 1}, {}, ctx).value().continuation.value, "feed 7");
  EXPECT_EQ(sink.verify_shipments({&parcel, 1}, {}, ctx).value().verdicts, read.verdicts);
}

// A member that an author forgot must never read as a success or as a wish.
TEST(Sinks, WhatIsNotSaidDecidesNothing) {
  EXPECT_EQ(ItemOutcome{}.kind, ItemOutcome::Kind::kUndecided);
  EXPECT_EQ(ItemVerdict{}.kind, ItemVerdict::Kind::kUnknown);
  EXPECT_EQ(Publication{}.state, PublishState::kUnchanged);
  EXPECT_EQ(static_cast<int>(ItemOutcome::Kind::kUndecided), 0);
  EXPECT_EQ(static_cast<int>(ItemVerdict::Kind::kUnknown), 0);
}

}  // namespace
}  // namespace marketplug::sinks_test
