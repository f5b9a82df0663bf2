#pragma once
// Numbers in a line of an address: which word is a house number, which belongs to the street's name
// ("17. Juni"), which to the extension ("Apt 4B"). Pure functions, any thread.

#include <optional>
#include <string>

#include "host/contacts/words.hpp"

namespace marketplug::contacts {

struct HouseNumber {
  std::string number;     ///< "12", "12-14", "5/7"
  std::string extension;  ///< "a" of "12a", "b" of "12/b", "2" of a Dutch "12-2"
};
/// None where the word is not a house number.
std::optional<HouseNumber> house_number_of(const Word& word, Country country);

/// The words of one line: "12 - 14" becomes one word, "Hauptstr.12" two. None as words_of().
std::optional<Words> address_words_of(std::string_view line);

/// Whether the number at `at` belongs to the name of the street: a date, a year, "2e", "5th".
bool belongs_to_street(const Words& words, std::size_t at, Country country);

/// Behind the named extension ("Flat 3", "2nd Floor", "#4B") that begins at `at`; `at` where none
/// does.
std::size_t named_extension_end(const Words& words, std::size_t at);
/// Behind all extensions from `at` on, those without a name ("A", "bis", "3º") among them.
std::size_t extensions_end(const Words& words, std::size_t at, Country country);

}  // namespace marketplug::contacts
