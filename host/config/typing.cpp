#include "host/config/typing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::config {
namespace {

using boost::json::value;

value text_value(std::string_view text) { return value(boost::json::string(text)); }

class Untyped {
 public:
  Untyped(Places& places, std::vector<Problem>& problems) : places_(places), problems_(problems) {}

  value convert(const YamlNode& node, const std::string& pointer, int line) {
    places_.lines[pointer] = line;
    places_.nodes[pointer] = &node;
    switch (node.kind) {
      case YamlNode::Kind::kScalar:
        return text_value(node.text);
      case YamlNode::Kind::kNull:
        return value(nullptr);
      case YamlNode::Kind::kList: {
        boost::json::array list;
        for (const auto& item : node.items) {
          list.push_back(convert(item, json::join_pointer(pointer, list.size()), item.line));
        }
        return value(std::move(list));
      }
      case YamlNode::Kind::kMap:
        break;
    }
    boost::json::object object;
    for (const auto& [key, member] : node.members) {
      const auto at = json::join_pointer(pointer, key.text);
      if (object.contains(key.text)) {
        problems_.push_back({places_.file, key.line, at,
                             "is given twice, first in line " + std::to_string(places_.lines[at]),
                             "keep one of the two"});
        continue;
      }
      object.emplace(key.text, convert(member, at, key.line));
    }
    return value(std::move(object));
  }

 private:
  Places& places_;
  std::vector<Problem>& problems_;
};

std::optional<bool> as_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue{"true", "True", "TRUE", "yes", "Yes", "YES"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "False", "FALSE", "no", "No", "NO"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

std::optional<value> as_number(std::string_view text) {
  if (text.empty() || (text.front() != '-' && (text.front() < '0' || text.front() > '9'))) {
    return std::nullopt;
  }
  json::ParseError ignored;
  return json::strict_parse(text, ignored);
}

/// The types that a schema allows, by name; from its enum or const where it has no "type".
std::vector<std::string> types_of(const value* schema) {
  std::vector<std::string> types;
  const auto* object = schema == nullptr ? nullptr : schema->if_object();
  if (object == nullptr) return types;
  const auto add_type_of = [&types](const value& sample) {
    if (sample.is_string()) types.emplace_back("string");
    if (sample.is_bool()) types.emplace_back("boolean");
    if (sample.is_number()) types.emplace_back("number");
    if (sample.is_null()) types.emplace_back("null");
  };
  if (const auto* type = object->if_contains("type")) {
    if (type->is_string()) types.emplace_back(type->get_string());
    if (type->is_array()) {
      for (const auto& name : type->get_array()) {
        if (name.is_string()) types.emplace_back(name.get_string());
      }
    }
  } else if (const auto* values = object->if_contains("enum")) {
    if (values->is_array()) {
      for (const auto& item : values->get_array()) add_type_of(item);
    }
  } else if (const auto* only = object->if_contains("const")) {
    add_type_of(*only);
  }
  return types;
}

value plain(const YamlNode& node, const value* schema) {
  const auto types = types_of(schema);
  const auto allows = [&types](std::string_view name) {
    return std::find(types.begin(), types.end(), name) != types.end();
  };
  if (node.kind == YamlNode::Kind::kNull) {
    const bool word = !node.text.empty() && node.text != "~";
    return word && allows("string") && !allows("null") ? text_value(node.text) : value(nullptr);
  }
  if (node.quoted || allows("string")) return text_value(node.text);
  if (allows("boolean")) {
    if (const auto flag = as_boolean(node.text)) return value(*flag);
  }
  if (allows("integer") || allows("number") || types.empty()) {
    const auto number = as_number(node.text);
    if (number && (!number->is_double() || !allows("integer"))) return *number;
  }
  if (types.empty() && (node.text == "true" || node.text == "false")) {
    return value(node.text == "true");
  }
  return text_value(node.text);
}

value typed_at(const YamlNode& node, const SchemaAt& schema_at, const std::string& pointer) {
  if (node.kind == YamlNode::Kind::kList) {
    boost::json::array list;
    for (const auto& item : node.items) {
      list.push_back(typed_at(item, schema_at, json::join_pointer(pointer, list.size())));
    }
    return value(std::move(list));
  }
  if (node.kind == YamlNode::Kind::kMap) {
    boost::json::object object;
    for (const auto& [key, member] : node.members) {
      object.emplace(key.text, typed_at(member, schema_at, json::join_pointer(pointer, key.text)));
    }
    return value(std::move(object));
  }
  return plain(node, schema_at(pointer));
}

}  // namespace

value untyped(const YamlNode& tree, Places& places, std::vector<Problem>& problems) {
  return Untyped(places, problems).convert(tree, "", tree.line);
}

value typed(const YamlNode& tree, const SchemaAt& schema_at) {
  return typed_at(tree, schema_at, "");
}

}  // namespace marketplug::config
