#pragma once
// What one line of an address says by itself. Pure, any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "host/contacts/contacts.hpp"
#include "host/contacts/words.hpp"

namespace marketplug::contacts {

struct AddressLine {
  enum class Kind : std::uint8_t {
    kEmpty,
    kPlain,      ///< words without a number
    kNumber,     ///< a house number alone
    kExtension,  ///< an extension alone: "Apt 4B"
    kReference,  ///< a long number: a customer's at a Packstation
    kCareOf,     ///< "c/o …"
    kStreet,
    kBox,
    kPickup,
    kUnclear  ///< has a number that no rule settles
  };
  Kind kind = Kind::kUnclear;
  std::string text;    ///< as written, blanks made one
  AddressParts parts;  ///< kStreet, kBox, kPickup, kNumber: complete but for the other lines
};

AddressLine read_address_line(std::string_view text, Country country);

}  // namespace marketplug::contacts
