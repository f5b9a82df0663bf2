#pragma once
// Answers that a marketplace gave once, kept as files for tests: what `curl -i` prints, a status
// line, headers, an empty line, the body. Take secrets and people out before you keep one.

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "marketplug/services/http.hpp"

namespace marketplug::testing {

/// Throws std::runtime_error where the text is no such recording.
inline HttpResponse parse_recording(std::string_view text) {
  const auto take_line = [&text] {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      throw std::runtime_error("a recording needs an empty line after its headers");
    }
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  };
  HttpResponse response;
  const auto status = take_line();
  const auto blank = status.find(' ');
  if (!status.starts_with("HTTP/") || blank == std::string_view::npos ||
      status.size() < blank + 4) {
    throw std::runtime_error("a recording begins with a line like HTTP/1.1 200 OK");
  }
  for (const char digit : status.substr(blank + 1, 3)) {
    if (digit < '0' || digit > '9') throw std::runtime_error("a recording's status is no number");
    response.status = response.status * 10 + (digit - '0');
  }
  for (auto line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      throw std::runtime_error("a recording's header has no colon: " + std::string(line));
    }
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    response.headers.emplace_back(line.substr(0, colon), value);
  }
  response.body = text;
  return response;
}

/// Throws std::runtime_error naming the file where there is none, or no recording in it.
inline HttpResponse recorded(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file + " cannot be read");
  try {
    return parse_recording(std::string{std::istreambuf_iterator<char>(in), {}});
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file + ": " + error.what());
  }
}

}  // namespace marketplug::testing
