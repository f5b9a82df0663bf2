#pragma once
// YAML text as a tree in which every scalar is still text and knows its line: types come from the
// schema later. Refuses what makes configuration ambiguous or dangerous. Pure functions, any
// thread. Internal to host/config.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"

namespace marketplug::config {

struct YamlMember;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;                 ///< kScalar; kNull: as written ("", "~", "null")
  bool quoted = false;              ///< kScalar: in quotes, or a block
  int line = 0;                     ///< 1-based
  std::vector<YamlNode> items;      ///< kList
  std::vector<YamlMember> members;  ///< kMap, in order
};

struct YamlMember {
  YamlNode key;  ///< a scalar
  YamlNode value;
};

/// One document. Problems carry `file`; where there is one, the node may be incomplete.
YamlNode parse_yaml(std::string_view text, const std::string& file, std::vector<Problem>& problems);

/// A whole file, at most 1 MiB. False: it cannot be read, with a problem.
bool read_file(const std::string& file, std::string& text, std::vector<Problem>& problems);

}  // namespace marketplug::config
