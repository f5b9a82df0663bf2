#include "host/contacts/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace marketplug::contacts {
namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;

bool ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::size_t length_of(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// The code point at `at`, which moves behind it; kInvalid where the text is not UTF-8.
char32_t next(std::string_view text, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  const auto length = length_of(lead);
  if (length == 0 || at + length > text.size()) return kInvalid;
  char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80) return kInvalid;
    code = (code << 6) | (byte & 0x3FU);
  }
  at += length;
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return overlong || surrogate || code > 0x10FFFF ? kInvalid : code;
}

bool is_blank(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_mark(char32_t c) noexcept { return c >= 0x300 && c <= 0x36F; }

bool is_letter(char32_t c) noexcept {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c <= 0x1EFF);
}

bool is_known(char32_t c) noexcept {
  if (c < 0x20 || c == 0x7F) return false;
  const bool ascii = c < 0x80 && c != '<' && c != '>' && c != '\\' && c != '^' && c != '~';
  const bool sign = c == 0xAA || c == 0xB0 || c == 0xB4 || c == 0xBA ||  // ª ° ´ º
                    (c >= 0x2010 && c <= 0x2015) || (c >= 0x2018 && c <= 0x201F) || c == 0x2BC;
  return ascii || sign || is_letter(c) || is_mark(c);
}

bool is_capital(char32_t c) noexcept {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  if (c <= 0xFF) return c >= 0xC0 && c <= 0xDE;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return (c & 1) == 1;
  return c == 0x178 || (c & 1) == 0;
}

/// The letters below the accents of U+00C0 to U+00FF and of U+0100 to U+017F; '*' is more than one.
constexpr std::string_view kLatin1 =
    "aaaaaa*ceeeeiiiidnooooo ouuuuy**aaaaaa*ceeeeiiiidnooooo ouuuuy*y";
constexpr std::string_view kLatinA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssss"
    "ssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin1.size() == 64 && kLatinA.size() == 128);

std::string_view pair_below(char32_t c) noexcept {
  switch (c) {
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0xDE:
    case 0xFE:
      return "th";
    case 0xDF:
      return "ss";
    case 0x132:
    case 0x133:
      return "ij";
    default:
      return "oe";
  }
}

void append_folded(std::string& to, char32_t c, std::string_view as_written) {
  if (c == '.' || is_mark(c)) return;
  if (c < 0x80) {
    to += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  } else if (c >= 0xC0 && c <= 0x17F) {
    const char below = c <= 0xFF ? kLatin1[c - 0xC0] : kLatinA[c - 0x100];
    if (below == '*') {
      to += pair_below(c);
    } else {
      to += below;
    }
  } else if (c == 0x2019 || c == 0xB4 || c == 0x2BC) {
    to += '\'';
  } else {
    to += as_written;
  }
}

/// f(code point, its bytes) over the text; false where it is not UTF-8, or f said so.
template <class Function>
bool each_code_point(std::string_view text, const Function& f) {
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto code = next(text, at);
    if (code == kInvalid || !f(code, text.substr(begin, at - begin))) return false;
  }
  return true;
}

}  // namespace

std::optional<Country> country_of(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, Country>, 11> kKnown{{{"nl", Country::kNl},
                                                                         {"de", Country::kDe},
                                                                         {"be", Country::kBe},
                                                                         {"fr", Country::kFr},
                                                                         {"gb", Country::kGb},
                                                                         {"uk", Country::kGb},
                                                                         {"it", Country::kIt},
                                                                         {"es", Country::kEs},
                                                                         {"pl", Country::kPl},
                                                                         {"se", Country::kSe},
                                                                         {"us", Country::kUs}}};
  const auto wanted = fold(code);
  for (const auto& [name, country] : kKnown) {
    if (name == wanted) return country;
  }
  return std::nullopt;
}

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  each_code_point(text, [&](char32_t code, std::string_view bytes) {
    append_folded(folded, code, bytes);
    return true;
  });
  return folded;
}

Word word_of(std::string text, bool after_comma) {
  Word word;
  word.folded = fold(text);
  word.text = std::move(text);
  word.after_comma = after_comma;
  return word;
}

std::optional<Words> words_of(std::string_view text) {
  Words words;
  std::string current;
  bool comma = false;
  const auto finish = [&] {
    if (current.empty()) return;
    words.push_back(word_of(std::move(current), comma && !words.empty()));
    current.clear();
    comma = false;
  };
  const bool known = each_code_point(text, [&](char32_t code, std::string_view bytes) {
    const bool separator = code == ',' || code == ';';
    if (is_blank(code) || separator) {
      finish();
      comma = comma || separator;
      return true;
    }
    current += bytes;
    return is_known(code);
  });
  if (!known) return std::nullopt;
  finish();
  return words;
}

std::string joined(const Words& words, std::size_t begin, std::size_t end) {
  std::string text;
  for (auto i = begin; i < end && i < words.size(); ++i) {
    if (!text.empty()) text += words[i].after_comma ? ", " : " ";
    text += words[i].text;
  }
  return text;
}

bool listed(std::string_view list, std::string_view folded) {
  if (folded.empty()) return false;
  for (auto at = list.find(folded); at != std::string_view::npos; at = list.find(folded, at + 1)) {
    const auto end = at + folded.size();
    if (at > 0 && list[at - 1] == ' ' && end < list.size() && list[end] == ' ') return true;
  }
  return false;
}

bool has_digit(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), ascii_digit);
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii_digit);
}

bool in_capitals(std::string_view text) {
  return letters(text) >= 2 && each_code_point(text, [](char32_t code, std::string_view) {
           return !is_letter(code) || is_capital(code);
         });
}

std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  each_code_point(text, [&](char32_t code, std::string_view) {
    count += is_letter(code) ? 1U : 0U;
    return true;
  });
  return count;
}

}  // namespace marketplug::contacts
