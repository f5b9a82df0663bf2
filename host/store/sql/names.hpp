#pragma once
// The words that stand in the database for enumerations; once written they never change. Pure
// functions, any thread.

#include <string_view>

#include "marketplug/model/order.hpp"

namespace marketplug::store::sql {

std::string_view name_of(OrderState state) noexcept;
/// StoreError kCorrupt for a word that no version wrote.
OrderState order_state(std::string_view name);
std::string_view name_of(FulfilledBy by) noexcept;
std::string_view name_of(PersonalData data) noexcept;

}  // namespace marketplug::store::sql
