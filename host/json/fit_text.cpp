#include "host/json/fit_text.hpp"

#include <algorithm>

#include "host/json/append_text.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::json {

std::string fit_text(std::string_view text, std::size_t limit) {
  std::string fit;
  fit.reserve(std::min(text.size(), limit));
  while (!text.empty()) {
    const bool holds = text.front() != '\0' && utf8_length(text) > 0;
    const auto length = holds ? utf8_length(text) : std::size_t{1};
    const auto next = holds ? text.substr(0, length) : kReplacement;
    if (fit.size() + next.size() > limit) return fit + "...";
    fit += next;
    text.remove_prefix(length);
  }
  return fit;
}

bool is_fit_key(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const auto length = utf8_length(text);
    if (length == 0 || first < 0x20 || first == 0x7f) return false;
    if (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace marketplug::json
