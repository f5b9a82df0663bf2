#pragma once
// What a misspelt word most likely means. Values, any thread.

#include <string>
#include <string_view>
#include <vector>

namespace marketplug::json {

/// One of the candidates; empty: none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace marketplug::json
