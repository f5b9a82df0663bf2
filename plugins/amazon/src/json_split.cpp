#include "src/json_split.hpp"

namespace marketplug::amazon {
namespace {

/// Walks over a text; every function leaves `at` behind what it has taken, or returns false.
struct Walker {
  std::string_view text;
  std::size_t at = 0;

  bool done() const { return at >= text.size(); }
  void skip_space() {
    while (!done() &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
      ++at;
    }
  }
  bool take(char c) {
    skip_space();
    if (done() || text[at] != c) return false;
    ++at;
    return true;
  }
  /// True at the end of the text, space aside.
  bool at_end() {
    skip_space();
    return done();
  }
  bool skip_string() {
    if (!take('"')) return false;
    for (; !done(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '"') {
        ++at;
        return true;
      }
    }
    return false;
  }
  bool skip_value() {
    skip_space();
    std::size_t depth = 0;
    const std::size_t begin = at;
    while (!done()) {
      const char c = text[at];
      if (c == '"') {
        if (!skip_string()) return false;
        if (depth == 0) return true;
        continue;
      }
      if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return at > begin;
        if (--depth == 0) {
          ++at;
          return true;
        }
      } else if (c == ',' && depth == 0) {
        return at > begin;
      }
      ++at;
    }
    return false;
  }
  std::string_view since(std::size_t begin) const {
    std::string_view part = text.substr(begin, at - begin);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\t' || part.back() == '\r' ||
                             part.back() == '\n')) {
      part.remove_suffix(1);
    }
    return part;
  }
};

}  // namespace

std::optional<std::vector<std::pair<std::string_view, std::string_view>>> split_object(
    std::string_view text) {
  Walker walker{text};
  std::vector<std::pair<std::string_view, std::string_view>> members;
  if (!walker.take('{')) return std::nullopt;
  if (walker.take('}')) return walker.at_end() ? std::optional(members) : std::nullopt;
  do {
    walker.skip_space();
    const std::size_t key = walker.at;
    if (!walker.skip_string()) return std::nullopt;
    const std::string_view name = text.substr(key + 1, walker.at - key - 2);
    if (!walker.take(':')) return std::nullopt;
    walker.skip_space();
    const std::size_t value = walker.at;
    if (!walker.skip_value()) return std::nullopt;
    members.emplace_back(name, walker.since(value));
  } while (walker.take(','));
  if (!walker.take('}') || !walker.at_end()) return std::nullopt;
  return members;
}

std::optional<std::vector<std::string_view>> split_array(std::string_view text) {
  Walker walker{text};
  std::vector<std::string_view> elements;
  if (!walker.take('[')) return std::nullopt;
  if (walker.take(']')) return walker.at_end() ? std::optional(elements) : std::nullopt;
  do {
    walker.skip_space();
    const std::size_t begin = walker.at;
    if (!walker.skip_value()) return std::nullopt;
    elements.push_back(walker.since(begin));
  } while (walker.take(','));
  if (!walker.take(']') || !walker.at_end()) return std::nullopt;
  return elements;
}

std::string_view split_member(std::string_view text, std::string_view name) {
  std::string_view found;
  if (const auto members = split_object(text)) {
    for (const auto& [key, value] : *members) {
      if (key == name) found = value;
    }
  }
  return found;
}

}  // namespace marketplug::amazon
