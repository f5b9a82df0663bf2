#pragma once
// Invented people, companies and places per country. Nobody here exists; phone numbers use ranges
// kept free for fiction where a country has them. Constant data; any thread.

#include <span>
#include <string_view>

namespace amazon_sandbox {

struct Place {
  std::string_view city, postal_code, state, district;
};

struct Country {
  std::string_view code;
  std::span<const std::string_view> first_names, last_names, streets, companies;
  std::span<const Place> places;
  std::string_view phone_prefix;  ///< followed by a few digits
  bool number_first;              ///< "12 High Street" instead of "Hoofdstraat 12"
  bool family_first;              ///< Japan
};

/// Great Britain's for a country without data of its own.
const Country& country_data(std::string_view iso_code) noexcept;

/// Product titles in the language of "nl_NL"; English where there is none.
std::span<const std::string_view> product_titles(std::string_view language) noexcept;
std::span<const std::string_view> gift_messages() noexcept;

}  // namespace amazon_sandbox
