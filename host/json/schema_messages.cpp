#include "host/json/schema_messages.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>

namespace marketplug::json {

std::string type_message(unsigned types) {
  struct Name {
    unsigned bit;
    const char* text;
  };
  static constexpr Name kNames[] = {
      {kStringBit, "text"},     {kIntegerBit, "a whole number"},
      {kNumberBit, "a number"}, {kBooleanBit, "true or false"},
      {kArrayBit, "a list"},    {kObjectBit, "an object with members"},
      {kNullBit, "null"},
  };
  std::string text;
  for (const auto& [bit, name] : kNames) {
    if ((types & bit) == 0) continue;
    text.append(text.empty() ? "must be " : " or ").append(name);
  }
  return text;
}

std::string value_text(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_double()) return boost::json::serialize(value);
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value.get_double()).ptr;
  return {std::begin(digits), end};
}

std::string value_list(const std::vector<const boost::json::value*>& values) {
  constexpr std::size_t kShown = 40;
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < kShown; ++i) {
    const std::string name = value_text(*values[i]);
    text.append(i == 0 ? "" : ", ").append(name.empty() ? "\"\"" : name);
  }
  if (values.size() > kShown) text += ", …";
  return text;
}

std::string pattern_message(const Node& node) {
  std::string text = "does not have the expected form";
  const auto* object = node.source->if_object();
  const auto* examples = object == nullptr ? nullptr : object->if_contains("examples");
  if (examples != nullptr && examples->is_array() && !examples->get_array().empty()) {
    text += ", for example " + value_text(examples->get_array().front());
  }
  return text + " (pattern " + node.pattern->text() + ")";
}

}  // namespace marketplug::json
