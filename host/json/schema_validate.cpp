#include <algorithm>
#include <set>

#include "host/json/compare.hpp"
#include "host/json/pointer.hpp"
#include "host/json/scanner.hpp"
#include "host/json/schema_messages.hpp"
#include "host/json/schema_node.hpp"

namespace marketplug::json {
namespace {

using boost::json::value;
using Errors = std::vector<SchemaError>;

constexpr int kMaxDepth = 512;
constexpr std::uint64_t kMaxSteps = 2'000'000;

unsigned type_bits(const value& data) noexcept {
  switch (data.kind()) {
    case boost::json::kind::null:
      return kNullBit;
    case boost::json::kind::bool_:
      return kBooleanBit;
    case boost::json::kind::object:
      return kObjectBit;
    case boost::json::kind::array:
      return kArrayBit;
    case boost::json::kind::string:
      return kStringBit;
    default:
      return is_whole_number(data) ? kNumberBit | kIntegerBit : unsigned{kNumberBit};
  }
}

std::uint64_t code_points(std::string_view text) noexcept {
  return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string at_least(const char* what, std::uint64_t count, const char* unit) {
  return std::string("must have ") + what + " " + std::to_string(count) + " " + unit +
         (count == 1 ? "" : "s");
}

/// One validation. `errors` is nullptr where only the answer counts.
class Validation {
 public:
  bool exhausted() const noexcept { return exhausted_; }

  bool check(const Node& node, const value& data, Errors* errors) {
    if (exhausted_ || depth_ >= kMaxDepth || ++steps_ > kMaxSteps) {
      exhausted_ = true;
      return false;
    }
    ++depth_;
    const bool ok = check_node(node, data, errors);
    --depth_;
    return ok;
  }

 private:
  bool check_node(const Node& node, const value& data, Errors* errors) {
    if (node.reference != nullptr) return check(*node.reference, data, errors);
    if (node.fixed) {
      return *node.fixed || report(errors, node, "false", "is not allowed here");
    }
    if (node.types != 0 && (node.types & type_bits(data)) == 0) {
      return report(errors, node, "type", type_message(node.types));
    }
    bool ok = check_values(node, data, errors);
    const auto go_on = [&] { return (ok || errors != nullptr) && !exhausted_; };
    if (go_on() && data.is_number()) ok = check_number(node, data, errors) && ok;
    if (go_on() && data.is_string()) ok = check_string(node, data.get_string(), errors) && ok;
    if (go_on() && data.is_array()) ok = check_array(node, data.get_array(), errors) && ok;
    if (go_on() && data.is_object()) ok = check_object(node, data.get_object(), errors) && ok;
    if (go_on()) ok = check_combined(node, data, errors) && ok;
    return ok && !exhausted_;
  }

  bool report(Errors* errors, const Node& node, std::string_view keyword, std::string message) {
    return report_at(errors, node, keyword, std::move(message), path_, {}, {});
  }

  bool report_at(Errors* errors, const Node& node, std::string_view keyword, std::string message,
                 std::string pointer, std::string property, std::vector<std::string> known) {
    if (errors == nullptr) return false;
    const bool twice = std::any_of(errors->begin(), errors->end(), [&](const SchemaError& other) {
      return other.pointer == pointer && other.message == message;
    });
    if (twice) return false;
    errors->push_back({std::move(pointer), std::string(keyword),
                       join_pointer(node.pointer, keyword), std::move(message), std::move(property),
                       std::move(known)});
    return false;
  }

  // ---- one value

  bool check_values(const Node& node, const value& data, Errors* errors) {
    if (node.const_value != nullptr && !equal(*node.const_value, data)) {
      return report(errors, node, "const", "must be " + value_text(*node.const_value));
    }
    if (node.one_of_values != nullptr &&
        std::none_of(node.one_of_values->begin(), node.one_of_values->end(),
                     [&data](const value& allowed) { return equal(allowed, data); })) {
      std::vector<const value*> allowed;
      for (const auto& item : *node.one_of_values) allowed.push_back(&item);
      return report(errors, node, "enum", "must be one of " + value_list(allowed));
    }
    return true;
  }

  bool check_number(const Node& node, const value& data, Errors* errors) {
    bool ok = true;
    const auto limit = [&](const value* bound, int least, int most, const char* keyword,
                           const char* text) {
      if (bound == nullptr) return;
      const int order = compare_numbers(data, *bound);
      if (order >= least && order <= most) return;
      ok = report(errors, node, keyword, std::string("must be ") + text + value_text(*bound));
    };
    limit(node.minimum, 0, 1, "minimum", "at least ");
    limit(node.maximum, -1, 0, "maximum", "at most ");
    limit(node.above, 1, 1, "exclusiveMinimum", "more than ");
    limit(node.below, -1, -1, "exclusiveMaximum", "less than ");
    if (node.multiple_of != nullptr && !is_multiple_of(data, *node.multiple_of)) {
      ok = report(errors, node, "multipleOf",
                  "must be a multiple of " + value_text(*node.multiple_of));
    }
    return ok;
  }

  bool check_string(const Node& node, std::string_view text, Errors* errors) {
    bool ok = true;
    if (node.min_length || node.max_length) {
      const std::uint64_t length = code_points(text);
      if (node.min_length && length < *node.min_length) {
        ok = report(errors, node, "minLength",
                    *node.min_length == 1 ? "must not be empty"
                                          : at_least("at least", *node.min_length, "character"));
      }
      if (node.max_length && length > *node.max_length) {
        ok = report(errors, node, "maxLength", at_least("at most", *node.max_length, "character"));
      }
    }
    if (node.pattern) {
      const auto match = node.pattern->search(text);
      if (match == Pattern::Match::kNo) ok = report(errors, node, "pattern", pattern_message(node));
      if (match == Pattern::Match::kTooComplex) {
        ok = report(errors, node, "pattern",
                    "is too long to be checked against the pattern " + node.pattern->text());
      }
    }
    if (node.format != nullptr && !node.format->check(text)) {
      ok = report(errors, node, "format", std::string(node.format->message));
    }
    return ok;
  }

  // ---- lists

  bool check_array(const Node& node, const boost::json::array& data, Errors* errors) {
    bool ok = true;
    if (node.min_items && data.size() < *node.min_items) {
      ok = report(errors, node, "minItems", at_least("at least", *node.min_items, "item"));
    }
    if (node.max_items && data.size() > *node.max_items) {
      ok = report(errors, node, "maxItems", at_least("at most", *node.max_items, "item"));
    }
    for (std::size_t i = 0; i < data.size() && (ok || errors != nullptr); ++i) {
      const Node* schema = node.items;
      if (node.item_list) {
        schema = i < node.item_list->size() ? (*node.item_list)[i] : node.additional_items;
      }
      if (schema != nullptr) ok = check_child(*schema, data[i], std::to_string(i), errors) && ok;
    }
    if (node.unique_items) ok = check_unique(node, data, errors) && ok;
    if (node.contains != nullptr && std::none_of(data.begin(), data.end(), [&](const value& item) {
          return check(*node.contains, item, nullptr);
        })) {
      ok = report(errors, node, "contains", "lacks an item of the form that must be there");
    }
    return ok;
  }

  bool check_unique(const Node& node, const boost::json::array& data, Errors* errors) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (++steps_ > kMaxSteps) {
          exhausted_ = true;
          return false;
        }
        if (!equal(data[i], data[j])) continue;
        return report_at(errors, node, "uniqueItems", "is in the list twice",
                         join_pointer(path_, i), {}, {});
      }
    }
    return true;
  }

