#pragma once
// A regular expression of a schema, searched in UTF-8 text by code points. It never runs away and
// never overflows the stack: what takes too long is said to be so. Any thread may match at once.
// Internal to host/json.

#include <memory>
#include <string>
#include <string_view>

namespace marketplug::json {

class Pattern {
 public:
  /// Throws std::invalid_argument for what is not an expression of ECMA 262 (as far as
  /// boost::regex tells).
  explicit Pattern(std::string_view expression);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  enum class Match { kNo, kYes, kTooComplex };
  Match search(std::string_view text) const;
  const std::string& text() const noexcept { return text_; }

 private:
  struct Impl;
  std::string text_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace marketplug::json
