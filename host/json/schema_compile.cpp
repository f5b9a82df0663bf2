#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>

#include "host/json/compare.hpp"
#include "host/json/pointer.hpp"
#include "host/json/schema_node.hpp"
#include "host/json/schema_places.hpp"
#include "host/json/uri.hpp"

namespace marketplug::json {
namespace {

using boost::json::value;

constexpr std::size_t kMaxNodes = 200'000;

class Compiler {
 public:
  Compiler(Schema::Impl& impl, const Schema::Resolver& resolver)
      : impl_(impl), places_(impl.documents, resolver) {}

  void compile(const value& document) {
    impl_.root = node_at(places_.add_document(document, ""));
    while (!waiting_.empty()) {
      const auto [node, place] = std::move(waiting_.front());
      waiting_.pop_front();
      fill(*node, place);
    }
    for (auto& node : impl_.nodes) find_discriminator(*node);
  }

 private:
  // ---- nodes

  const Node* node_at(Place place) {
    const auto found = nodes_.find(place.schema);
    if (found != nodes_.end()) return found->second;
    if (impl_.nodes.size() >= kMaxNodes) refuse_schema(place.pointer, "it is too large");
    auto* const node = impl_.nodes.emplace_back(std::make_unique<Node>()).get();
    node->source = place.schema;
    node->pointer = place.pointer;
    nodes_.emplace(place.schema, node);
    waiting_.emplace_back(node, std::move(place));
    return node;
  }

  void fill(Node& node, const Place& found) {
    const Place place = SchemaPlaces::rebased(found);
    if (const auto* fixed = place.schema->if_bool()) {
      node.fixed = *fixed;
      return;
    }
    const auto* object = place.schema->if_object();
    if (object == nullptr) refuse_schema(place.pointer, "it must be an object, true or false");
    if (const auto* reference = object->if_contains("$ref")) {
      const auto pointer = place.pointer + "/$ref";
      if (!reference->is_string()) refuse_schema(pointer, "it must be a string");
      const auto& text = reference->get_string();
      node.reference =
          node_at(places_.locate(resolve_uri(place.base, {text.data(), text.size()}), pointer));
      return;
    }
    Keywords{*this, node, *object, place}.read();
  }

  /// Reads the keywords of one schema object.
  struct Keywords {
    Compiler& compiler;
    Node& node;
    const boost::json::object& object;
    const Place& place;

    void read() {
      read_types();
      read_values();
      read_objects();
      read_arrays();
      node.all_of = list("allOf");
      node.any_of = list("anyOf");
      node.one_of = list("oneOf");
      node.negated = schema("not");
      node.condition = schema("if");
      node.then = schema("then");
      node.otherwise = schema("else");
    }

    std::string pointer(std::string_view keyword) const {
      return join_pointer(place.pointer, keyword);
    }
    const value* find(std::string_view keyword) const { return object.if_contains(keyword); }

    const Node* child(const value& source, std::string at) const {
      return compiler.node_at({&source, place.base, std::move(at)});
    }
    const Node* schema(std::string_view keyword) const {
      const auto* source = find(keyword);
      return source == nullptr ? nullptr : child(*source, pointer(keyword));
    }
    std::vector<const Node*> list(std::string_view keyword) const {
      std::vector<const Node*> nodes;
      const auto* source = find(keyword);
      if (source == nullptr) return nodes;
      if (!source->is_array() || source->get_array().empty()) {
        refuse_schema(pointer(keyword), "it must be a list of schemas");
      }
      for (const auto& item : source->get_array()) {
        nodes.push_back(child(item, join_pointer(pointer(keyword), nodes.size())));
      }
      return nodes;
    }
    const value* number(std::string_view keyword) const {
      const auto* source = find(keyword);
      if (source != nullptr && !source->is_number())
        refuse_schema(pointer(keyword), "it must be a number");
      return source;
    }
    std::optional<std::uint64_t> count(std::string_view keyword) const {
      const auto* source = find(keyword);
      if (source == nullptr) return std::nullopt;
      const bool whole = source->is_number() && is_whole_number(*source);
      const double as_double = whole ? source->to_number<double>() : -1;
      if (as_double < 0 || as_double > 9e15) {
        refuse_schema(pointer(keyword), "it must be a whole number, not negative");
      }
      return static_cast<std::uint64_t>(as_double);
    }
    std::vector<std::string> names(const value& source, const std::string& at) const {
      std::vector<std::string> result;
      if (!source.is_array()) refuse_schema(at, "it must be a list of names");
      for (const auto& item : source.get_array()) {
        if (!item.is_string()) refuse_schema(at, "it must be a list of names");
        result.emplace_back(item.get_string());
      }
      return result;
    }
    Pattern compiled_pattern(std::string_view text, const std::string& at) const {
      try {
        return Pattern(text);
      } catch (const std::invalid_argument& error) {
        refuse_schema(at, error.what());
      }
    }
    const boost::json::object* map(std::string_view keyword) const {
      const auto* source = find(keyword);
      if (source == nullptr) return nullptr;
      if (!source->is_object()) refuse_schema(pointer(keyword), "it must be an object");
      return &source->get_object();
    }

