#include <algorithm>
#include <array>
#include <utility>

#include "host/contacts/address_line.hpp"
#include "host/contacts/contacts.hpp"
#include "host/contacts/street_name.hpp"

namespace marketplug::contacts {
namespace {

using Kind = AddressLine::Kind;

void add(std::string& to, std::string_view text, std::string_view between) {
  if (text.empty()) return;
  if (!to.empty()) to += between;
  to += text;
}

class AddressReader {
 public:
  AddressReader(const AddressLines& lines, Country country)
      : lines_{read_address_line(lines.line1, country), read_address_line(lines.line2, country),
               read_address_line(lines.line3, country)},
        country_(country) {}

  AddressParts read() {
    const bool found = count(Kind::kUnclear) == 0 && find_main() && add_others();
    if (!found) return {};
    parts_.split = true;
    return std::move(parts_);
  }

 private:
  std::size_t count(Kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(), [&](const AddressLine& line) { return line.kind == kind; }));
  }

  AddressLine& first(Kind kind) {
    return *std::find_if(lines_.begin(), lines_.end(),
                         [&](const AddressLine& line) { return line.kind == kind; });
  }

  bool take(AddressLine& line) {
    parts_ = std::move(line.parts);
    line.kind = Kind::kEmpty;
    return true;
  }

  /// The one line that the rest is added to.
  bool find_main() {
    const auto streets = count(Kind::kStreet), boxes = count(Kind::kBox),
               pickups = count(Kind::kPickup), numbers = count(Kind::kNumber);
    if (streets + boxes + pickups == 0) return numbers == 1 && join_number();
    if (numbers > 0) return false;
    if (streets == 1 && boxes + pickups == 0) return take(first(Kind::kStreet));
    // The post of France wants both, the street for parcels and the box for letters.
    if (streets == 1 && boxes == 1 && pickups == 0 && country_ == Country::kFr) {
      return take(first(Kind::kStreet));
    }
    if (boxes == 1 && streets + pickups == 0) return take(first(Kind::kBox));
    if (pickups == 1 && streets + boxes == 0) return take(first(Kind::kPickup));
    return false;
  }

  /// A street's name on one line, its number on the next, or the other way round.
  bool join_number() {
    auto& number = first(Kind::kNumber);
    const auto at = static_cast<std::size_t>(&number - lines_.data());
    const bool before = number_first(country_);
    if (before ? at + 1 == lines_.size() : at == 0) return false;
    auto& street = lines_[before ? at + 1 : at - 1];
    if (street.kind != Kind::kPlain || !names_a_street(street.text, country_)) return false;
    take(number);
    parts_.street = std::move(street.text);
    street.kind = Kind::kEmpty;
    return true;
  }

  bool add_others() {
    for (const auto& line : lines_) {
      switch (line.kind) {
        case Kind::kEmpty:
          break;
        case Kind::kExtension:
          if (parts_.kind == "street") {
            add(parts_.extension, line.text, " ");
            break;
          }
          [[fallthrough]];
        case Kind::kPlain:
          if (parts_.kind == "street" && is_second_street(line.text, country_)) return false;
          [[fallthrough]];
        case Kind::kCareOf:
        case Kind::kBox:
          add(parts_.additional, line.text, ", ");
          break;
        case Kind::kReference:
          if (parts_.kind != "pickup_point") return false;
          add(parts_.additional, line.text, ", ");
          break;
        default:
          return false;
      }
    }
    return true;
  }

  std::array<AddressLine, 3> lines_;
  Country country_;
  AddressParts parts_;
};

}  // namespace

AddressParts split_address(const AddressLines& lines, std::string_view country) {
  const auto known = country_of(country);
  return known ? AddressReader(lines, *known).read() : AddressParts();
}

}  // namespace marketplug::contacts
