#pragma once
// Walks a document along a definition of one of Amazon's Swagger models: types, required members,
// enums, formats, and no member that the model does not have. One thread per object.

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "marketplug/model/time.hpp"

namespace amazon_sandbox::tests {

class ModelSchema {
 public:
  explicit ModelSchema(boost::json::value model) : model_(std::move(model)) {}

  const boost::json::object& model() const { return model_.as_object(); }

  /// Every difference with its place; empty: the document is as the definition says.
  std::vector<std::string> check(const std::string& definition,
                                 const boost::json::value& document) const {
    std::vector<std::string> problems;
    walk(model_.at("definitions").at(definition), document, definition, problems);
    return problems;
  }

  /// "/orderItems/*/product/title" for every member that holds a value.
  std::set<std::string> leaves(const std::string& definition) const {
    std::set<std::string> found;
    collect(model_.at("definitions").at(definition), "", found);
    return found;
  }
  /// The same of a document.
  static void add_leaves(const boost::json::value& value, const std::string& path,
                         std::set<std::string>& found) {
    if (const auto* object = value.if_object()) {
      for (const auto& [name, member] : *object)
        add_leaves(member, path + "/" + std::string(name), found);
    } else if (const auto* array = value.if_array()) {
      for (const auto& element : *array) add_leaves(element, path + "/*", found);
    } else {
      found.insert(path);
    }
  }

 private:
  void collect(const boost::json::value& reference, const std::string& path,
               std::set<std::string>& found) const {
    const auto& schema = resolve(reference).as_object();
    if (const auto* items = schema.if_contains("items")) {
      collect(*items, path + "/*", found);
    } else if (const auto* properties = schema.if_contains("properties")) {
      for (const auto& [name, member] : properties->as_object()) {
        collect(member, path + "/" + std::string(name), found);
      }
    } else {
      found.insert(path);
    }
  }

  using Problems = std::vector<std::string>;

  const boost::json::value& resolve(const boost::json::value& schema) const {
    const auto* reference = schema.as_object().if_contains("$ref");
    if (reference == nullptr) return schema;
    const std::string text(reference->as_string());
    return resolve(model_.at("definitions").at(text.substr(text.rfind('/') + 1)));
  }

  void walk(const boost::json::value& reference, const boost::json::value& value,
            const std::string& at, Problems& problems) const {
    const auto& schema = resolve(reference).as_object();
    const std::string type(schema.at("type").as_string());
    if (type == "object") return walk_object(schema, value, at, problems);
    if (type == "array") {
      if (!value.is_array()) return problems.push_back(at + ": no array");
      std::size_t i = 0;
      for (const auto& element : value.as_array()) {
        walk(schema.at("items"), element, at + "/" + std::to_string(i++), problems);
      }
      return;
    }
    if (type == "boolean" && !value.is_bool()) problems.push_back(at + ": no boolean");
    if (type == "integer" && !value.is_int64()) problems.push_back(at + ": no integer");
    if (type == "number" && !value.is_number()) problems.push_back(at + ": no number");
    if (type == "string") walk_string(schema, value, at, problems);
  }

  void walk_object(const boost::json::object& schema, const boost::json::value& value,
                   const std::string& at, Problems& problems) const {
    if (!value.is_object()) return problems.push_back(at + ": no object");
    const auto& object = value.as_object();
    if (const auto* required = schema.if_contains("required")) {
      for (const auto& name : required->as_array()) {
        if (!object.contains(name.as_string())) {
          problems.push_back(at + ": lacks " + std::string(name.as_string()));
        }
      }
    }
    const auto& properties = schema.at("properties").as_object();
    for (const auto& [name, member] : object) {
      const auto place = at + "/" + std::string(name);
      if (const auto* property = properties.if_contains(name)) {
        walk(*property, member, place, problems);
      } else {
        problems.push_back(place + ": not in the model");
      }
    }
  }

  void walk_string(const boost::json::object& schema, const boost::json::value& value,
                   const std::string& at, Problems& problems) const {
    if (!value.is_string()) return problems.push_back(at + ": no text");
    const std::string text(value.as_string());
    if (const auto* format = schema.if_contains("format");
        format != nullptr && format->as_string() == "date-time" && !marketplug::parse_time(text)) {
      problems.push_back(at + ": no time: " + text);
    }
    if (const auto* allowed = schema.if_contains("enum")) {
      for (const auto& option : allowed->as_array()) {
        if (option.as_string() == text) return;
      }
      problems.push_back(at + ": not in the enum: " + text);
    }
  }

  boost::json::value model_;
};

/// The folder of Amazon's models, from MARKETPLUG_SPECS; nullptr: not set.
inline const char* specs_folder() { return std::getenv("MARKETPLUG_SPECS"); }

/// Throws std::runtime_error when the file cannot be read: set but wrong is a failure, not a skip.
inline ModelSchema load_model(const std::string& name) {
  const auto path = std::string(specs_folder()) + "/models/" + name;
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  boost::system::error_code error;
  auto value = boost::json::parse(text, error);
  if (text.empty() || error) {
    throw std::runtime_error("MARKETPLUG_SPECS is set, but " + path + " cannot be read as JSON");
  }
  return ModelSchema(std::move(value));
}

}  // namespace amazon_sandbox::tests

#define NEEDS_AMAZONS_MODELS()                                                               \
  if (::amazon_sandbox::tests::specs_folder() == nullptr)                                    \
  GTEST_SKIP() << "NOT CHECKED against Amazon's models: set MARKETPLUG_SPECS to the folder " \
                  "that holds models/orders_2026-01-01.json"
