#include "src/json.hpp"

#include <algorithm>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace marketplug::amazon {
namespace json = boost::json;
namespace {

void replace_infinite(json::value& value) {
  if (json::object* object = value.if_object()) {
    for (auto& [key, inner] : *object) replace_infinite(inner);
  } else if (json::array* array = value.if_array()) {
    for (json::value& inner : *array) replace_infinite(inner);
  } else if (const double* number = value.if_double();
             number != nullptr && !std::isfinite(*number)) {
    value = *number < 0 ? "-Infinity" : "Infinity";
  }
}

}  // namespace

std::optional<JsonDocument> JsonDocument::parse(std::string_view text, std::string& error) {
  // A parsed document of small objects takes three to four times its text.
  auto held = std::make_unique<Held>(std::clamp<std::size_t>(text.size() * 4, 4096, 8u << 20));
  json::parser parser;
  parser.reset(&held->memory);
  json::error_code failed;
  const std::size_t read = parser.write_some(text.data(), text.size(), failed);
  if (!failed && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    failed = json::error::extra_data;
  }
  if (failed) {
    error = failed.message() + " at byte " + std::to_string(read);
    return std::nullopt;
  }
  held->root = parser.release();
  return JsonDocument(std::move(held));
}

std::string to_text(const json::value& value) {
  std::string text = json::serialize(value);
  if (text.find("Infinity") == std::string::npos) return text;
  json::value copy = value;
  replace_infinite(copy);
  return json::serialize(copy);
}

const json::value* member(const json::value& of, std::string_view name) noexcept {
  const json::object* object = of.if_object();
  const json::value* found = object != nullptr ? object->if_contains(name) : nullptr;
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string_view text_member(const json::value& of, std::string_view name) noexcept {
  const json::value* found = member(of, name);
  const json::string* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

bool bool_member(const json::value& of, std::string_view name, bool otherwise) noexcept {
  const json::value* found = member(of, name);
  const bool* truth = found != nullptr ? found->if_bool() : nullptr;
  return truth != nullptr ? *truth : otherwise;
}

const json::array* array_member(const json::value& of, std::string_view name) noexcept {
  const json::value* found = member(of, name);
  return found != nullptr ? found->if_array() : nullptr;
}

}  // namespace marketplug::amazon
