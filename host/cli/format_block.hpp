#pragma once
// A block of "  Label   value" lines. One thread.

#include <algorithm>
#include <string>
#include <string_view>

#include "host/cli/text.hpp"

namespace marketplug::cli {

class Block {
 public:
  explicit Block(std::size_t label_width = 16) : width_(label_width) {}
  /// Left out where the value is empty; the value is made harmless.
  void line(std::string_view label, std::string_view value) {
    if (value.empty()) return;
    std::string head = "  " + std::string(label);
    head.resize(std::max(head.size() + 1, width_ + 2), ' ');
    text_ += head + harmless(value) + "\n";
  }
  void raw(std::string_view text) { text_ += text; }
  std::string text() const { return text_; }

 private:
  std::size_t width_;
  std::string text_;
};

}  // namespace marketplug::cli
