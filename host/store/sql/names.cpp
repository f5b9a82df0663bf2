#include "host/store/sql/names.hpp"

#include <array>
#include <cstddef>
#include <string>

#include "host/store/types.hpp"

namespace marketplug::store::sql {
namespace {

constexpr std::array<std::string_view, 6> kOrderStates = {
    "needs_correction", "pending", "open", "partially_shipped", "shipped", "cancelled"};
constexpr std::array<std::string_view, 3> kFulfilledBy = {"unknown", "merchant", "marketplace"};
constexpr std::array<std::string_view, 3> kPersonalData = {"not_asked", "present", "missing"};

}  // namespace

std::string_view name_of(OrderState state) noexcept {
  return kOrderStates[static_cast<std::size_t>(state)];
}

OrderState order_state(std::string_view name) {
  for (std::size_t i = 0; i < kOrderStates.size(); ++i) {
    if (kOrderStates[i] == name) return static_cast<OrderState>(i);
  }
  throw StoreError(StoreError::Kind::kCorrupt,
                   "The store holds an unknown order state \"" + std::string(name) +
                       "\". Restore a backup, or use the version that wrote it.");
}

std::string_view name_of(FulfilledBy by) noexcept {
  return kFulfilledBy[static_cast<std::size_t>(by)];
}

std::string_view name_of(PersonalData data) noexcept {
  return kPersonalData[static_cast<std::size_t>(data)];
}

}  // namespace marketplug::store::sql
