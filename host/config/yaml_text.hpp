#pragma once
// What is looked at in a file's text before a YAML parser sees it. Pure functions, any thread.
// Internal to host/config.

#include <string>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"

namespace marketplug::config {

inline constexpr const char* kTabIndent = "the line is indented with a tab";
inline constexpr const char* kNoTabs = "indent with spaces: YAML allows no tabs there";

/// Reports what yaml-cpp would misread or explain badly: text that is not UTF-8, and tabs that
/// indent.
void check_text(std::string_view text, const std::string& file, std::vector<Problem>& problems);

}  // namespace marketplug::config
