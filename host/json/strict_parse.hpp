#pragma once
// JSON text -> boost::json::value, strictly: names given twice, numbers that are not finite or do
// not fit 64 bits, NUL, a byte order mark, bad UTF-8, too deep or too large texts are refused
// (Boost's own parser lets most of them through). Pure functions, any thread.

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace marketplug::json {

class TextBuilder;

struct ParseLimits {
  std::size_t depth = 64;
  std::size_t bytes = 16u << 20;
};

struct ParseError {
  std::size_t offset = 0;  ///< bytes from the start
  int line = 1;            ///< 1-based
  int column = 1;          ///< 1-based, in bytes
  std::string pointer;     ///< JSON pointer of the value that could not be read
  std::string message;     ///< quotes nothing of the text
};
/// "line 3, column 7 (/orders/0): the number does not fit 64 bits".
std::string to_text(const ParseError& error);

/// The value, or nullopt with `error` filled in.
std::optional<boost::json::value> strict_parse(std::string_view text, ParseError& error,
                                               const ParseLimits& limits = {});
/// Throws std::invalid_argument: "<what>: line 3, column 7: …".
boost::json::value parse_or_throw(std::string_view text, std::string_view what,
                                  const ParseLimits& limits = {});

/// Appends an object's text without blanks between its tokens, checked like strict_parse. False:
/// not one such object, or nested deeper than `depth`; `out` is then as before.
bool append_compact_object(TextBuilder& out, std::string_view text, std::size_t depth = 64);

}  // namespace marketplug::json
