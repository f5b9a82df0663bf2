#pragma once
// Temporary folders with configuration files, and a plugin's schema of the shape that a real one
// has. One test each.

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/config/config.hpp"

namespace marketplug::config::test {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "marketplug-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = std::filesystem::canonical(name);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

/// "line pointer: message" per problem.
inline std::vector<std::string> told(const std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) {
    lines.push_back(std::to_string(problem.line) + " " + problem.pointer + ": " + problem.message);
  }
  return lines;
}

inline std::string all_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) text += to_text(problem) + "\n";
  return text;
}

inline const Problem* find_problem(const std::vector<Problem>& problems,
                                   const std::string& pointer) {
  const auto found = std::find_if(problems.begin(), problems.end(),
                                  [&](const Problem& p) { return p.pointer == pointer; });
  return found == problems.end() ? nullptr : &*found;
}

inline std::string plugin_schema() {
  std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/tests/unit/config/plugin.schema.json");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// As it is shipped.
inline std::string amazons_schema() {
  std::ifstream in(std::string(MARKETPLUG_SOURCE_DIR) + "/plugins/amazon/settings.schema.json");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One plugin: "amazon".
inline std::optional<std::string> plugins(std::string_view id) {
  if (id != "amazon") return std::nullopt;
  return plugin_schema();
}

}  // namespace marketplug::config::test
