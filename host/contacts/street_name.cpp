#include "host/contacts/street_name.hpp"

#include "host/contacts/address_words.hpp"
#include "host/contacts/house_number.hpp"

namespace marketplug::contacts {
namespace {

/// Whether the word is one of the list, or ends with one ("musterstrasse").
bool ends_like(std::string_view list, std::string_view folded) {
  for (std::size_t length = 3; length <= folded.size(); ++length) {
    if (listed(list, folded.substr(folded.size() - length))) return true;
  }
  return false;
}

bool is_english(Country country) noexcept {
  return country == Country::kGb || country == Country::kUs;
}

bool is_french(Country country) noexcept {
  return country == Country::kFr || country == Country::kBe;
}

}  // namespace

bool number_first(Country country) noexcept {
  return country == Country::kFr || is_english(country);
}

bool is_called_a_street(const Words& words, std::size_t begin, std::size_t end, Country country) {
  const auto is = [&](std::size_t at, std::string_view list) {
    return at >= begin && at < end && listed(list, words[at].folded);
  };
  if (is_french(country)) {
    return is(begin, kFrenchStreets) ||
           (is(begin, " grande grand petite vieille ") && is(begin + 1, kFrenchStreets));
  }
  auto last = end - 1;
  while (last > begin && is(last, kDirections)) --last;
  const bool own = country == Country::kUs && last > begin && is(last - 1, kNumberedStreets) &&
                   (words[last].folded.size() == 1 || all_digits(words[last].text));
  return is(last, kEnglishStreets) || own || is(begin, " the ") ||
         (is(begin, " avenue ") && is(begin + 1, " of "));
}

bool names_a_street(std::string_view line, Country country) {
  const auto words = address_words_of(line);
  if (!words || words->empty()) return false;
  if (number_first(country)) return is_called_a_street(*words, 0, words->size(), country);
  return listed(kStreetBeginnings, words->front().folded) ||
         ends_like(kStreetEndings, words->back().folded);
}

bool is_second_street(std::string_view text, Country country) {
  const auto words = address_words_of(text);
  if (!words || words->empty()) return false;
  const auto& first = words->front().folded;
  const auto& last = words->back().folded;
  if (is_english(country)) return listed(kSurelyStreets, last);
  return listed(is_french(country) ? kFrenchStreets : kStreetBeginnings, first) ||
         ends_like(kSurelyStreets, last);
}

}  // namespace marketplug::contacts
