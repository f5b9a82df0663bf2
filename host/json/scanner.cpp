#include "host/json/scanner.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace marketplug::json {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

bool integer_fits(std::string_view raw) noexcept {
  const char* const end = raw.data() + raw.size();
  std::int64_t as_signed = 0;
  std::uint64_t as_unsigned = 0;
  if (std::from_chars(raw.data(), end, as_signed).ec == std::errc()) return true;
  return raw.front() != '-' && std::from_chars(raw.data(), end, as_unsigned).ec == std::errc();
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  std::size_t length = 0;
  unsigned low = 0x80, high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

std::string ScannedString::text() const {
  if (!escaped) return std::string(raw);
  std::string out;
  out.reserve(raw.size());
  const auto unit = [this](std::size_t at) {
    unsigned code = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      code = code * 16 + static_cast<unsigned>(hex_value(raw[at + i]));
    }
    return code;
  };
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
      continue;
    }
    switch (const char c = raw[++i]) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        unsigned code = unit(i + 1);
        i += 4;
        if (code >= 0xD800 && code < 0xDC00) {
          code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 3) - 0xDC00);
          i += 6;
        }
        append_utf8(out, code);
        break;
      }
      default:
        out += c;
    }
  }
  return out;
}

char Scanner::peek() noexcept {
  while (!at_end() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
  return at_end() ? '\0' : text_[at_];
}

void Scanner::take(char wanted, const char* otherwise) {
  if (peek() != wanted || at_end()) fail(at_end() ? "the text ends too early" : otherwise);
  ++at_;
}

ScannedString Scanner::string() {
  take('"', "a text in double quotes is expected here");
  ScannedString result;
  const std::size_t start = at_;
  for (;;) {
    if (at_end()) fail("the text ends inside a string");
    const char c = text_[at_];
    if (c == '"') break;
    if (c == '\\') {
      result.escaped = true;
      escape();
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      utf8();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fail(c == '\0' ? "a NUL character is not allowed"
                     : "a control character inside a string must be escaped");
    } else {
      ++at_;
    }
  }
  result.raw = text_.substr(start, at_ - start);
  ++at_;
  return result;
}

void Scanner::utf8() {
  const std::size_t length = utf8_length(text_.substr(at_));
  if (length == 0) fail("the text is not valid UTF-8");
  at_ += length;
}

unsigned Scanner::hex4() {
  unsigned code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = at_end() ? -1 : hex_value(text_[at_]);
    if (digit < 0) fail("\\u must be followed by four hexadecimal digits");
    code = code * 16 + static_cast<unsigned>(digit);
  }
  return code;
}

void Scanner::escape() {
  ++at_;
  if (at_end()) fail("the text ends inside a string");
  const char c = text_[at_++];
  if (c != 'u') {
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
      --at_;
      fail("this escape is not known to JSON");
    }
    return;
  }
  const unsigned code = hex4();
  if (code == 0) fail("a NUL character is not allowed");
  if (code >= 0xDC00 && code < 0xE000) fail("half of a surrogate pair is missing");
  if (code < 0xD800 || code >= 0xDC00) return;
  if (text_.substr(at_, 2) != "\\u") fail("half of a surrogate pair is missing");
  at_ += 2;
  const unsigned low = hex4();
  if (low < 0xDC00 || low >= 0xE000) fail("half of a surrogate pair is missing");
}

ScannedNumber Scanner::number() {
  const auto digits = [this] {
    const std::size_t start = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    if (at_ == start) fail("a number needs a digit here");
  };
  peek();
  const std::size_t start = at_;
  ScannedNumber result;
  result.integer = true;
  if (!at_end() && text_[at_] == '-') ++at_;
  if (!at_end() && text_[at_] == '0') {
    ++at_;
    if (!at_end() && is_digit(text_[at_])) fail("a number must not start with 0");
  } else {
    digits();
  }
  if (!at_end() && text_[at_] == '.') {
    result.integer = false;
    ++at_;
    digits();
  }
  if (!at_end() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    result.integer = false;
    ++at_;
    if (!at_end() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    digits();
  }
  result.raw = text_.substr(start, at_ - start);
  if (result.integer) {
    if (!integer_fits(result.raw)) throw ScanError("the number does not fit 64 bits", start);
    return result;
  }
  double value = 0;
  const auto read =
      std::from_chars(result.raw.data(), result.raw.data() + result.raw.size(), value);
  if (read.ec != std::errc() || !std::isfinite(value)) {
    throw ScanError("the number is out of range", start);
  }
  return result;
}

std::string_view Scanner::literal() {
  peek();
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(at_, word.size()) == word) {
      at_ += word.size();
      return word;
    }
  }
  fail(at_end() ? "the text ends too early" : "a JSON value is expected here");
}

void Scanner::open(char bracket) {
  take(bracket, bracket == '{' ? "an object is expected here" : "an array is expected here");
  if (++depth_ > max_depth_) fail("the text is nested too deeply");
}

bool Scanner::member(char closing, bool& first) {
  if (peek() == closing && !at_end()) {
    ++at_;
    --depth_;
    return false;
  }
  if (!first) {
    take(',', closing == '}' ? "a comma or } is expected here" : "a comma or ] is expected here");
    if (peek() == closing && !at_end()) fail("a comma before the closing bracket is not allowed");
  }
  first = false;
  return true;
}

ScannedString Scanner::key() {
  if (peek() != '"')
    fail(at_end() ? "the text ends too early" : "a name in double quotes is expected here");
  const ScannedString name = string();
  take(':', "a colon is expected here");
  return name;
}

std::string_view Scanner::skip_value() {
  const char c = peek();
  const std::size_t start = at_;
  if (c == '{' || c == '[') {
    const char closing = c == '{' ? '}' : ']';
    open(c);
    for (bool first = true; member(closing, first);) {
      if (c == '{') key();
      skip_value();
    }
  } else if (c == '"') {
    string();
  } else if (c == '-' || is_digit(c)) {
    number();
  } else {
    literal();
  }
  return text_.substr(start, at_ - start);
}

void Scanner::finish() {
  peek();
  if (!at_end()) fail("nothing may follow the value");
}

}  // namespace marketplug::json
