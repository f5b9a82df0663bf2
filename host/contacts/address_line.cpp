#include "host/contacts/address_line.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "host/contacts/address_words.hpp"
#include "host/contacts/house_number.hpp"
#include "host/contacts/street_name.hpp"

namespace marketplug::contacts {
namespace {

using Kind = AddressLine::Kind;

/// How boxes are called, folded, each name between two bars.
std::string_view boxes_of(Country country) {
  switch (country) {
    case Country::kNl:
      return "|postbus|antwoordnummer|";
    case Country::kDe:
      return "|postfach|";
    case Country::kBe:
      return "|postbus|boite postale|bp|";
    case Country::kFr:
      return "|boite postale|bp|";
    case Country::kGb:
    case Country::kUs:
      return "|po box|p o box|pobox|post office box|";
    case Country::kIt:
      return "|casella postale|cp|c p|";
    case Country::kEs:
      return "|apartado de correos|apartado postal|apartado|apdo de correos|apdo correos|apdo|";
    case Country::kPl:
      return "|skrytka pocztowa|skr poczt|skrpoczt|skrytka|";
    case Country::kSe:
      break;
  }
  return "|box|";
}

void append(std::string& to, std::string_view text) {
  if (text.empty()) return;
  if (!to.empty()) to += ' ';
  to += text;
}

class LineReader {
 public:
  LineReader(const Words& words, Country country) : words_(words), country_(country) {}

  AddressLine read() {
    line_.text = joined(words_, 0, words_.size());
    line_.kind = kind();
    if (line_.kind == Kind::kUnclear) line_.parts = {};
    return std::move(line_);
  }

 private:
  AddressParts& parts() { return line_.parts; }
  std::size_t size() const { return words_.size(); }
  bool named(std::size_t at, std::string_view list) const {
    return at < size() && listed(list, words_[at].folded);
  }
  bool digits_in(std::size_t begin, std::size_t end) const {
    return std::any_of(iterator(begin), iterator(end),
                       [](const Word& word) { return has_digit(word.text); });
  }
  Words::const_iterator iterator(std::size_t at) const {
    return words_.begin() + static_cast<std::ptrdiff_t>(at);
  }

  Kind kind() {
    if (words_.empty()) return Kind::kEmpty;
    if (named(0, kCareOf) || words_[0].folded.starts_with("c/o")) return Kind::kCareOf;
    if (is_box()) return Kind::kBox;
    if (is_pickup()) return Kind::kPickup;
    if (extensions_end(words_, 0, country_) == size()) return Kind::kExtension;
    if (is_reference()) return Kind::kReference;
    if (is_number_alone()) return Kind::kNumber;
    if (is_without_number()) return Kind::kStreet;
    if (!digits_in(0, size())) return Kind::kPlain;
    return is_street() ? Kind::kStreet : Kind::kUnclear;
  }

  /// The words from `at` on are nothing but a number; several groups only where `groups`.
  bool numbers_only(std::size_t at, bool groups) const {
    if (at >= size() || (size() - at > 1 && !groups)) return false;
    return std::all_of(iterator(at), words_.end(), [&](const Word& word) {
      return all_digits(word.text) && word.text.size() <= (size() - at > 1 ? 2U : 8U);
    });
  }

  bool set_box(std::size_t name_end, std::string_view kind) {
    auto at = name_end;
    if (at + 1 < size() && named(at, kNumberSigns)) ++at;
    if (!numbers_only(at, country_ == Country::kDe && kind == "po_box")) return false;
    parts().kind = kind;
    parts().street = joined(words_, 0, name_end);
    parts().house_number = joined(words_, at, size());
    return true;
  }

  bool is_box() {
    std::string name;
    for (std::size_t count = 1; count < size() && count <= 3; ++count) {
      append(name, words_[count - 1].folded);
      const bool known = boxes_of(country_).find("|" + name + "|") != std::string_view::npos;
      if (known && set_box(count, "po_box")) return true;
    }
    return false;
  }

  bool is_pickup() {
    if (country_ != Country::kDe) return false;
    const std::size_t at = words_[0].folded == "dhl" ? 1 : 0;
    return named(at, " packstation postfiliale ") && set_box(at + 1, "pickup_point");
  }

  bool is_reference() const {
    const bool called = size() == 2 && named(0, " postnummer postnr kundennummer ");
    const auto& number = words_.back().text;
    return (called || size() == 1) && all_digits(number) && number.size() > 5;
  }

  bool set_number(const HouseNumber& number) {
    parts().kind = "street";
    parts().house_number = number.number;
    parts().extension = number.extension;
    return true;
  }

  bool is_number_alone() {
    const auto at = size() > 1 && named(0, kNumberSigns) ? 1U : 0U;
    const auto number = house_number_of(words_[at], country_);
    return number && extensions_end(words_, at + 1, country_) == size() && set_number(*number) &&
           set_rest(at + 1);
  }

  /// "Calle Mayor s/n", "Via Roma snc": said to have no number.
  bool is_without_number() {
    if (country_ != Country::kEs && country_ != Country::kIt) return false;
    const auto said = std::find_if(words_.begin(), words_.end(), [](const Word& word) {
      return listed(" s/n snc ", word.folded);
    });
    const auto at = static_cast<std::size_t>(said - words_.begin());
    if (at == 0 || at == size() || digits_in(0, at) || !is_street_name(0, at)) return false;
    parts().house_number = words_[at].text;
    return set_rest(at + 1);
  }

