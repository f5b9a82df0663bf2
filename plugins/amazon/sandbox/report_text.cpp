#include "plugins/amazon/sandbox/report_text.hpp"

#include <algorithm>

#include "plugins/amazon/sandbox/deflate.hpp"
#include "plugins/amazon/sandbox/order.hpp"

namespace amazon_sandbox {
namespace {

/// 0x80 to 0x9f of windows-1252; 0: not assigned.
constexpr std::uint32_t kWindowsHigh[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/// Takes one character off the front of well-formed UTF-8; of a stray byte its value.
std::uint32_t take_character(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t code = lead < 0xc0   ? lead
                       : lead < 0xe0 ? lead & 0x1fu
                       : lead < 0xf0 ? lead & 0x0fu
                                     : lead & 0x07u;
  for (std::size_t i = 1; i < length && i < text.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  text.remove_prefix(std::min(length, text.size()));
  return code;
}

/// -1: windows-1252 lacks the character.
int windows_byte(std::uint32_t code) noexcept {
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return static_cast<int>(code);
  const auto* found = std::find(std::begin(kWindowsHigh), std::end(kWindowsHigh), code);
  return code == 0 || found == std::end(kWindowsHigh)
             ? -1
             : 0x80 + static_cast<int>(found - std::begin(kWindowsHigh));
}

}  // namespace

std::string encode_text(std::string_view utf8, Charset charset, bool xml) {
  if (charset == Charset::kUtf8) return std::string(utf8);
  std::string bytes;
  bytes.reserve(utf8.size());
  while (!utf8.empty()) {
    const auto code = take_character(utf8);
    const int byte = windows_byte(code);
    if (byte >= 0) {
      bytes += static_cast<char>(byte);
    } else if (xml) {
      bytes.append("&#").append(std::to_string(code)).append(";");
    } else {
      bytes += '?';
    }
  }
  return bytes;
}

std::string gzip(std::string_view bytes) {
  constexpr int kWithGzipHeader = 15 + 16;
  return deflated(bytes, Z_BEST_SPEED, kWithGzipHeader);
}

std::string xml_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') continue;
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\r':
        result += "&#13;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string plain_decimal(std::int64_t minor, int decimals) {
  auto text = format_amount(minor, decimals);
  if (decimals == 0) return text + ".0";
  while (text.ends_with('0') && text[text.size() - 2] != '.') text.pop_back();
  return text;
}

}  // namespace amazon_sandbox
