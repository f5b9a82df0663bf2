#pragma once
// Cuts JSON text into the texts of its members or elements without judging what is inside them, so
// that every order of a page is parsed by itself and a damaged one does not take the others with
// it. Pure functions, any thread; the views point into the given text.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::amazon {

/// One member of an object cut out of its text.
struct CutMember {
  std::string_view value;                  ///< its text; empty: the object lacks it
  std::vector<std::string_view> elements;  ///< where the value is an array: their texts
  std::string frame;                       ///< the object with the value replaced by null
};
/// Cuts out the first member of that name, in one pass. nullopt where the text is no object, or
/// ends too early.
std::optional<CutMember> cut_member(std::string_view text, std::string_view name);

/// The text of the first member of that name; empty where there is none.
std::string_view split_member(std::string_view text, std::string_view name);

/// Where a name stands for the second time in its object: the offset of its quote. For texts that
/// parse; nullopt where all names differ as they are written.
std::optional<std::size_t> repeated_name(std::string_view text);

}  // namespace marketplug::amazon
