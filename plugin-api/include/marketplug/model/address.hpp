#pragma once
// A postal address as a marketplace gives it: single fields, nothing split, nothing guessed.
// Personal data wherever it belongs to a buyer.

#include <string>

namespace marketplug {

struct Address {
  std::string name;
  std::string company;
  std::string line1, line2, line3;
  std::string city;
  std::string district;  ///< district or county
  std::string region;    ///< state, province or region
  std::string municipality;
  std::string postal_code;  ///< text: leading zeros count
  std::string country;      ///< ISO 3166-1 alpha-2
  std::string phone;
  std::string type;  ///< "residential", "commercial", "pickup_point", or as the marketplace says
  std::string attributes;  ///< JSON object text of what these fields lack; empty: none

  bool operator==(const Address&) const = default;
};

}  // namespace marketplug
