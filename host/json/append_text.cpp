#include "host/json/append_text.hpp"

#include <array>

#include "host/json/scanner.hpp"

namespace marketplug::json {
namespace {

/// Bytes that cannot simply be copied: controls, quote, backslash, and all beyond ASCII.
constexpr auto kSpecial = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = i < 0x20 || i >= 0x80 || i == '"' || i == '\\';
  }
  return table;
}();

void append_escape(TextBuilder& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out << "\\\"";
      break;
    case '\\':
      out << "\\\\";
      break;
    case '\n':
      out << "\\n";
      break;
    case '\r':
      out << "\\r";
      break;
    case '\t':
      out << "\\t";
      break;
    case '\0':
      out << kReplacement;
      break;
    default: {
      const auto code = static_cast<unsigned char>(c);
      out << "\\u00";
      out << kHex[code >> 4];
      out << kHex[code & 15];
    }
  }
}

}  // namespace

void append_text(TextBuilder& out, std::string_view text) {
  out << '"';
  std::size_t start = 0, at = 0;
  const auto flush = [&] { out << text.substr(start, at - start); };
  while (at < text.size()) {
    const char c = text[at];
    if (!kSpecial[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      if (const auto length = utf8_length(text.substr(at)); length > 0) {
        at += length;
        continue;
      }
      flush();
      out << kReplacement;
    } else {
      flush();
      append_escape(out, c);
    }
    start = ++at;
  }
  flush();
  out << '"';
}

}  // namespace marketplug::json
