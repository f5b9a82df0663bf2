#include "src/json_split.hpp"

#include <array>
#include <set>

namespace marketplug::amazon {
namespace {

/// What a walk over a value has to stop at.
constexpr auto kStructure = [] {
  std::array<bool, 256> table{};
  for (const char c : {'"', '{', '}', '[', ']', ','}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// Walks over a text; every function leaves `at` behind what it has taken, or returns false.
struct Walker {
  std::string_view text;
  std::size_t at = 0;
  std::string open{};  ///< the brackets around `at` while a value is skipped

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
    for (std::size_t from = at;;) {
      const std::size_t quote = text.find('"', from);
      if (quote == std::string_view::npos) return false;
      std::size_t slashes = 0;
      while (quote - slashes > at && text[quote - slashes - 1] == '\\') ++slashes;
      if (slashes % 2 == 0) {
        at = quote + 1;
        return true;
      }
      from = quote + 1;
    }
  }
  /// Brackets must match in kind: one that is missing or too many would otherwise join two orders.
  bool skip_value() {
    skip_space();
    open.clear();
    const std::size_t begin = at;
    while (!done()) {
      const char c = text[at];
      if (!kStructure[static_cast<unsigned char>(c)]) {
        ++at;
        continue;
      }
      if (c == '"') {
        if (!skip_string()) return false;
        if (open.empty()) return true;
        continue;
      }
      if (c == '{' || c == '[') {
        open += c;
      } else if (c != ',') {
        if (open.empty()) return at > begin;
        if (open.back() != (c == '}' ? '{' : '[')) return false;
        open.pop_back();
        if (open.empty()) {
          ++at;
          return true;
        }
      } else if (open.empty()) {
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

/// Calls take(key offset, key as it stands between its quotes, value) for every member; false where
/// the text is no object or ends too early. `take` walks over the value itself.
template <class Take>
bool each_member_text(Walker& walker, const Take& take) {
  if (!walker.take('{')) return false;
  if (walker.take('}')) return true;
  do {
    walker.skip_space();
    const std::size_t key = walker.at;
    if (!walker.skip_string()) return false;
    const std::string_view name = walker.text.substr(key + 1, walker.at - key - 2);
    if (!walker.take(':')) return false;
    walker.skip_space();
    if (!take(key, name)) return false;
  } while (walker.take(','));
  return walker.take('}');
}

/// The same for the elements of an array.
template <class Take>
bool each_element_text(Walker& walker, const Take& take) {
  if (!walker.take('[')) return false;
  if (walker.take(']')) return true;
  do {
    walker.skip_space();
    if (!take()) return false;
  } while (walker.take(','));
  return walker.take(']');
}

std::optional<std::size_t> find_repeated(Walker& walker) {
  walker.skip_space();
  std::optional<std::size_t> found;
  const auto look_inside = [&] {
    found = find_repeated(walker);
    return !found;
  };
  if (walker.done()) return found;
  if (walker.text[walker.at] == '{') {
    std::set<std::string_view> names;
    each_member_text(walker, [&](std::size_t offset, std::string_view name) {
      if (names.insert(name).second) return look_inside();
      found = offset;
      return false;
    });
  } else if (walker.text[walker.at] == '[') {
    each_element_text(walker, look_inside);
  } else {
    walker.skip_value();
  }
  return found;
}

}  // namespace

std::optional<CutMember> cut_member(std::string_view text, std::string_view name) {
  Walker walker{text};
  CutMember cut;
  const auto take = [&](std::size_t, std::string_view key) {
    const std::size_t begin = walker.at;
    if (key != name || !cut.value.empty()) return walker.skip_value();
    const bool taken = !walker.done() && text[begin] == '['
                           ? each_element_text(walker,
                                               [&] {
                                                 const std::size_t from = walker.at;
                                                 if (!walker.skip_value()) return false;
                                                 cut.elements.push_back(walker.since(from));
                                                 return true;
                                               })
                           : walker.skip_value();
    if (taken) cut.value = walker.since(begin);
    return taken;
  };
  if (!each_member_text(walker, take) || !walker.at_end()) return std::nullopt;
  if (cut.value.empty()) {
    cut.frame = text;
    return cut;
  }
  const auto begin = static_cast<std::size_t>(cut.value.data() - text.data());
  cut.frame.append(text.substr(0, begin)).append("null");
  cut.frame.append(text.substr(begin + cut.value.size()));
  return cut;
}

std::string_view split_member(std::string_view text, std::string_view name) {
  Walker walker{text};
  std::string_view found;
  each_member_text(walker, [&](std::size_t, std::string_view key) {
    const std::size_t begin = walker.at;
    if (!walker.skip_value()) return false;
    if (key == name && found.empty()) found = walker.since(begin);
    return true;
  });
  return found;
}

std::optional<std::size_t> repeated_name(std::string_view text) {
  Walker walker{text};
  return find_repeated(walker);
}

}  // namespace marketplug::amazon
