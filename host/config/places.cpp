#include "host/config/places.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "host/config/references.hpp"
#include "host/json/nearest.hpp"
#include "host/json/pointer.hpp"

namespace marketplug::config {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

std::string member_text(const boost::json::value* schema, const char* name) {
  const auto* object = schema == nullptr ? nullptr : schema->if_object();
  const auto* text = object == nullptr ? nullptr : object->if_contains(name);
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : std::string();
}

/// ", for example 300" from the schema's examples or default; empty: neither.
std::string example_of(const boost::json::value* schema) {
  const auto* object = schema == nullptr ? nullptr : schema->if_object();
  if (object == nullptr) return "";
  const auto* value = object->if_contains("default");
  if (const auto* examples = object->if_contains("examples")) {
    if (examples->is_array() && !examples->get_array().empty()) {
      value = &examples->get_array().front();
    }
  }
  if (value == nullptr || value->is_structured() || value->is_null()) return "";
  std::string text = value->is_string()  ? std::string(value->get_string())
                     : value->is_bool()  ? std::string(value->get_bool() ? "true" : "false")
                     : value->is_int64() ? std::to_string(value->get_int64())
                                         : std::string();
  return text;
}

std::string unknown_remedy(const json::SchemaError& error) {
  if (error.known.empty()) return "remove it: nothing may stand here";
  const auto meant = json::nearest(error.property, error.known);
  const auto known = "known here: " + joined(error.known);
  return meant.empty() ? "remove it; " + known : "did you mean " + meant + "? " + known;
}

/// Codes of a few letters are near to each other by chance: US is not a slip for ES.
std::string meant_value(std::string_view given, const std::vector<std::string>& values) {
  constexpr std::size_t kLongestCode = 3;
  if (given.size() > kLongestCode) return json::nearest(given, values);
  const auto upper = [](unsigned char c) { return std::toupper(c); };
  for (const auto& value : values) {
    if (std::ranges::equal(given, value, {}, upper, upper)) return value;
  }
  return "";
}

std::string enum_remedy(const boost::json::value* schema, const boost::json::value* given) {
  const auto* object = schema == nullptr ? nullptr : schema->if_object();
  const auto* values = object == nullptr ? nullptr : object->if_contains("enum");
  std::vector<std::string> names;
  if (values != nullptr && values->is_array()) {
    for (const auto& value : values->get_array()) {
      if (value.is_string()) names.emplace_back(value.get_string());
    }
  }
  const bool text = given != nullptr && given->is_string();
  const auto meant = text ? meant_value(given->get_string(), names) : std::string();
  return meant.empty() ? "use one of these" : "did you mean " + meant + "?";
}

std::string type_remedy(const YamlNode* node) {
  if (node == nullptr || node->kind != YamlNode::Kind::kScalar) return "";
  if (is_reference(node->text)) return "write the value itself: only text can be a reference";
  if (node->quoted) return "write it without quotes";
  const auto& text = node->text;
  if (text.size() > 1 && text.front() == '0' &&
      text.find_first_not_of("0123456789") == std::string::npos) {
    return "write it without leading zeros";
  }
  return "";
}

std::string remedy_for(const json::SchemaError& error, const boost::json::value* schema,
                       const boost::json::value* given, const YamlNode* node) {
  const auto description = member_text(schema, "description");
  const auto example = example_of(schema);
  if (error.keyword == "additionalProperties") return unknown_remedy(error);
  if (error.keyword == "required") {
    const auto line = "add \"" + error.property + ": " + (example.empty() ? "…" : example) + "\"";
    return description.empty() ? line : line + ": " + description;
  }
  if (error.keyword == "enum") return enum_remedy(schema, given);
  if (error.keyword == "type") {
    if (auto special = type_remedy(node); !special.empty()) return special;
  }
  if (error.keyword == "uniqueItems") return "remove one of the two";
  if (!example.empty()) return "for example " + example;
  return description.empty() ? "correct the value" : description;
}

/// Whether an error only says that a reference does not look like the value it stands for, or adds
/// nothing to what was said of a reference that cannot stand there.
bool is_about_reference(const json::SchemaError& error, const boost::json::value* given,
                        bool may_refer) {
  constexpr std::array<std::string_view, 5> kForms{"pattern", "format", "minLength", "maxLength",
                                                   "enum"};
  if (given == nullptr || !given->is_string()) return false;
  if (!may_refer) return means_reference(given->get_string());
  return is_reference(given->get_string()) &&
         std::find(kForms.begin(), kForms.end(), error.keyword) != kForms.end();
}

}  // namespace

int Places::line_of(std::string_view pointer) const {
  for (;;) {
    if (const auto found = lines.find(std::string(pointer)); found != lines.end()) {
      return found->second;
    }
    if (pointer.empty()) return 0;
    pointer = json::parent_pointer(pointer);
  }
}

Problem Places::problem(std::string_view pointer, std::string message, std::string remedy) const {
  return {file, line_of(pointer), std::string(pointer), std::move(message), std::move(remedy)};
}

void add_schema_problems(const Places& places, const json::Schema& schema,
                         const boost::json::value& data, std::string_view prefix,
                         const MayRefer& may_refer, std::vector<Problem>& problems) {
  for (const auto& error : schema.validate(data)) {
    const auto* given = json::find_value(data, error.pointer);
    const std::string pointer = std::string(prefix) + error.pointer;
    if (is_about_reference(error, given, may_refer(pointer))) continue;
    const auto found = places.nodes.find(pointer);
    const auto* node = found == places.nodes.end() ? nullptr : found->second;
    auto message = error.message;
    auto remedy = remedy_for(error, schema.at(data, error.pointer), given, node);
    const bool empty = node != nullptr && node->kind == YamlNode::Kind::kNull && node->text.empty();
    if (empty && error.keyword != "additionalProperties") {
      message.insert(0, "has no value: it ");
      remedy = "give it a value or remove the line";
    }
    problems.push_back(places.problem(pointer, std::move(message), std::move(remedy)));
  }
}

void sort_problems(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
}

std::string to_text(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) text.append(":").append(std::to_string(problem.line));
  if (!text.empty()) text += ": ";
  if (!problem.pointer.empty()) text += problem.pointer + ": ";
  text += problem.message;
  if (!problem.remedy.empty()) text += " (" + problem.remedy + ")";
  return text;
}

}  // namespace marketplug::config