    void read_types() const {
      const auto* source = find("type");
      if (source == nullptr) return;
      const auto add = [&](const value& name) {
        static const std::map<std::string_view, unsigned> kBits{
            {"null", kNullBit},      {"boolean", kBooleanBit}, {"object", kObjectBit},
            {"array", kArrayBit},    {"number", kNumberBit},   {"string", kStringBit},
            {"integer", kIntegerBit}};
        const auto found =
            name.is_string() ? kBits.find(std::string_view(name.get_string())) : kBits.end();
        if (found == kBits.end()) refuse_schema(pointer("type"), "it is not a type of JSON");
        node.types |= found->second;
      };
      if (!source->is_array()) return add(*source);
      if (source->get_array().empty()) refuse_schema(pointer("type"), "it must name a type");
      for (const auto& name : source->get_array()) add(name);
    }

    void read_values() const {
      node.const_value = find("const");
      node.default_value = find("default");
      if (const auto* source = find("enum")) {
        if (!source->is_array()) refuse_schema(pointer("enum"), "it must be a list");
        node.one_of_values = &source->get_array();
      }
      node.minimum = number("minimum");
      node.maximum = number("maximum");
      node.above = number("exclusiveMinimum");
      node.below = number("exclusiveMaximum");
      node.multiple_of = number("multipleOf");
      if (node.multiple_of != nullptr && compare_numbers(*node.multiple_of, value(0)) <= 0) {
        refuse_schema(pointer("multipleOf"), "it must be more than 0");
      }
      node.min_length = count("minLength");
      node.max_length = count("maxLength");
      if (const auto* source = find("pattern")) {
        if (!source->is_string()) refuse_schema(pointer("pattern"), "it must be a string");
        node.pattern = compiled_pattern(source->get_string(), pointer("pattern"));
      }
      if (const auto* source = find("format")) {
        if (!source->is_string()) refuse_schema(pointer("format"), "it must be a string");
        node.format = find_format(source->get_string());
      }
    }

    void read_objects() const {
      if (const auto* members = map("properties")) {
        for (const auto& member : *members) {
          node.properties.emplace_back(
              member.key(),
              child(member.value(), join_pointer(pointer("properties"), member.key())));
        }
      }
      if (const auto* members = map("patternProperties")) {
        for (const auto& member : *members) {
          const auto at = join_pointer(pointer("patternProperties"), member.key());
          node.pattern_properties.emplace_back(compiled_pattern(member.key(), at),
                                               child(member.value(), at));
        }
      }
      node.additional_properties = schema("additionalProperties");
      node.property_names = schema("propertyNames");
      if (const auto* source = find("required"))
        node.required = names(*source, pointer("required"));
      node.min_properties = count("minProperties");
      node.max_properties = count("maxProperties");
      if (const auto* members = map("dependencies")) {
        for (const auto& member : *members) {
          const auto at = join_pointer(pointer("dependencies"), member.key());
          auto& dependency = node.dependencies.emplace_back();
          dependency.property = member.key();
          if (member.value().is_array()) {
            dependency.needs = names(member.value(), at);
          } else {
            dependency.schema = child(member.value(), at);
          }
        }
      }
    }

    void read_arrays() const {
      const auto* source = find("items");
      if (source != nullptr && source->is_array()) {
        auto& nodes = node.item_list.emplace();
        for (const auto& item : source->get_array()) {
          nodes.push_back(child(item, join_pointer(pointer("items"), nodes.size())));
        }
        node.additional_items = schema("additionalItems");
      } else {
        node.items = schema("items");
      }
      node.contains = schema("contains");
      node.min_items = count("minItems");
      node.max_items = count("maxItems");
      if (const auto* unique = find("uniqueItems")) {
        if (!unique->is_bool()) refuse_schema(pointer("uniqueItems"), "it must be true or false");
        node.unique_items = unique->get_bool();
      }
    }
  };

  // ---- oneOf

  static void find_discriminator(Node& node) {
    if (node.one_of.empty()) return;
    for (const auto& [name, ignored] : resolved(*node.one_of.front()).properties) {
      Discriminator found;
      found.property = name;
      found.required = true;
      for (const auto* branch : node.one_of) {
        const Node& target = resolved(*branch);
        const auto* property = target.property(name);
        const auto* wanted = property == nullptr ? nullptr : resolved(*property).const_value;
        if (wanted == nullptr) break;
        const bool twice =
            std::any_of(found.values.begin(), found.values.end(),
                        [wanted](const value* other) { return equal(*wanted, *other); });
        if (twice) break;
        found.values.push_back(wanted);
        if (std::find(target.required.begin(), target.required.end(), name) ==
            target.required.end()) {
          found.required = false;
        }
      }
      if (found.values.size() == node.one_of.size()) {
        node.discriminator = std::move(found);
        return;
      }
    }
  }

  Schema::Impl& impl_;
  SchemaPlaces places_;
  std::map<const value*, Node*> nodes_;
  std::deque<std::pair<Node*, Place>> waiting_;
};

}  // namespace

const Node& resolved(const Node& node) noexcept {
  const Node* at = &node;
  for (int hops = 0; at->reference != nullptr; ++hops) {
    if (hops == 64) return node;
    at = at->reference;
  }
  return *at;
}

const Node* chosen_branch(const Node& node, const value& data) {
  const auto* object = data.if_object();
  if (!node.discriminator || object == nullptr) return nullptr;
  const auto* given = object->if_contains(node.discriminator->property);
  if (given == nullptr) return nullptr;
  for (std::size_t i = 0; i < node.one_of.size(); ++i) {
    if (equal(*node.discriminator->values[i], *given)) return node.one_of[i];
  }
  return nullptr;
}

std::unique_ptr<Schema::Impl> compile_schema(const value& document,
                                             const Schema::Resolver& resolver) {
  auto impl = std::make_unique<Schema::Impl>();
  Compiler(*impl, resolver).compile(document);
  return impl;
}

}  // namespace marketplug::json
