#include "host/json/schema.hpp"

#include <algorithm>
#include <utility>

#include "host/json/pointer.hpp"
#include "host/json/schema_node.hpp"

namespace marketplug::json {
namespace {

using boost::json::value;

constexpr std::size_t kMaxInsertions = 10'000;

/// The schemas that apply to a value beside each other; `data` may be absent.
void expand(const Node& node, const value* data, std::vector<const Node*>& out) {
  const Node& target = resolved(node);
  if (std::find(out.begin(), out.end(), &target) != out.end()) return;
  out.push_back(&target);
  for (const auto* schema : target.all_of) expand(*schema, data, out);
  if (data == nullptr) return;
  if (const auto* branch = chosen_branch(target, *data)) {
    expand(*branch, data, out);
  } else if (!target.discriminator) {
    for (const auto* schema : target.one_of) {
      if (is_valid(*schema, *data)) expand(*schema, data, out);
    }
  }
  for (const auto* schema : target.any_of) {
    if (is_valid(*schema, *data)) expand(*schema, data, out);
  }
  if (target.condition != nullptr) {
    const auto* next = is_valid(*target.condition, *data) ? target.then : target.otherwise;
    if (next != nullptr) expand(*next, data, out);
  }
}

/// The schemas that one schema has for a member or item.
void descend(const Node& node, const std::string& token, bool in_array, const value* child,
             std::vector<const Node*>& out) {
  if (in_array) {
    const auto index = array_index(token);
    if (!index) return;
    const Node* schema = node.items;
    if (node.item_list) {
      schema = *index < node.item_list->size() ? (*node.item_list)[*index] : node.additional_items;
    }
    if (schema != nullptr) expand(*schema, child, out);
    return;
  }
  bool matched = false;
  if (const auto* schema = node.property(token)) {
    matched = true;
    expand(*schema, child, out);
  }
  for (const auto& [pattern, schema] : node.pattern_properties) {
    if (pattern.search(token) != Pattern::Match::kYes) continue;
    matched = true;
    expand(*schema, child, out);
  }
  if (!matched && node.additional_properties != nullptr) {
    expand(*node.additional_properties, child, out);
  }
}

std::vector<const Node*> governing(const Node& root, const value& data, std::string_view pointer) {
  std::vector<const Node*> current;
  const auto tokens = split_pointer(pointer);
  if (!tokens) return current;
  const value* at = &data;
  expand(root, at, current);
  for (const auto& token : *tokens) {
    const bool in_array = at != nullptr && at->is_array();
    const value* child = at == nullptr ? nullptr : find_value(*at, join_pointer("", token));
    std::vector<const Node*> next;
    for (const auto* node : current) descend(*node, token, in_array, child, next);
    current = std::move(next);
    at = child;
  }
  std::erase_if(current, [](const Node* node) { return node->fixed == false; });
  return current;
}

/// Fills defaults in; stops where a default would be put into itself.
class Filling {
 public:
  void fill(const Node& node, value& data) {
    std::vector<const Node*> done;
    fill(node, data, done);
  }

 private:
  void fill(const Node& node, value& data, std::vector<const Node*>& done) {
    const Node& target = resolved(node);
    if (std::find(done.begin(), done.end(), &target) != done.end()) return;
    done.push_back(&target);
    if (data.is_object()) fill_members(target, data.get_object());
    if (data.is_array()) fill_items(target, data.get_array());
    for (const auto* schema : target.all_of) fill(*schema, data, done);
    if (const auto* branch = chosen_branch(target, data)) {
      fill(*branch, data, done);
    } else if (!target.discriminator) {
      for (const auto* schema : target.one_of) {
        if (is_valid(*schema, data)) fill(*schema, data, done);
      }
    }
    if (target.condition != nullptr) {
      const auto* next = is_valid(*target.condition, data) ? target.then : target.otherwise;
      if (next != nullptr) fill(*next, data, done);
    }
  }

  void fill_members(const Node& node, boost::json::object& data) {
    for (const auto& [name, schema] : node.properties) {
      const Node& property = resolved(*schema);
      auto* member = data.if_contains(name);
      const bool absent = member == nullptr;
      if (absent) {
        const bool within =
            std::find(inserting_.begin(), inserting_.end(), &property) != inserting_.end();
        if (property.default_value == nullptr || within || ++insertions_ > kMaxInsertions) continue;
        member = &data.insert_or_assign(name, *property.default_value).first->value();
        inserting_.push_back(&property);
      }
      fill(property, *member);
      if (absent) inserting_.pop_back();
    }
    for (auto& member : data) {
      if (node.property(member.key()) != nullptr) continue;
      std::vector<const Node*> schemas;
      descend(node, std::string(member.key()), false, &member.value(), schemas);
      for (const auto* schema : schemas) fill(*schema, member.value());
    }
  }

  void fill_items(const Node& node, boost::json::array& data) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      const Node* schema = node.items;
      if (node.item_list) {
        schema = i < node.item_list->size() ? (*node.item_list)[i] : node.additional_items;
      }
      if (schema != nullptr) fill(*schema, data[i]);
    }
  }

  std::vector<const Node*> inserting_;
  std::size_t insertions_ = 0;
};

}  // namespace

Schema::Schema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Schema Schema::compile(const value& document) { return compile(document, nullptr); }

Schema Schema::compile(const value& document, const Resolver& resolver) {
  return Schema(compile_schema(document, resolver));
}

std::vector<SchemaError> Schema::validate(const value& data) const {
  return validate_value(*impl_->root, data);
}

void Schema::apply_defaults(value& data) const { Filling().fill(*impl_->root, data); }

const value* Schema::at(const value& data, std::string_view pointer) const {
  const auto nodes = governing(*impl_->root, data, pointer);
  const auto typed = std::find_if(nodes.begin(), nodes.end(), [](const Node* node) {
    return node->types != 0 || node->one_of_values != nullptr || node->const_value != nullptr;
  });
  if (typed != nodes.end()) return (*typed)->source;
  return nodes.empty() ? nullptr : nodes.front()->source;
}

std::vector<const value*> Schema::all_at(const value& data, std::string_view pointer) const {
  std::vector<const value*> sources;
  for (const auto* node : governing(*impl_->root, data, pointer)) sources.push_back(node->source);
  return sources;
}

std::vector<SchemaError> Schema::check_defaults() const {
  std::vector<SchemaError> errors;
  for (const auto& node : impl_->nodes) {
    if (node->default_value == nullptr) continue;
    for (auto& error : validate_value(*node, *node->default_value)) {
      // A group's default may leave to its members what they require.
      if (error.keyword == "required") continue;
      error.pointer = node->pointer + "/default" + error.pointer;
      errors.push_back(std::move(error));
    }
  }
  return errors;
}

}  // namespace marketplug::json
