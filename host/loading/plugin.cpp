#include "host/loading/plugin.hpp"

#include <cstring>

namespace marketplug::loading {
namespace {

/// Up to the first NUL, or the whole field.
template <std::size_t N>
std::string field_text(const char (&field)[N]) {
  return std::string(field, ::strnlen(field, N));
}

}  // namespace

std::string_view to_string(PluginState state) noexcept {
  switch (state) {
    case PluginState::kListed:
      return "listed";
    case PluginState::kRefused:
      return "refused";
    case PluginState::kReady:
      return "ready";
    case PluginState::kLoaded:
      return "loaded";
    case PluginState::kFailed:
      return "failed";
    case PluginState::kQuarantined:
      return "quarantined";
  }
  return "unknown";
}

std::string PluginFile::id() const { return field_text(abi.id); }
std::string PluginFile::name() const { return field_text(abi.name); }
std::string PluginFile::version() const { return field_text(abi.version); }

std::vector<std::string> PluginFile::capabilities() const {
  std::vector<std::string> list;
  const std::string text = field_text(abi.capabilities);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t comma = text.find(',', begin);
    list.push_back(text.substr(begin, comma - begin));  // npos - begin: the rest
    if (comma == std::string::npos) break;
    begin = comma + 1;
  }
  return list;
}

}  // namespace marketplug::loading
