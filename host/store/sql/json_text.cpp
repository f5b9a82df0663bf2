#include "host/store/sql/json_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace marketplug::store::sql {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void JsonText::add(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (text_.size() > 1) text_ += ',';
  append_quoted(text_, name);
  text_ += ':';
  append_quoted(text_, value);
}

std::string JsonText::take() { return std::move(text_) + "}"; }

}  // namespace marketplug::store::sql
