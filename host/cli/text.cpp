#include "host/cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace marketplug::cli {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The character at the start of `text`, which is not empty; strict UTF-8 (RFC 3629).
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t size = 0;
  char32_t code = 0, least = 0;
  if ((first & 0xe0) == 0xc0) {
    size = 2, code = first & 0x1fu, least = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    size = 3, code = first & 0x0fu, least = 0x800;
  } else if ((first & 0xf8) == 0xf0) {
    size = 4, code = first & 0x07u, least = 0x10000;
  }
  if (size == 0 || text.size() < size) return {first, 1, false};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {first, 1, false};
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < least || code > 0x10ffff || surrogate) return {first, 1, false};
  return {code, size, true};
}

using Range = std::pair<char32_t, char32_t>;

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const Range& range) {
    return code >= range.first && code <= range.second;
  });
}

/// Steers a terminal or the reading direction: C1, separators, direction marks and overrides.
constexpr std::array<Range, 6> kSteering{{{0x7f, 0x9f},
                                          {0x61c, 0x61c},
                                          {0x200e, 0x200f},
                                          {0x2028, 0x202e},
                                          {0x2066, 0x2069},
                                          {0xfeff, 0xfeff}}};
constexpr std::array<Range, 7> kZeroWidth{{{0x300, 0x36f},
                                           {0x483, 0x489},
                                           {0x591, 0x5bd},
                                           {0x64b, 0x65f},
                                           {0x200b, 0x200d},
                                           {0x20d0, 0x20ff},
                                           {0xfe00, 0xfe0f}}};
constexpr std::array<Range, 8> kWide{{{0x1100, 0x115f},
                                      {0x2e80, 0x303e},
                                      {0x3041, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0x1f300, 0x1faff}}};

std::string escaped(const Decoded& character) {
  switch (character.code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto code = static_cast<std::uint32_t>(character.code);
  return character.valid && code > 0xff ? fmt::format("\\u{{{:x}}}", code)
                                        : fmt::format("\\x{:02x}", code);
}

std::size_t columns_of(char32_t code) {
  if (in(kZeroWidth, code)) return 0;
  if (in(kWide, code) || (code >= 0x20000 && code <= 0x3fffd)) return 2;
  return 1;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const auto character = decode(text);
    if (!character.valid || character.code < 0x20 || in(kSteering, character.code)) {
      clean += escaped(character);
    } else {
      clean += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return clean;
}

std::string harmless_json(std::string_view json) {
  std::string clean;
  clean.reserve(json.size());
  while (!json.empty()) {
    const auto character = decode(json);
    if (character.valid && in(kSteering, character.code)) {
      clean += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code));
    } else if (character.valid) {
      clean += json.substr(0, character.bytes);
    } else {
      clean += "\\ufffd";
    }
    json.remove_prefix(character.bytes);
  }
  return clean;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto character = decode(text);
    width += columns_of(character.code);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t width = 0, at = 0;
  while (at < text.size()) {
    const auto character = decode(text.substr(at));
    const auto next = width + columns_of(character.code);
    if (next > columns - 1) break;
    width = next;
    at += character.bytes;
  }
  return std::string(text.substr(0, at)) + "…";
}

void Table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (auto& cell : cells) cell = harmless(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text(std::size_t indent) const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (const auto& column : columns_) {
    titles.push_back(column.title);
    widths.push_back(display_width(column.title));
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string text;
  const auto write = [&](const std::vector<std::string>& cells) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string gap(widths[i] - display_width(cells[i]), ' ');
      line += columns_[i].align == Align::kRight ? gap + cells[i] : cells[i] + gap;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  write(titles);
  for (const auto& row : rows_) write(row);
  return text;
}

}  // namespace marketplug::cli