  bool is_street() {
    parts() = {};
    if (number_first(country_)) return is_number_first();
    if (country_ == Country::kBe && has_digit(words_[0].text)) {
      if (is_number_first()) return true;
      parts() = {};
    }
    return is_number_last();
  }

  /// Sets the street where the words can be one.
  bool is_street_name(std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) {
      if (named(i, kNoStreet) || (i > begin && words_[i].after_comma)) return false;
    }
    parts().kind = "street";
    parts().street = joined(words_, begin, end);
    const bool bare = end == begin + 1 && named(begin, kBareStreets);
    return !bare && letters(parts().street) >= 3 &&
           parts().street.find_first_of("@:()\"*=&%") == std::string::npos;
  }

  /// The first number that is none of the street's, or the one behind a number sign.
  std::size_t number_at() const {
    for (std::size_t i = 2; i < size(); ++i) {
      if (named(i - 1, kNumberSigns) && house_number_of(words_[i], country_)) return i;
    }
    for (std::size_t i = 0; i < size(); ++i) {
      if (has_digit(words_[i].text) && !belongs_to_street(words_, i, country_)) return i;
    }
    return 0;
  }

  /// "Plein 1813", "Plein 1940-1945": of the street's name rather than a house.
  static bool is_like_a_year(std::string_view number) {
    const auto year = number.substr(0, 4);
    return all_digits(year) && year >= "1500" && year < "2100" &&
           (number.size() == 4 || number.size() >= 7);
  }

  bool is_number_last() {
    const auto at = number_at();
    const auto number = at == 0 ? std::nullopt : house_number_of(words_[at], country_);
    if (!number) return false;
    const bool sign = at > 1 && named(at - 1, kNumberSigns);
    const auto name_end = sign ? at - 1 : at;
    const bool other =
        words_[name_end - 1].folded.size() > 2 && named(name_end - 1, kNamedExtensions);
    const bool door = named(0, kNamedExtensions) && named_extension_end(words_, 0) > 0;
    if ((!sign && is_like_a_year(number->number)) || other || door) return false;
    set_number(*number);
    return is_street_name(0, name_end) && set_rest(at + 1);
  }

  /// What stands behind the street and its number: extensions, then more words after a comma.
  bool set_rest(std::size_t at) {
    const auto end = extensions_end(words_, at, country_);
    append(parts().extension, joined(words_, at, end));
    if (end == size()) return true;
    const bool apart = words_[end].after_comma || named(end, kCareOf);
    const auto more = joined(words_, end, size());
    append(parts().additional, more);
    return apart && !digits_in(end, size()) && !is_second_street(more, country_);
  }

  /// Named extensions and, up to a comma, words without a number: what may stand before "12 rue …".
  std::size_t before_number() {
    std::size_t at = 0;
    if (!has_digit(words_[0].text) && named_extension_end(words_, 0) == 0) {
      while (at < size() && (at == 0 || !words_[at].after_comma)) ++at;
      if (at == size() || digits_in(0, at)) return size();
      parts().additional = joined(words_, 0, at);
    }
    const auto begin = at;
    while (at < size() && named_extension_end(words_, at) > at) {
      at = named_extension_end(words_, at);
    }
    before_ = joined(words_, begin, at);
    return at;
  }

  bool is_number_first() {
    const auto at = before_number();
    if (at + 1 >= size()) return false;
    const auto number = house_number_of(words_[at], country_);
    if (!number || belongs_to_street(words_, at, country_)) return false;
    auto begin = at + 1;
    const bool letter = words_[begin].folded.size() == 1 && named(begin + 1, kFrenchStreets);
    const bool half = country_ == Country::kUs && words_[begin].text == "1/2";
    const bool french = country_ == Country::kFr || country_ == Country::kBe;
    const auto extra = begin;
    if (half || (french && (letter || named(begin, " bis ter quater ")))) ++begin;
    const auto end = street_end(begin);
    set_number(*number);
    append(parts().extension, joined(words_, extra, begin));
    append(parts().extension, before_);
    return is_kind_of_street(begin, end) && is_street_name(begin, end) && set_rest(end);
  }

  std::size_t street_end(std::size_t begin) const {
    auto end = begin + 1;
    while (end < size() && !words_[end].after_comma && named_extension_end(words_, end) == end) {
      ++end;
    }
    return std::min(end, size());
  }

  bool is_kind_of_street(std::size_t begin, std::size_t end) const {
    if (begin >= end) return false;
    for (auto i = begin; i < end; ++i) {
      const bool own = i > begin && country_ == Country::kUs && named(i - 1, kNumberedStreets) &&
                       all_digits(words_[i].text);
      if (has_digit(words_[i].text) && !own && !belongs_to_street(words_, i, country_))
        return false;
    }
    return is_called_a_street(words_, begin, end, country_);
  }

  const Words& words_;
  Country country_;
  AddressLine line_;
  std::string before_;
};

}  // namespace

AddressLine read_address_line(std::string_view text, Country country) {
  const auto words = address_words_of(text);
  if (words) return LineReader(*words, country).read();
  AddressLine unclear;
  unclear.text = text;
  return unclear;
}

}  // namespace marketplug::contacts
