#include "src/sighting_rows.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace marketplug::amazon {
namespace {

TEST(AuditWords, MeanAStateOnlyWhereItIsSure) {
  const std::pair<const char*, std::optional<OrderState>> cases[] = {
      {"Pending", OrderState::kPending},
      {"PendingAvailability", OrderState::kPending},
      {"Unshipped", OrderState::kOpen},
      {"PartiallyShipped", OrderState::kPartiallyShipped},
      {"Partially Shipped", OrderState::kPartiallyShipped},
      {"SHIPPED", OrderState::kShipped},
      {"Shipped - Delivered to Buyer", OrderState::kShipped},
      {"Cancelled", OrderState::kCancelled},
      {"Canceled", OrderState::kCancelled},
      {"Pending - Waiting for Pick Up", std::nullopt},
      {"Shipping", std::nullopt},
      {"Shipped - Returned to Seller", std::nullopt},
      {"Unfulfillable", std::nullopt},
      {"", std::nullopt}};
  for (const auto& [word, state] : cases) EXPECT_EQ(state_of_report_word(word), state) << word;
}

}  // namespace
}  // namespace marketplug::amazon
