#include "host/contacts/house_number.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "host/contacts/address_words.hpp"

namespace marketplug::contacts {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x93";  // –
constexpr std::size_t kLongestExtension = 7;

bool small_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t from) noexcept {
  auto end = from;
  while (end < text.size() && digit(text[end])) ++end;
  return end - from;
}

/// How long the sign between number and extension is; 0: there is none.
std::size_t sign_at(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  if (text[at] == '-' || text[at] == '/') return 1;
  return text.substr(at).starts_with(kDash) ? kDash.size() : 0;
}

int value_of(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// Letters, digits and the signs between them; no sign at the end.
bool is_tail(std::string_view text) {
  if (text.empty() || text.size() > kLongestExtension || sign_at(text, text.size() - 1) != 0) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return small_letter(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) || digit(c) ||
           c == '-' || c == '/';
  });
}

bool has_letter_first(std::string_view text) { return letters(text.substr(0, 1)) == 1; }

/// "12a", "12bis", "12a-c", "5A/7": the letters behind the digits and what follows them.
bool is_lettered(std::string_view tail) {
  std::size_t count = 0;
  while (count < tail.size() && has_letter_first(tail.substr(count))) ++count;
  const bool known = count <= 2 || listed(kAloneExtensions, fold(tail.substr(0, count)));
  return count > 0 && known && is_tail(tail) && (count == tail.size() || sign_at(tail, count) > 0);
}

/// "st" of "21st": never an extension.
bool is_english_ordinal(std::string_view folded, std::size_t count) {
  return listed(" st nd rd th ", folded.substr(count));
}

/// Digits behind digits: numbers from and to, or (NL, BE) number and extension.
HouseNumber range(std::string_view text, std::size_t first, std::size_t sign, Country country) {
  const auto second = first + sign;
  const auto count = digits_at(text, second);
  const bool lower =
      value_of(text.substr(second, count)) <= value_of(text.substr(0, first)) && text[first] != '/';
  const bool dutch = country == Country::kNl || country == Country::kBe;
  if (dutch && lower) {
    return {std::string(text.substr(0, first)), std::string(text.substr(second))};
  }
  return {std::string(text.substr(0, second + count)), std::string(text.substr(second + count))};
}

bool is_year(std::string_view text) {
  return text.size() == 4 && all_digits(text) && value_of(text) >= 1500 && value_of(text) < 2100;
}

bool is_month(const Words& words, std::size_t at) {
  if (at < words.size() && words[at].folded == "de") ++at;
  return at < words.size() && !words[at].after_comma && listed(kMonths, words[at].folded);
}

/// A word that goes on with the street's name.
bool is_name(const Words& words, std::size_t at) {
  if (at >= words.size() || words[at].after_comma) return false;
  const auto& folded = words[at].folded;
  return letters(folded) >= 2 && !has_digit(folded) && !listed(kFloors, folded) &&
         !listed(kAloneExtensions, folded) && !listed(kNamedExtensions, folded);
}

/// "17.", "1e", "2nd", "3º": digits and what makes them an ordinal.
bool is_ordinal(const Word& word) {
  const auto count = digits_at(word.text, 0);
  if (count == 0 || count > 3 || count == word.text.size()) return false;
  if (word.text.substr(count) == ".") return true;
  return listed(" e de ste st nd rd th er eme ere º ª ° ", word.folded.substr(count));
}

bool is_year_range(const Words& words, std::size_t at) {
  const auto& text = words[at].text;
  if (!is_year(std::string_view(text).substr(0, 4)) || text.size() < 7) return false;
  const auto sign = sign_at(text, 4);
  const auto rest = std::string_view(text).substr(4 + sign);
  const bool more = at + 1 < words.size() && digits_at(words[at + 1].text, 0) > 0;
  return sign > 0 && all_digits(rest) && (rest.size() == 2 || rest.size() == 4) && more;
}

/// "'40-'45", in any apostrophe.
bool is_short_year(const Word& word) {
  return word.folded.size() > 2 && word.folded[0] == '\'' && digits_at(word.folded, 1) == 2;
}

bool is_operand(const Words& words, std::size_t at) {
  if (at >= words.size()) return false;
  const auto& word = words[at];
  return letters(word.text) == 1 ? word.folded.size() <= kLongestExtension
                                 : has_digit(word.text) && word.text.size() <= kLongestExtension;
}

/// Spanish and Italian doors: "3º", "3ºB", "3B", "3 B", "3 izda".
std::size_t door_end(const Words& words, std::size_t at) {
  const auto& folded = words[at].folded;
  const auto count = digits_at(folded, 0);
  if (count == 0 || count > 2) return at;
  const auto rest = std::string_view(folded).substr(count);
  for (const std::string_view sign : {"º", "ª", "°"}) {
    if (rest.starts_with(sign) && rest.size() <= sign.size() + 1) return at + 1;
  }
  if (rest.size() == 1 && small_letter(rest[0])) return at + 1;
  if (rest.size() == 2 && rest[0] == '-' && small_letter(rest[1])) return at + 1;
  if (!rest.empty() || at + 1 >= words.size()) return at;
  const auto& next = words[at + 1].folded;
  const bool letter = next.size() == 1 && small_letter(next[0]);
  return letter || listed(" izq izda dcha centro izquierda derecha ", next) ? at + 2 : at;
}

