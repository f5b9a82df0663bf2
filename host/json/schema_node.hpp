#pragma once
// A compiled schema: one Node per subschema, references already linked. Read only once compiled,
// so any thread; owned by the Schema, whose documents the pointers lead into. Internal to
// host/json.

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/json/formats.hpp"
#include "host/json/pattern.hpp"
#include "host/json/schema.hpp"

namespace marketplug::json {

enum TypeBit : unsigned {
  kNullBit = 1,
  kBooleanBit = 2,
  kObjectBit = 4,
  kArrayBit = 8,
  kNumberBit = 16,
  kStringBit = 32,
  kIntegerBit = 64,
};

struct Node;

struct Dependency {
  std::string property;
  std::vector<std::string> needs;
  const Node* schema = nullptr;  ///< nullptr: `needs` counts
};

/// A property whose const tells the branches of a oneOf apart.
struct Discriminator {
  std::string property;
  std::vector<const boost::json::value*> values;  ///< one per branch
  bool required = false;                          ///< each branch wants the property
};

struct Node {
  const boost::json::value* source = nullptr;
  std::string pointer;                                ///< into the schema document
  std::optional<bool> fixed;                          ///< the schema `true` or `false`
  const Node* reference = nullptr;                    ///< $ref: nothing else counts
  unsigned types = 0;                                 ///< TypeBits; 0: any
  const boost::json::array* one_of_values = nullptr;  ///< enum
  const boost::json::value* const_value = nullptr;
  const boost::json::value* default_value = nullptr;

  const boost::json::value *minimum = nullptr, *maximum = nullptr, *above = nullptr,
                           *below = nullptr, *multiple_of = nullptr;
  std::optional<std::uint64_t> min_length, max_length, min_items, max_items, min_properties,
      max_properties;
  std::optional<Pattern> pattern;
  const Format* format = nullptr;

  const Node *items = nullptr, *additional_items = nullptr, *contains = nullptr;
  std::optional<std::vector<const Node*>> item_list;
  bool unique_items = false;

  std::vector<std::pair<std::string, const Node*>> properties;
  std::vector<std::pair<Pattern, const Node*>> pattern_properties;
  const Node *additional_properties = nullptr, *property_names = nullptr;
  std::vector<std::string> required;
  std::vector<Dependency> dependencies;

  std::vector<const Node*> all_of, any_of, one_of;
  std::optional<Discriminator> discriminator;
  const Node *negated = nullptr, *condition = nullptr, *then = nullptr, *otherwise = nullptr;

  const Node* property(std::string_view name) const noexcept {
    for (const auto& [key, node] : properties) {
      if (key == name) return node;
    }
    return nullptr;
  }
};

/// What a chain of references ends at; the node itself where it leads in a circle.
const Node& resolved(const Node& node) noexcept;
/// The branch of a oneOf that an object's discriminator chooses; nullptr: none.
const Node* chosen_branch(const Node& node, const boost::json::value& data);

struct Schema::Impl {
  std::vector<std::unique_ptr<boost::json::value>> documents;  ///< the first is the schema's
  std::vector<std::unique_ptr<Node>> nodes;
  const Node* root = nullptr;
};

/// Throws std::invalid_argument, with a pointer, for what is not a schema.
std::unique_ptr<Schema::Impl> compile_schema(const boost::json::value& document,
                                             const Schema::Resolver& resolver);

/// All errors of one value against one node.
std::vector<SchemaError> validate_value(const Node& node, const boost::json::value& data);
bool is_valid(const Node& node, const boost::json::value& data);

}  // namespace marketplug::json