  bool check_child(const Node& node, const value& data, std::string_view token, Errors* errors) {
    const std::size_t length = path_.size();
    path_.append("/").append(escape_token(token));
    const bool ok = check(node, data, errors);
    path_.resize(length);
    return ok;
  }

  // ---- objects

  bool check_object(const Node& node, const boost::json::object& data, Errors* errors) {
    bool ok = true;
    for (const auto& name : node.required) {
      if (!data.contains(name)) ok = report_missing(node, name, errors);
    }
    if (node.min_properties && data.size() < *node.min_properties) {
      ok = report(errors, node, "minProperties",
                  at_least("at least", *node.min_properties, "member"));
    }
    if (node.max_properties && data.size() > *node.max_properties) {
      ok = report(errors, node, "maxProperties",
                  at_least("at most", *node.max_properties, "member"));
    }
    for (const auto& member : data) {
      if (!ok && errors == nullptr) return false;
      ok = check_member(node, member.key(), member.value(), errors) && ok;
    }
    for (const auto& dependency : node.dependencies) {
      if (data.contains(dependency.property))
        ok = check_dependency(node, dependency, data, errors) && ok;
    }
    return ok;
  }

  bool report_missing(const Node& node, const std::string& name, Errors* errors) {
    return report_at(errors, node, "required", "is required", join_pointer(path_, name), name, {});
  }