/// Behind the one extension at `at`.
std::size_t extension_end(const Words& words, std::size_t at, Country country) {
  const auto named = named_extension_end(words, at);
  if (named != at) return named;
  const auto& folded = words[at].folded;
  if (listed(kAloneExtensions, folded)) return at + 1;
  const bool letter = !folded.empty() && small_letter(folded[0]);
  if (letter && folded.size() <= 3 && (folded.size() == 1 || all_digits(folded.substr(1)))) {
    return at + 1;
  }
  const bool doors = country == Country::kEs || country == Country::kIt;
  return doors ? door_end(words, at) : at;
}

/// Where a word like "Hauptstr.12", "nº5" or "Apt4B" is two words; 0: nowhere.
std::size_t seam_of(const Word& word) {
  const auto at = word.text.find_first_of("0123456789");
  if (at == 0 || at == std::string::npos) return 0;
  const auto before = std::string_view(word.text).substr(0, at);
  const auto folded = fold(before);
  const bool dotted = before.back() == '.';
  const bool known = listed(kNumberSigns, folded) ||
                     (listed(kNamedExtensions, folded) && (dotted || folded.size() > 2));
  const bool street = letters(before) >= (dotted ? 3U : 6U) &&
                      before.find_first_of("-/'\"#&()") == std::string_view::npos;
  return known || street ? at : 0;
}

/// "12 - 14", "12- 14", "12 /b": one word.
bool goes_on(const Word& before, const Word& word) {
  if (word.after_comma || digits_at(before.text, 0) == 0) return false;
  const auto sign = sign_at(word.text, 0);
  if (sign > 0) return is_tail(word.text.substr(sign)) || word.text.size() == sign;
  const bool open =
      sign_at(before.text, before.text.size() - 1) > 0 || before.text.ends_with(kDash);
  return open && is_tail(word.text);
}

}  // namespace

std::optional<HouseNumber> house_number_of(const Word& word, Country country) {
  const std::string_view text = word.text;
  const auto count = digits_at(text, 0);
  if (count == 0 || count > 5 || is_english_ordinal(word.folded, count)) return std::nullopt;
  if (count == text.size()) return HouseNumber{word.text, {}};
  const auto number = text.substr(0, count);
  if (is_lettered(text.substr(count))) {
    return HouseNumber{std::string(number), std::string(text.substr(count))};
  }
  const auto sign = sign_at(text, count);
  const auto tail = text.substr(count + sign);
  if (sign == 0 || !is_tail(tail)) return std::nullopt;
  if (!digit(tail[0])) return HouseNumber{std::string(number), std::string(tail)};
  return range(text, count, sign, country);
}

std::optional<Words> address_words_of(std::string_view line) {
  auto read = words_of(line);
  if (!read) return std::nullopt;
  Words words;
  for (auto& word : *read) {
    const auto seam = seam_of(word);
    if (seam > 0) {
      words.push_back(word_of(word.text.substr(0, seam), word.after_comma));
      words.push_back(word_of(word.text.substr(seam)));
    } else if (!words.empty() && goes_on(words.back(), word)) {
      words.back() = word_of(words.back().text + word.text, words.back().after_comma);
    } else {
      words.push_back(std::move(word));
    }
  }
  return words;
}

bool belongs_to_street(const Words& words, std::size_t at, Country country) {
  const auto& word = words[at];
  if (is_short_year(word) || is_year_range(words, at)) return true;
  if (at > 1 && is_year(word.text) && listed(kMonths, words[at - 1].folded)) return true;
  const auto count = digits_at(word.text, 0);
  const bool bare = count == word.text.size();
  if (count > 0 && count <= 2 && (bare || is_ordinal(word)) && is_month(words, at + 1)) {
    return true;
  }
  const bool english = country == Country::kUs || country == Country::kGb;
  return is_ordinal(word) && (is_name(words, at + 1) || (english && word.text.back() != '.')) &&
         (!english || is_english_ordinal(word.folded, count));
}

std::size_t named_extension_end(const Words& words, std::size_t at) {
  const auto& word = words[at];
  const bool more = at + 1 < words.size();
  if (word.text[0] == '#') {
    if (word.text.size() > 1) return word.text.size() <= kLongestExtension ? at + 1 : at;
    return is_operand(words, at + 1) ? at + 2 : at;
  }
  const auto count = digits_at(word.text, 0);
  if (count > 0 && count <= 2 && more && listed(kFloors, words[at + 1].folded) &&
      (count == word.text.size() || is_ordinal(word))) {
    return at + 2;
  }
  if (count > 0 && word.folded.ends_with("-hoog")) return at + 1;
  return listed(kNamedExtensions, word.folded) && is_operand(words, at + 1) ? at + 2 : at;
}

std::size_t extensions_end(const Words& words, std::size_t at, Country country) {
  while (at < words.size()) {
    const auto end = extension_end(words, at, country);
    if (end == at) break;
    at = end;
  }
  return at;
}

}  // namespace marketplug::contacts
