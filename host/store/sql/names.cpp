#include "host/store/sql/names.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace marketplug::store::sql {
namespace {

constexpr std::array<std::string_view, 6> kOrderStates = {
    "needs_correction", "pending", "open", "partially_shipped", "shipped", "cancelled"};
constexpr std::array<std::string_view, 3> kFulfilledBy = {"unknown", "merchant", "marketplace"};
constexpr std::array<std::string_view, 3> kPersonalData = {"not_asked", "present", "missing"};
constexpr std::array<std::string_view, 6> kReturnStates = {"unknown",  "requested", "authorized",
                                                           "received", "closed",    "rejected"};
constexpr std::array<std::string_view, 4> kReturnLinks = {"no_order", "no_line", "ambiguous",
                                                          "linked"};

template <class Word, std::size_t kSize>
Word word_of(const std::array<std::string_view, kSize>& words, std::string_view name,
             std::string_view what) {
  for (std::size_t i = 0; i < kSize; ++i) {
    if (words[i] == name) return static_cast<Word>(i);
  }
  throw StoreError(StoreError::Kind::kCorrupt,
                   fmt::format("The store holds an unknown {} \"{}\". Restore a backup, or use the "
                               "version that wrote it.",
                               what, name));
}

}  // namespace

std::string_view name_of(OrderState state) noexcept {
  return kOrderStates[static_cast<std::size_t>(state)];
}

OrderState order_state(std::string_view name) {
  return word_of<OrderState>(kOrderStates, name, "order state");
}

std::string_view name_of(FulfilledBy by) noexcept {
  return kFulfilledBy[static_cast<std::size_t>(by)];
}

FulfilledBy fulfilled_by(std::string_view name) {
  return word_of<FulfilledBy>(kFulfilledBy, name, "fulfilling side");
}

std::string_view name_of(PersonalData data) noexcept {
  return kPersonalData[static_cast<std::size_t>(data)];
}

std::string_view name_of(ReturnState state) noexcept {
  return kReturnStates[static_cast<std::size_t>(state)];
}

ReturnState return_state(std::string_view name) {
  return word_of<ReturnState>(kReturnStates, name, "state of a return");
}

std::string_view name_of(ReturnLink link) noexcept {
  return kReturnLinks[static_cast<std::size_t>(link)];
}

ReturnLink return_link(std::string_view name) {
  return word_of<ReturnLink>(kReturnLinks, name, "link of a return");
}

}  // namespace marketplug::store::sql
