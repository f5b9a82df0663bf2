#pragma once
// Whether words are the name of a street, by how streets are called in the country. Pure functions,
// any thread.

#include <cstddef>
#include <string_view>

#include "host/contacts/words.hpp"

namespace marketplug::contacts {

/// FR, GB and US write the number first.
bool number_first(Country country) noexcept;
/// Where the number stands first: the words of [begin, end), at least one, are called a street.
bool is_called_a_street(const Words& words, std::size_t begin, std::size_t end, Country country);
/// Whether a line without a number is surely a street's name, its number being on another line.
bool names_a_street(std::string_view line, Country country);
/// Whether words without a number, beside a street that has one, are a street's name as well.
bool is_second_street(std::string_view text, Country country);

}  // namespace marketplug::contacts
