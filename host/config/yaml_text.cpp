#include "host/config/yaml_text.hpp"

#include <algorithm>
#include <cstddef>

namespace marketplug::config {
namespace {

bool continues_utf8(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count >= text.size()) return false;
  for (std::size_t i = 1; i <= count; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
  }
  return true;
}

/// The first byte that is not UTF-8 text (NUL included); npos: all is well.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0) return i;
    if (c < 0x80) continue;
    const std::size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    if (c < 0xC2 || c > 0xF4 || !continues_utf8(text, i, more)) return i;
    i += more;
  }
  return std::string_view::npos;
}

/// Whether a line ends by opening a block text: "key: |", "- >-", "key: |2 # why".
bool opens_block_text(std::string_view line) {
  line = line.substr(0, std::min(line.find(" #"), line.find("\t#")));
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  const auto last = line.find_last_of("|>");
  if (last == std::string_view::npos || last == 0) return false;
  if (line.find_first_not_of("+-123456789", last + 1) != std::string_view::npos) return false;
  const auto before = line.find_last_not_of(" \t", last - 1);
  return before != last - 1 && before != std::string_view::npos &&
         (line[before] == ':' || line[before] == '-');
}

/// Finds lines that are indented with tabs. Inside a block text a tab is text.
class TabCheck {
 public:
  bool refuses(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return false;
    const auto spaces = line.find_first_not_of(' ');
    if (block_ && spaces > block_indent_) return false;
    block_ = opens_block_text(line);
    block_indent_ = spaces;
    return line[first] != '#' && line.substr(0, first).find('\t') != std::string_view::npos;
  }

 private:
  bool block_ = false;
  std::size_t block_indent_ = 0;
};

}  // namespace

void check_text(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  const auto bad = first_bad_byte(text);
  TabCheck tabs;
  int line = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    ++line;
    const auto end = std::min(text.find('\n', start), text.size());
    if (bad >= start && bad <= end && bad < text.size()) {
      problems.push_back({file, line, "", "the file is not UTF-8 text here",
                          "save it as UTF-8 (not UTF-16 or Latin-1)"});
      return;
    }
    if (tabs.refuses(text.substr(start, end - start))) {
      problems.push_back({file, line, "", kTabIndent, kNoTabs});
    }
    start = end + 1;
  }
}

}  // namespace marketplug::config
