#pragma once
// The words that stand in the database for enumerations; once written they never change. Back from
// a word: StoreError kCorrupt for one that no version wrote. Pure functions, any thread.

#include <string_view>

#include "host/store/types.hpp"

namespace marketplug::store::sql {

std::string_view name_of(OrderState state) noexcept;
OrderState order_state(std::string_view name);
std::string_view name_of(FulfilledBy by) noexcept;
FulfilledBy fulfilled_by(std::string_view name);
std::string_view name_of(PersonalData data) noexcept;
std::string_view name_of(ReturnState state) noexcept;
ReturnState return_state(std::string_view name);
std::string_view name_of(ReturnLink link) noexcept;
ReturnLink return_link(std::string_view name);

}  // namespace marketplug::store::sql
