#include "host/json/strict_parse.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

#include "host/json/append_text.hpp"
#include "host/json/pointer.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

boost::json::value to_value(const ScannedNumber& number) {
  const char* const begin = number.raw.data();
  const char* const end = begin + number.raw.size();
  if (number.integer) {
    std::int64_t small = 0;
    if (std::from_chars(begin, end, small).ec == std::errc()) return boost::json::value(small);
    std::uint64_t large = 0;
    std::from_chars(begin, end, large);
    return boost::json::value(large);
  }
  double value = 0;
  std::from_chars(begin, end, value);
  return boost::json::value(value);
}

/// Builds the value; `path` names the place it is at, also when it throws.
class Builder {
 public:
  Builder(std::string_view text, std::size_t depth) : scan_(text, depth) {}

  boost::json::value whole() {
    auto value = next();
    scan_.finish();
    return value;
  }
  const std::string& path() const noexcept { return path_; }

 private:
  boost::json::value next() {
    switch (const char c = scan_.peek()) {
      case '{':
        return boost::json::value(object());
      case '[':
        return boost::json::value(array());
      case '"':
        return boost::json::value(boost::json::string(scan_.string().text()));
      default: {
        if (c == '-' || (c >= '0' && c <= '9')) return to_value(scan_.number());
        const auto word = scan_.literal();
        return word == "null" ? boost::json::value(nullptr) : boost::json::value(word == "true");
      }
    }
  }

  boost::json::object object() {
    boost::json::object result;
    scan_.open('{');
    for (bool first = true; scan_.member('}', first);) {
      const std::size_t length = path_.size();
      scan_.peek();
      const std::size_t start = scan_.offset();
      const auto name = scan_.key().text();
      path_.append("/").append(escape_token(name));
      if (result.contains(name)) throw ScanError("this name is given twice in its object", start);
      result.emplace(name, next());
      path_.resize(length);
    }
    return result;
  }

  boost::json::array array() {
    boost::json::array result;
    scan_.open('[');
    for (bool first = true; scan_.member(']', first);) {
      const std::size_t length = path_.size();
      path_.append("/").append(std::to_string(result.size()));
      result.push_back(next());
      path_.resize(length);
    }
    return result;
  }

  Scanner scan_;
  std::string path_;
};

ParseError make_error(std::string_view text, std::size_t offset, std::string pointer,
                      std::string message) {
  ParseError error;
  error.offset = std::min(offset, text.size());
  const auto before = text.substr(0, error.offset);
  error.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  const auto newline = before.rfind('\n');
  error.column = static_cast<int>(newline == std::string_view::npos ? before.size() + 1
                                                                    : before.size() - newline);
  error.pointer = std::move(pointer);
  error.message = std::move(message);
  return error;
}

/// Copies tokens without the blanks between them.
class Compactor {
 public:
  Compactor(TextBuilder& out, std::string_view text, std::size_t depth)
      : out_(out), scan_(text, depth) {}

  void whole() {
    if (scan_.peek() != '{') scan_.fail("an object is expected here");
    next();
    scan_.finish();
  }

 private:
  void next() {
    const char c = scan_.peek();
    if (c != '{' && c != '[') {
      out_ << scan_.skip_value();
      return;
    }
    const char closing = c == '{' ? '}' : ']';
    const std::size_t first_key = keys_.size();
    out_ << c;
    scan_.open(c);
    for (bool first = true, comma = false; scan_.member(closing, first); comma = true) {
      if (comma) out_ << ',';
      if (c == '{') key();
      next();
    }
    out_ << closing;
    refuse_duplicates(first_key);
  }

  void key() {
    const auto name = scan_.key();
    out_ << '"' << name.raw << "\":";
    keys_.push_back(name.escaped ? unescaped_.emplace_back(name.text()) : name.raw);
  }

  void refuse_duplicates(std::size_t first_key) {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first_key);
    std::sort(begin, keys_.end());
    if (std::adjacent_find(begin, keys_.end()) != keys_.end()) {
      scan_.fail("a name is given twice in its object");
    }
    keys_.resize(first_key);
  }

  TextBuilder& out_;
  Scanner scan_;
  std::vector<std::string_view> keys_;
  std::deque<std::string> unescaped_;
};

}  // namespace

std::string to_text(const ParseError& error) {
  std::string text =
      "line " + std::to_string(error.line) + ", column " + std::to_string(error.column);
  if (!error.pointer.empty()) text += " (" + error.pointer + ")";
  return text + ": " + error.message;
}

std::optional<boost::json::value> strict_parse(std::string_view text, ParseError& error,
                                               const ParseLimits& limits) {
  if (text.size() > limits.bytes) {
    error = make_error(text, 0, "",
                       "the text is larger than " + std::to_string(limits.bytes) + " bytes");
    return std::nullopt;
  }
  if (text.substr(0, 3) == kByteOrderMark) {
    error = make_error(text, 0, "", "the text starts with a byte order mark");
    return std::nullopt;
  }
  Builder builder(text, limits.depth);
  try {
    return builder.whole();
  } catch (const ScanError& failure) {
    error = make_error(text, failure.offset, builder.path(), failure.what());
    return std::nullopt;
  }
}

boost::json::value parse_or_throw(std::string_view text, std::string_view what,
                                  const ParseLimits& limits) {
  ParseError error;
  auto value = strict_parse(text, error, limits);
  if (!value) throw std::invalid_argument(std::string(what) + ": " + to_text(error));
  return std::move(*value);
}

bool append_compact_object(TextBuilder& out, std::string_view text, std::size_t depth) {
  const std::size_t before = out.size();
  try {
    Compactor(out, text, depth).whole();
    return true;
  } catch (const ScanError&) {
    out.cut(before);
    return false;
  }
}

}  // namespace marketplug::json
