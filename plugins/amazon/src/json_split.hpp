#pragma once
// Cuts JSON text into the texts of its members or elements without judging what is inside them, so
// that one damaged order of a page does not take the others with it. Used only where a whole page
// could not be parsed. Pure functions, any thread; the views point into the given text.

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace marketplug::amazon {

/// Keys as they stand between their quotes, and the texts of the values. nullopt where the text is
/// no object, or ends too early.
std::optional<std::vector<std::pair<std::string_view, std::string_view>>> split_object(
    std::string_view text);
/// The texts of the elements. nullopt where the text is no array, or ends too early.
std::optional<std::vector<std::string_view>> split_array(std::string_view text);
/// The text of the last member of that name; empty where there is none.
std::string_view split_member(std::string_view text, std::string_view name);

}  // namespace marketplug::amazon
