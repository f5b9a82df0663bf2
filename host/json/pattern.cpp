#include "host/json/pattern.hpp"

#include <boost/regex.hpp>
#include <stdexcept>

#include "host/json/scanner.hpp"

namespace marketplug::json {
namespace {

constexpr std::size_t kMaxLength = 4096;

std::wstring widened(std::string_view text) {
  static_assert(sizeof(wchar_t) == 4, "wide characters must hold a code point");
  std::wstring out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += L'\uFFFD';
      text.remove_prefix(1);
      continue;
    }
    constexpr unsigned kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned code = static_cast<unsigned char>(text[0]) & kFirstBits[length];
    for (std::size_t i = 1; i < length; ++i) {
      code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    }
    out += static_cast<wchar_t>(code);
    text.remove_prefix(length);
  }
  return out;
}

/// Perl's anchors, which ECMA 262 does not know.
bool has_foreign_anchor(std::string_view expression) noexcept {
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    if (expression[i] != '\\') continue;
    ++i;
    if (std::string_view("AZzG").find(expression[i]) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

struct Pattern::Impl {
  boost::wregex regex;
};

Pattern::Pattern(std::string_view expression) : text_(expression), impl_(std::make_unique<Impl>()) {
  if (expression.size() > kMaxLength) throw std::invalid_argument("the pattern is too long");
  if (has_foreign_anchor(expression)) {
    throw std::invalid_argument("the pattern uses an anchor that ECMA 262 does not know");
  }
  try {
    impl_->regex.assign(widened(expression), boost::regex_constants::ECMAScript);
  } catch (const std::runtime_error&) {
    throw std::invalid_argument("the pattern is not a regular expression");
  }
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Pattern::Match Pattern::search(std::string_view text) const {
  // As in ECMA 262: ^ and $ are the ends of the text, never of a line, and . is not a line break.
  const auto flags = boost::match_single_line | boost::match_not_dot_newline;
  try {
    return boost::regex_search(widened(text), impl_->regex, flags) ? Match::kYes : Match::kNo;
  } catch (const std::runtime_error&) {
    return Match::kTooComplex;
  }
}

}  // namespace marketplug::json
