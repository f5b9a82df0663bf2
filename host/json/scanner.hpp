#pragma once
// Reads JSON text token by token without building anything: the base of strict_parse() and of the
// order codec. Strict: what strict_parse.hpp refuses is refused here. One thread; the views it
// gives lie in the text, which must outlive it. Internal to host/json.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace marketplug::json {

/// Thrown by Scanner; `what()` says what is wrong and quotes nothing of the text.
class ScanError : public std::runtime_error {
 public:
  ScanError(const char* what, std::size_t where) : std::runtime_error(what), offset(where) {}
  std::size_t offset;  ///< bytes from the start
};

struct ScannedString {
  std::string_view raw;  ///< between the quotes, as written
  bool escaped = false;  ///< has escapes: unescape() gives the text

  std::string text() const;
};

struct ScannedNumber {
  std::string_view raw;
  bool integer = false;  ///< neither point nor exponent; fits 64 bits, signed or unsigned
};

class Scanner {
 public:
  explicit Scanner(std::string_view text, std::size_t max_depth = 64) noexcept
      : text_(text), max_depth_(max_depth) {}

  /// The next byte after blanks, '\0' at the end.
  char peek() noexcept;
  std::size_t offset() const noexcept { return at_; }
  [[noreturn]] void fail(const char* what) const { throw ScanError(what, at_); }

  ScannedString string();
  ScannedNumber number();
  /// "true", "false" or "null".
  std::string_view literal();
  /// One whole value, checked, as written.
  std::string_view skip_value();
  /// Only blanks may follow.
  void finish();

  /// for (scan.open('{'); scan.member('}', first);) { key = scan.key(); … the value … }
  void open(char bracket);
  /// False: the closing bracket was read. Otherwise the comma was (where one belongs).
  bool member(char closing, bool& first);
  /// A member's name and its colon.
  ScannedString key();

 private:
  void take(char wanted, const char* otherwise);
  void escape();
  unsigned hex4();
  void utf8();
  bool at_end() const noexcept { return at_ >= text_.size(); }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

/// The length of the valid UTF-8 sequence that starts a text, 0 where it is none.
std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace marketplug::json
