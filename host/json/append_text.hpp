#pragma once
// Puts JSON texts together. Pure functions, any thread; a TextBuilder is one thread's. Internal to
// host/json.

#include <string>
#include <string_view>
#include <utility>

namespace marketplug::json {

/// U+FFFD: stands for what is no text.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// A text that grows by many short pieces: each of them a copy here, where std::string would make
/// it a call. `expected` is the room it starts with.
class TextBuilder {
 public:
  explicit TextBuilder(std::size_t expected) : text_(expected, '\0') {}

  TextBuilder& operator<<(char c) {
    if (size_ == text_.size()) grow(1);
    text_[size_++] = c;
    return *this;
  }
  TextBuilder& operator<<(std::string_view piece) {
    if (piece.size() > text_.size() - size_) grow(piece.size());
    piece.copy(text_.data() + size_, piece.size());
    size_ += piece.size();
    return *this;
  }

  std::size_t size() const noexcept { return size_; }
  char back() const noexcept { return text_[size_ - 1]; }
  /// Forgets what came after the first `size` bytes.
  void cut(std::size_t size) noexcept { size_ = size; }
  std::string take() {
    text_.resize(std::exchange(size_, 0));
    return std::exchange(text_, {});
  }

 private:
  void grow(std::size_t by) { text_.resize(2 * text_.size() + by); }

  std::string text_;  ///< its own size is the room there is
  std::size_t size_ = 0;
};

/// The text in double quotes, escaped. What JSON (or the store) cannot hold becomes U+FFFD: bytes
/// that are not UTF-8, and NUL.
void append_text(TextBuilder& out, std::string_view text);

}  // namespace marketplug::json
