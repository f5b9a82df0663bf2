#include "host/services/log_line.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "host/services/secret_shapes.hpp"
#include "marketplug/model/time.hpp"

namespace marketplug::services {
namespace {

constexpr std::size_t kLongestText = 8192;

std::string timestamp(TimePoint at) {
  auto text = format_time(at);
  if (text.size() == 20) text.insert(19, ".000");
  return text;
}

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};

/// The next character of UTF-8 text; a byte that belongs to none gives `valid` false and length 1.
struct Utf8Char {
  char32_t code = 0;
  std::size_t length = 1;
  bool valid = false;
};

Utf8Char decode(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xf0 && first < 0xf5   ? 4
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xc2 && first < 0xe0 ? 2
                                                             : 0;
  if (length == 0 || text.size() < length) return {};
  char32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length, true};
}

/// Controls, line separators and marks that turn the direction of writing: never printed raw.
bool unprintable(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x2028 || code == 0x2029 ||
         code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void append_hex(std::string& out, std::string_view lead, unsigned value, int digits) {
  out += lead;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 15u];
  }
}

/// Both formats escape the same characters; JSON has only \uXXXX and no raw bytes.
void append_escaped(std::string& out, std::string_view text, bool json) {
  while (!text.empty()) {
    const auto next = decode(text);
    if (!next.valid) {
      if (json) {
        out += "\\ufffd";
      } else {
        append_hex(out, "\\x", static_cast<unsigned char>(text[0]), 2);
      }
    } else if (next.code == '"' || next.code == '\\') {
      out += '\\';
      out += text[0];
    } else if (next.code == '\n') {
      out += "\\n";
    } else if (next.code == '\r') {
      out += "\\r";
    } else if (next.code == '\t') {
      out += "\\t";
    } else if (unprintable(next.code)) {
      append_hex(out, "\\u", static_cast<unsigned>(next.code), 4);
    } else {
      out += text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
}

/// Redacted first, cut afterwards: a cut secret would be recognised no more.
std::string clean(std::string_view text, const Redactor& redactor) {
  auto value = redactor.redact(text);
  if (value.size() > kLongestText) {
    std::size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
    value.resize(end);
    value += "…";
  }
  return value;
}

std::string field_value(const LogField& field, const Redactor& redactor) {
  return secret_name(field.first) ? "***" : clean(field.second, redactor);
}

void append_text_value(std::string& out, std::string_view value) {
  const bool quote = value.empty() || value.find_first_of(" =\"\\") != std::string_view::npos;
  if (quote) out += '"';
  append_escaped(out, value, false);
  if (quote) out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += out.size() > 1 ? ",\"" : "\"";
  append_escaped(out, name, true);
  out += "\":\"";
  append_escaped(out, value, true);
  out += '"';
}

}  // namespace

std::string text_line(const LogEntry& entry, const Redactor& redactor) {
  std::string line = timestamp(entry.at);
  const auto level = kLevels.at(static_cast<std::size_t>(entry.level));
  line.append(" ").append(level).append(level.size() < 5 ? 5 - level.size() : 0, ' ');
  const auto shop = std::find_if(entry.fields.begin(), entry.fields.end(),
                                 [](const LogField& field) { return field.first == "shop"; });
  line += ' ';
  if (shop == entry.fields.end()) {
    line += '-';
  } else {
    append_text_value(line, field_value(*shop, redactor));
  }
  line += ' ';
  append_escaped(line, clean(entry.event, redactor), false);
  line += ' ';
  append_escaped(line, clean(entry.message, redactor), false);
  for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field) {
    if (field == shop) continue;
    line += ' ';
    append_escaped(line, clean(field->first, redactor), false);
    line += '=';
    append_text_value(line, field_value(*field, redactor));
  }
  return line;
}

std::string json_line(const LogEntry& entry, const Redactor& redactor) {
  std::string line = "{";
  append_member(line, "ts", timestamp(entry.at));
  append_member(line, "level", kLevels.at(static_cast<std::size_t>(entry.level)));
  append_member(line, "event", clean(entry.event, redactor));
  append_member(line, "message", clean(entry.message, redactor));
  for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field) {
    const auto same = [&](const LogField& other) { return other.first == field->first; };
    if (std::any_of(entry.fields.begin(), field, same)) continue;  // the first of a name counts
    auto name = clean(field->first, redactor);
    if (name == "ts" || name == "level" || name == "event" || name == "message") name += '_';
    append_member(line, name, field_value(*field, redactor));
  }
  return line += '}';
}

}  // namespace marketplug::services
