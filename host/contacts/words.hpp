#pragma once
// Words of names and addresses: taking a text apart, comparing words whatever their case, accents
// and dots. Pure functions, any thread; lists live as long as the program.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::contacts {

enum class Country : std::uint8_t { kNl, kDe, kBe, kFr, kGb, kIt, kEs, kPl, kSe, kUs };
/// None where there are no rules for it.
std::optional<Country> country_of(std::string_view code);

struct Word {
  std::string text;          ///< as it was written
  std::string folded;        ///< for comparing, see fold()
  bool after_comma = false;  ///< a comma or semicolon stood before it
};
using Words = std::vector<Word>;

/// Lower case, accents and dots removed: "Straße" is "strasse", "Dott.ssa" is "dottssa".
std::string fold(std::string_view text);
Word word_of(std::string text, bool after_comma = false);
/// Split at blanks, commas and semicolons. None where the text is not UTF-8, or has letters that
/// are not Latin or signs that no rule knows: the rules would not hold.
std::optional<Words> words_of(std::string_view text);
/// From `begin` up to `end`, one blank between two words, ", " where there was a comma.
std::string joined(const Words& words, std::size_t begin, std::size_t end);

/// `list` holds folded words, each with a blank before and behind it.
bool listed(std::string_view list, std::string_view folded);
bool has_digit(std::string_view text) noexcept;
bool all_digits(std::string_view text) noexcept;
/// Letters only, all capitals, at least two.
bool in_capitals(std::string_view text);
/// How many letters the text has.
std::size_t letters(std::string_view text);

}  // namespace marketplug::contacts