  bool check_member(const Node& node, std::string_view name, const value& data, Errors* errors) {
    bool ok = true, matched = false;
    if (node.property_names != nullptr) {
      ok = check_child(*node.property_names, value(name), name, errors);
    }
    if (const auto* schema = node.property(name)) {
      matched = true;
      ok = check_child(*schema, data, name, errors) && ok;
    }
    for (const auto& [pattern, schema] : node.pattern_properties) {
      if (pattern.search(name) != Pattern::Match::kYes) continue;
      matched = true;
      ok = check_child(*schema, data, name, errors) && ok;
    }
    if (matched || node.additional_properties == nullptr) return ok;
    if (node.additional_properties->fixed == false) {
      std::vector<std::string> known;
      for (const auto& property : node.properties) known.push_back(property.first);
      return report_at(errors, node, "additionalProperties", "is not known here",
                       join_pointer(path_, name), std::string(name), std::move(known));
    }
    return check_child(*node.additional_properties, data, name, errors) && ok;
  }

  bool check_dependency(const Node& node, const Dependency& dependency,
                        const boost::json::object& data, Errors* errors) {
    if (dependency.schema != nullptr) return check(*dependency.schema, value(data), errors);
    bool ok = true;
    for (const auto& name : dependency.needs) {
      if (data.contains(name)) continue;
      ok = report_at(errors, node, "dependencies",
                     "is required where " + dependency.property + " is given",
                     join_pointer(path_, name), name, {});
    }
    return ok;
  }

  // ---- combinations

  bool check_combined(const Node& node, const value& data, Errors* errors) {
    bool ok = true;
    for (const auto* schema : node.all_of) {
      if (!ok && errors == nullptr) return false;
      ok = check(*schema, data, errors) && ok;
    }
    if (!node.any_of.empty() &&
        std::none_of(node.any_of.begin(), node.any_of.end(),
                     [&](const Node* schema) { return check(*schema, data, nullptr); })) {
      ok = report_best(node, "anyOf", node.any_of, data, errors);
    }
    if (!node.one_of.empty()) ok = check_one_of(node, data, errors) && ok;
    if (node.negated != nullptr && check(*node.negated, data, nullptr) && !exhausted_) {
      ok = report(errors, node, "not", "has a form that is not allowed here");
    }
    if (node.condition != nullptr) {
      const auto* next = check(*node.condition, data, nullptr) ? node.then : node.otherwise;
      if (next != nullptr) ok = check(*next, data, errors) && ok;
    }
    return ok;
  }

  bool check_one_of(const Node& node, const value& data, Errors* errors) {
    if (const auto* branch = chosen_branch(node, data)) return check(*branch, data, errors);
    const auto& discriminator = node.discriminator;
    if (discriminator && data.is_object()) {
      if (data.get_object().contains(discriminator->property)) {
        return report_at(errors, node, "oneOf",
                         "must be one of " + value_list(discriminator->values),
                         join_pointer(path_, discriminator->property), discriminator->property, {});
      }
      if (discriminator->required) return report_missing(node, discriminator->property, errors);
    }
    const auto fitting =
        std::count_if(node.one_of.begin(), node.one_of.end(),
                      [&](const Node* schema) { return check(*schema, data, nullptr); });
    if (fitting == 1) return true;
    if (fitting > 1) {
      return report(errors, node, "oneOf", "fits more than one of the forms that are allowed here");
    }
    return report_best(node, "oneOf", node.one_of, data, errors);
  }

  /// The errors of the branch that comes nearest: fewest errors, the first of such.
  bool report_best(const Node& node, std::string_view keyword,
                   const std::vector<const Node*>& branches, const value& data, Errors* errors) {
    if (errors == nullptr) return false;
    Errors best;
    unsigned types = 0;
    bool all_types = true;
    for (const auto* branch : branches) {
      Errors found;
      check(*branch, data, &found);
      const bool wrong_type =
          found.size() == 1 && found[0].keyword == "type" && found[0].pointer == path_;
      all_types = all_types && wrong_type;
      types |= resolved(*branch).types;
      if (wrong_type) continue;
      if (best.empty() || found.size() < best.size()) best = std::move(found);
    }
    if (all_types) return report(errors, node, keyword, type_message(types));
    if (best.empty()) return report(errors, node, keyword, "has none of the forms allowed here");
    errors->insert(errors->end(), best.begin(), best.end());
    return false;
  }

  std::string path_;
  int depth_ = 0;
  std::uint64_t steps_ = 0;
  bool exhausted_ = false;
};

}  // namespace

std::vector<SchemaError> validate_value(const Node& node, const value& data) {
  Validation validation;
  Errors errors;
  validation.check(node, data, &errors);
  if (validation.exhausted()) {
    errors = {{"",
               "$ref",
               node.pointer,
               "cannot be checked: the schema refers to itself without end or is too complex",
               "",
               {}}};
  }
  return errors;
}

bool is_valid(const Node& node, const value& data) {
  Validation validation;
  return validation.check(node, data, nullptr) && !validation.exhausted();
}

}  // namespace marketplug::json
