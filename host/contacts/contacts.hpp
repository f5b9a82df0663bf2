#pragma once
// Single fields as people read them: a name into its parts, address lines into street, house number
// and extension, by the customs of NL, DE, BE, FR, GB, IT, ES, PL, SE and US. Pure functions, any
// thread. Nothing is guessed: what the rules do not settle stays whole. Nothing is lost either: the
// parts together hold every character of the text but blanks, commas, the hyphen or slash before
// an extension and the sign of a number ("nr.", "nº", "n.").

#include <string>
#include <string_view>

namespace marketplug::contacts {

/// `split` false: the name stays whole, and the other members are empty.
struct NameParts {
  bool split = false;
  std::string prefix;  ///< titles: "Herr Dr.", "Mme", "Familie"
  std::string given;   ///< given names or initials; empty where the text has none
  std::string infix;  ///< "van der", "von": NL and DE only, elsewhere it is part of the family name
  std::string family;
  std::string suffix;  ///< "Jr.", "III", "MBA"

  bool operator==(const NameParts&) const = default;
};

/// The lines of a postal address, as a marketplace gives them.
struct AddressLines {
  std::string_view line1, line2, line3;
};

/// `split` false: the address stays whole, and the other members are empty.
struct AddressParts {
  bool split = false;
  std::string kind;          ///< "street", "po_box" or "pickup_point" (Packstation, Postfiliale)
  std::string street;        ///< the street; "Postbus" or "Packstation" for the other kinds
  std::string house_number;  ///< "12", "12-14", "s/n" (without number), or the number of the box
  std::string extension;     ///< "A bis", "Apt 4B", "2. OG": what tells doors of one number apart
  std::string additional;    ///< the rest: "c/o …", a department, the name of a building

  bool operator==(const AddressParts&) const = default;
};

/// `country`: ISO 3166-1 alpha-2 ("UK" counts as GB). Of any other country all stays whole.
NameParts split_name(std::string_view name, std::string_view country);
AddressParts split_address(const AddressLines& lines, std::string_view country);

}  // namespace marketplug::contacts
