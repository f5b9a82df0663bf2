#include "host/json/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "embedded/settings_vocabulary_schema_json.hpp"
#include "host/json/formats.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::json {
namespace {

using boost::json::object;
using boost::json::value;

const Schema& vocabulary() {
  static const Schema kSchema =
      Schema::compile(parse_or_throw(vocabulary_schema(), "settings-vocabulary.schema.json"));
  return kSchema;
}

bool is_type_name(const value& name) {
  constexpr std::array<std::string_view, 7> kNames{"null",   "boolean", "object", "array",
                                                   "number", "string",  "integer"};
  return name.is_string() && std::find(kNames.begin(), kNames.end(),
                                       std::string_view(name.get_string())) != kNames.end();
}

bool is_type(const value& type) {
  if (is_type_name(type)) return true;
  const auto* names = type.if_array();
  if (names == nullptr || names->size() != 2 || !is_type_name((*names)[0]) ||
      !is_type_name((*names)[1])) {
    return false;
  }
  return ((*names)[0] == "null") != ((*names)[1] == "null");
}

bool has_type(const object& schema, std::string_view wanted) {
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return false;
  if (type->is_string()) return std::string_view(type->get_string()) == wanted;
  const auto* names = type->if_array();
  return names != nullptr && std::any_of(names->begin(), names->end(), [&](const value& name) {
           return name.is_string() && std::string_view(name.get_string()) == wanted;
         });
}

/// Follows local references of a schema; nullptr where they lead nowhere or in a circle.
const object* target(const value& root, const value& schema) {
  const value* at = &schema;
  for (int hops = 0; hops < 64; ++hops) {
    const auto* found = at == nullptr ? nullptr : at->if_object();
    if (found == nullptr) return nullptr;
    const auto* reference = found->if_contains("$ref");
    if (reference == nullptr) return found;
    const auto* text = reference->if_string();
    if (text == nullptr || !text->starts_with('#')) return nullptr;
    at = find_value(root, std::string_view(*text).substr(1));
  }
  return nullptr;
}

class Check {
 public:
  explicit Check(const value& root) : root_(root) {}

  std::vector<SchemaError> run() {
    against_vocabulary(root_, "");
    walk(root_, "");
    compiles();
    return std::move(errors_);
  }

 private:
  void report(std::string pointer, std::string keyword, std::string message) {
    errors_.push_back({std::move(pointer), std::move(keyword), "", std::move(message), "", {}});
  }

  void against_vocabulary(const value& schema, const std::string& pointer) {
    for (auto& error : vocabulary().validate(schema)) {
      error.pointer = pointer + error.pointer;
      if (error.keyword == "additionalProperties") {
        error.message = "is not a keyword of the settings vocabulary";
      }
      errors_.push_back(std::move(error));
    }
  }

  /// What the vocabulary's own schema leaves open, of one subschema and all below.
  void walk(const value& schema, const std::string& pointer) {
    const auto* found = schema.if_object();
    if (found == nullptr) return;
    forms(*found, pointer);
    hints(*found, pointer);
    if (const auto* choice = found->if_contains("oneOf")) choices(*choice, pointer + "/oneOf");
    for (const auto* keyword : {"properties", "definitions"}) {
      const auto* members = found->if_contains(keyword);
      if (members == nullptr || !members->is_object()) continue;
      for (const auto& member : members->get_object()) {
        walk(member.value(), join_pointer(pointer + "/" + keyword, member.key()));
      }
    }
    for (const auto* keyword : {"items", "additionalProperties"}) {
      const auto* below = found->if_contains(keyword);
      if (below == nullptr || !below->is_object()) continue;
      // The vocabulary's schema has no word for "false or a schema": it does not look into these.
      against_vocabulary(*below, pointer + "/" + keyword);
      walk(*below, pointer + "/" + keyword);
    }
  }

