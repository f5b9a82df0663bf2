#pragma once
// Appends JSON text to a string: the fast way to render orders, without a document in between.
// One thread per writer; the string belongs to the caller. The caller keeps the nesting right.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace amazon_sandbox {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) noexcept : out_(out) {}

  void open_object() { open('{'); }
  void close_object() { out_ += '}'; }
  void open_array() { open('['); }
  void close_array() { out_ += ']'; }

  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void text(std::string_view value) {
    separate();
    out_ += '"';
    escape(value);
    out_ += '"';
  }
  void integer(std::int64_t value) {
    separate();
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  /// A value that is JSON already.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }

  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) member(name, value);
  }
  void member(std::string_view name, std::int64_t value) {
    key(name);
    integer(value);
  }

 private:
  void open(char bracket) {
    separate();
    out_ += bracket;
  }
  /// A comma unless the text so far ends where a first element or a value is due.
  void separate() {
    if (out_.empty()) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':' && last != ',') out_ += ',';
  }
  void escape(std::string_view value) {
    std::size_t clean = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto c = static_cast<unsigned char>(value[i]);
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      out_ += value.substr(clean, i - clean);
      clean = i + 1;
      if (c >= 0x20) {
        out_ += '\\';
        out_ += value[i];
      } else {
        constexpr char kHex[] = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kHex[c >> 4];
        out_ += kHex[c & 15];
      }
    }
    out_ += value.substr(clean);
  }

  std::string& out_;
};

}  // namespace amazon_sandbox
