#pragma once
// JSON pointers (RFC 6901) as text: "/orders/0/sku", empty: the whole document. Pure functions, any
// thread.

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::json {

/// "a/b~c" -> "a~1b~0c".
std::string escape_token(std::string_view token);
/// "/orders" and "a/b" -> "/orders/a~1b".
std::string join_pointer(std::string_view pointer, std::string_view token);
std::string join_pointer(std::string_view pointer, std::size_t index);
/// The pointer without its last token; the empty pointer stays empty.
std::string_view parent_pointer(std::string_view pointer) noexcept;
/// The tokens, unescaped; nullopt where the text is not a JSON pointer.
std::optional<std::vector<std::string>> split_pointer(std::string_view pointer);
/// A token as an index: digits without leading zeros. nullopt: not one.
std::optional<std::size_t> array_index(std::string_view token) noexcept;

/// What a pointer names in a document; nullptr: nothing (or the text is no pointer).
const boost::json::value* find_value(const boost::json::value& document, std::string_view pointer);
boost::json::value* find_value(boost::json::value& document, std::string_view pointer);

}  // namespace marketplug::json