  void forms(const object& schema, const std::string& pointer) {
    if (const auto* type = schema.if_contains("type"); type != nullptr && !is_type(*type)) {
      report(pointer + "/type", "type", "must be one type, or one type and null");
    }
    const auto* items = schema.if_contains("items");
    if (items != nullptr && !items->is_object()) {
      report(pointer + "/items", "items", "must be one schema");
    }
    const auto* further = schema.if_contains("additionalProperties");
    const bool closed = further != nullptr && further->is_bool() && !further->get_bool();
    if (further != nullptr && !further->is_object() && !closed) {
      report(pointer + "/additionalProperties", "additionalProperties",
             "must be false or one schema");
    }
    const auto* pattern = schema.if_contains("pattern");
    if (pattern != nullptr && pattern->is_string() &&
        !find_format("regex")->check(pattern->get_string())) {
      report(pointer + "/pattern", "pattern", "must be a regular expression");
    }
    if (!schema.contains("$ref")) return;
    for (const auto& member : schema) {
      const std::string_view name = member.key();
      if (name == "$ref" || name == "title" || name == "description" || name == "definitions" ||
          name == "$schema" || name == "$id" || name.starts_with("x-")) {
        continue;
      }
      report(join_pointer(pointer, name), "$ref", "has no effect beside $ref");
    }
  }

  void hints(const object& schema, const std::string& pointer) {
    const auto* secret = schema.if_contains("writeOnly");
    if (secret != nullptr && *secret == true && !has_type(schema, "string")) {
      report(pointer + "/writeOnly", "writeOnly", "is only for a schema of type string");
    }
    if (schema.contains("x-capability") && !has_type(schema, "boolean")) {
      report(pointer + "/x-capability", "x-capability", "is only for a schema of type boolean");
    }
    const auto* order = schema.if_contains("x-order");
    const bool names = order != nullptr && order->is_array() &&
                       std::all_of(order->get_array().begin(), order->get_array().end(),
                                   [](const value& name) { return name.is_string(); });
    if (order != nullptr && !order->is_int64() && !names) {
      report(pointer + "/x-order", "x-order", "must be a whole number or a list of names");
    }
  }

  /// The const texts of a branch, by property.
  std::set<std::pair<std::string, std::string>> consts(const object* branch) const {
    std::set<std::pair<std::string, std::string>> found;
    const auto* properties = branch == nullptr ? nullptr : branch->if_contains("properties");
    if (properties == nullptr || !properties->is_object()) return found;
    for (const auto& member : properties->get_object()) {
      const auto* property = target(root_, member.value());
      const auto* only = property == nullptr ? nullptr : property->if_contains("const");
      if (only != nullptr && only->is_string()) {
        found.emplace(member.key(), std::string(only->get_string()));
      }
    }
    return found;
  }

  void choices(const value& branches, const std::string& pointer) {
    const auto* list = branches.if_array();
    if (list == nullptr) return;
    std::set<std::string> names, values;
    for (std::size_t i = 0; i < list->size(); ++i) {
      walk((*list)[i], join_pointer(pointer, i));
      const auto* branch = target(root_, (*list)[i]);
      const auto found = consts(branch);
      if (found.size() != 1) {
        report(join_pointer(pointer, i), "oneOf",
               "must have exactly one property that is a const text: it tells the branches apart");
        continue;
      }
      names.insert(found.begin()->first);
      if (!values.insert(found.begin()->second).second) {
        report(join_pointer(pointer, i), "oneOf", "has the same const text as another branch");
      }
    }
    if (names.size() > 1) {
      report(pointer, "oneOf", "must tell all branches apart by one property of one name");
    }
  }

  void compiles() {
    if (!errors_.empty()) return;
    try {
      auto wrong = Schema::compile(root_).check_defaults();
      std::move(wrong.begin(), wrong.end(), std::back_inserter(errors_));
    } catch (const std::invalid_argument& error) {
      report("", "", error.what());
    }
  }

  const value& root_;
  std::vector<SchemaError> errors_;
};

}  // namespace

std::vector<SchemaError> check_vocabulary(const value& document) {
  if (!document.is_object()) {
    return {{"", "type", "", "must be a schema: an object with members", "", {}}};
  }
  return Check(document).run();
}

std::string_view vocabulary_schema() noexcept { return embedded::settings_vocabulary_schema_json; }

}  // namespace marketplug::json
