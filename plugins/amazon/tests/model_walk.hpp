#pragma once
// Walks values of Amazon's Order model along its definitions: every leaf with its place, a full
// order made from the definitions alone, and a distinctive other value for a leaf. Reads the model
// only; knows nothing of the plugin.

#include <boost/json/value.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace marketplug::amazon::tests {

class ModelWalk {
 public:
  explicit ModelWalk(const boost::json::value& model)
      : definitions_(model.at("definitions").as_object()) {}

  using Visit = std::function<void(boost::json::value& leaf, const std::string& pointer,
                                   const boost::json::object& rule)>;

  /// Calls visit for every leaf of `value`. Throws std::runtime_error for a member that the
  /// definition does not have.
  void leaves(boost::json::value& value, std::string_view definition, const Visit& visit) const {
    walk(value, resolved(definitions_.at(definition).as_object()), {}, visit);
  }

  /// A value with every property of the definition, one element in each list.
  boost::json::value full(std::string_view definition) const {
    return make(resolved(definitions_.at(definition).as_object()), definition);
  }

  /// Another value that the rule allows as well.
  static boost::json::value other(const boost::json::value& value,
                                  const boost::json::object& rule) {
    if (const auto* allowed = rule.if_contains("enum")) {
      for (const auto& one : allowed->as_array()) {
        if (one != value) return one;
      }
      return "MUTATED";
    }
    const std::string_view type = rule.at("type").as_string();
    if (type == "integer") return value.as_int64() == 7 ? 8 : 7;
    if (type == "number") return 2.25;
    if (type == "boolean") return !value.as_bool();
    const std::string_view format = text(rule, "format");
    if (format == "date-time") return "2031-02-03T04:05:06Z";
    if (format == "date") return "2031-02-03";
    if (text(rule, "description").find("no loss of precision") != std::string_view::npos) {
      return "43.21";
    }
    if (text(rule, "description").find("ISO 4217") != std::string_view::npos) return "CHF";
    return "mutated";
  }

 private:
  using Object = boost::json::object;

  static std::string_view text(const Object& rule, std::string_view key) {
    const auto* found = rule.if_contains(key);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                  : std::string_view();
  }

  const Object& resolved(const Object& rule) const {
    const std::string_view reference = text(rule, "$ref");
    if (reference.empty()) return rule;
    return resolved(definitions_.at(reference.substr(reference.rfind('/') + 1)).as_object());
  }

  void walk(boost::json::value& value, const Object& rule, const std::string& pointer,
            const Visit& visit) const {
    if (auto* object = value.if_object()) {
      const Object& properties = rule.at("properties").as_object();
      for (auto& [key, inner] : *object) {
        const auto* known = properties.if_contains(key);
        if (known == nullptr) {
          throw std::runtime_error("the model has no " + pointer + "/" + std::string(key));
        }
        walk(inner, resolved(known->as_object()), pointer + "/" + std::string(key), visit);
      }
    } else if (auto* array = value.if_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        walk((*array)[i], resolved(rule.at("items").as_object()), pointer + "/" + std::to_string(i),
             visit);
      }
    } else {
      visit(value, pointer, rule);
    }
  }

  boost::json::value make(const Object& rule, std::string_view name) const {
    const std::string_view type = text(rule, "type");
    if (type == "object") {
      Object out;
      for (const auto& [key, inner] : rule.at("properties").as_object()) {
        out[key] = make(resolved(inner.as_object()), key);
      }
      return out;
    }
    if (type == "array") {
      return boost::json::array{make(resolved(rule.at("items").as_object()), name)};
    }
    if (const auto* allowed = rule.if_contains("enum")) return allowed->as_array()[0];
    if (type == "integer") return 3;
    if (type == "number") return 1.5;
    const std::string_view format = text(rule, "format");
    if (format == "date-time") return "2026-02-03T04:05:06Z";
    if (format == "date") return "2026-02-03";
    if (text(rule, "description").find("no loss of precision") != std::string_view::npos) {
      return "12.34";
    }
    if (text(rule, "description").find("ISO 4217") != std::string_view::npos) return "EUR";
    return boost::json::value(name);
  }

  const Object& definitions_;
};

}  // namespace marketplug::amazon::tests
