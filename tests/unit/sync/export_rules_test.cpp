#include "host/sync/export_rules.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace marketplug::sync {
namespace {

struct Case {
  const char* name;
  OrderState state;
  FulfilledBy by;
  bool wish, line_cancelled;
  BuyerCancel buyer_cancel;
  /// Of a shipment, a cancellation, a refund; "": allowed, "held CODE" or "refused CODE".
  const char *shipment, *cancellation, *refund;
};

constexpr auto kMe = FulfilledBy::kMerchant;
constexpr auto kThem = FulfilledBy::kMarketplace;
constexpr auto kHold = BuyerCancel::kHold;
constexpr auto kPass = BuyerCancel::kPass;

constexpr Case kCases[] = {
    {"Open", OrderState::kOpen, kMe, false, false, kHold, "", "", "refused not_shipped"},
    {"PartiallyShipped", OrderState::kPartiallyShipped, kMe, false, false, kHold, "", "", ""},
    {"Shipped", OrderState::kShipped, kMe, false, false, kHold, "", "refused shipped", ""},
    {"Pending", OrderState::kPending, kMe, false, false, kHold, "held pending", "held pending",
     "refused not_shipped"},
    {"Cancelled", OrderState::kCancelled, kMe, false, false, kHold, "refused cancelled",
     "refused cancelled", "refused cancelled"},
    {"NeedsCorrection", OrderState::kNeedsCorrection, kMe, false, false, kHold,
     "held needs_correction", "held needs_correction", "held needs_correction"},
    {"NobodySaysWhoShips", OrderState::kOpen, FulfilledBy::kUnknown, false, false, kHold,
     "held unknown_fulfilment", "held unknown_fulfilment", "held unknown_fulfilment"},
    {"TheBuyerAsksToCancel", OrderState::kOpen, kMe, true, false, kHold, "held buyer_cancel", "",
     "refused not_shipped"},
    {"TheBuyerAsksToCancelTheRest", OrderState::kPartiallyShipped, kMe, true, false, kHold,
     "held buyer_cancel", "", ""},
    {"TheBuyersWishPasses", OrderState::kOpen, kMe, true, false, kPass, "", "",
     "refused not_shipped"},
    {"TheWishWasGranted", OrderState::kPartiallyShipped, kMe, true, true, kHold, "", "", ""},
    {"FulfilledByThem", OrderState::kOpen, kThem, false, false, kPass,
     "refused marketplace_fulfilled", "refused marketplace_fulfilled",
     "refused marketplace_fulfilled"},
    {"ShippedByThem", OrderState::kShipped, kThem, false, false, kHold,
     "refused marketplace_fulfilled", "refused marketplace_fulfilled",
     "refused marketplace_fulfilled"},
    {"CancelledOfTheirs", OrderState::kCancelled, kThem, true, false, kHold,
     "refused marketplace_fulfilled", "refused marketplace_fulfilled",
     "refused marketplace_fulfilled"},
};

Order order_of(const Case& with) {
  Order order;
  order.state = with.state;
  order.fulfilled_by = with.by;
  order.lines.resize(2);
  order.lines[0].id = "1";
  order.lines[1].id = "2";
  if (with.wish) order.lines[1].cancel_requested = Cancellation{"buyer", "NO_LONGER_NEEDED"};
  if (with.line_cancelled) order.lines[1].cancelled = Cancellation{"merchant", ""};
  return order;
}

std::string shown(const ExportAnswer& answer) {
  EXPECT_EQ(answer.kind == ExportAnswer::Kind::kAllowed, answer.reason.empty());
  if (answer.kind == ExportAnswer::Kind::kAllowed) return answer.code;
  return std::string(to_string(answer.kind)) + " " + answer.code;
}

class ExportRules : public ::testing::TestWithParam<Case> {};

TEST_P(ExportRules, AnswerForEachKindOfExport) {
  const Case& with = GetParam();
  const Order order = order_of(with);
  EXPECT_EQ(shown(export_answer(order, ExportKind::kShipment, with.buyer_cancel)), with.shipment);
  EXPECT_EQ(shown(export_answer(order, ExportKind::kCancellation, with.buyer_cancel)),
            with.cancellation);
  EXPECT_EQ(shown(export_answer(order, ExportKind::kRefund, with.buyer_cancel)), with.refund);
}

INSTANTIATE_TEST_SUITE_P(Table, ExportRules, ::testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

class ExportRulesOfLines : public ::testing::Test {
 protected:
  std::string ask(ExportKind kind, std::vector<std::string> lines) {
    return shown(export_answer(order_, kind, kHold, lines));
  }
  Order order_ = order_of({"", OrderState::kPartiallyShipped, kMe, true, false, kHold, "", "", ""});
};

TEST_F(ExportRulesOfLines, TheBuyersWishHoldsItsOwnLinesAlone) {
  EXPECT_EQ(ask(ExportKind::kShipment, {"1"}), "");
  EXPECT_EQ(ask(ExportKind::kShipment, {"2"}), "held buyer_cancel");
  EXPECT_EQ(ask(ExportKind::kShipment, {"1", "2"}), "held buyer_cancel");
  EXPECT_EQ(ask(ExportKind::kCancellation, {"2"}), "");
}

TEST_F(ExportRulesOfLines, ACancelledLineIsNeitherShippedNorCancelledAgain) {
  order_.lines[1].cancelled = Cancellation{"buyer", ""};
  EXPECT_EQ(ask(ExportKind::kShipment, {"1"}), "");
  EXPECT_EQ(ask(ExportKind::kShipment, {"1", "2"}), "refused line_cancelled");
  EXPECT_EQ(ask(ExportKind::kCancellation, {"2"}), "refused line_cancelled");
  EXPECT_EQ(ask(ExportKind::kRefund, {"2"}), "");
}

TEST_F(ExportRulesOfLines, ALineThatTheOrderLacksIsRefusedByName) {
  EXPECT_EQ(ask(ExportKind::kRefund, {"7"}), "refused unknown_line");
  EXPECT_EQ(export_answer(order_, ExportKind::kRefund, kHold, std::vector<std::string>{"7"}).reason,
            "The order has no line 7.");
}

TEST(ExportRulesReasons, NameWhatIsRefused) {
  Order order;
  order.fulfilled_by = kThem;
  EXPECT_EQ(export_answer(order, ExportKind::kRefund, kHold).reason,
            "The marketplace fulfils this order itself and takes no refund for it.");
}

}  // namespace
}  // namespace marketplug::sync
