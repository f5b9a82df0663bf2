#include "host/json/schema_places.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "host/json/pointer.hpp"
#include "host/json/uri.hpp"

namespace marketplug::json {
namespace {

using boost::json::value;

constexpr std::size_t kMaxSchemaDepth = 128;

// Keywords whose value is a schema, a list of schemas, a map of schemas.
constexpr std::array<std::string_view, 9> kSchemaKeywords{"additionalItems",
                                                          "items",
                                                          "contains",
                                                          "additionalProperties",
                                                          "propertyNames",
                                                          "not",
                                                          "if",
                                                          "then",
                                                          "else"};
constexpr std::array<std::string_view, 4> kListKeywords{"allOf", "anyOf", "oneOf", "items"};
constexpr std::array<std::string_view, 4> kMapKeywords{"properties", "patternProperties",
                                                       "definitions", "dependencies"};

/// The name of `$id`, where it counts: beside `$ref` nothing does.
const boost::json::string* id_of(const value& schema) {
  const auto* object = schema.if_object();
  if (object == nullptr) return nullptr;
  const auto* reference = object->if_contains("$ref");
  if (reference != nullptr && reference->is_string()) return nullptr;
  const auto* id = object->if_contains("$id");
  return id == nullptr ? nullptr : id->if_string();
}

}  // namespace

void refuse_schema(const std::string& pointer, const std::string& what) {
  throw std::invalid_argument("the schema at \"" + pointer + "\": " + what);
}

Place SchemaPlaces::add_document(const value& document, const std::string& uri) {
  documents_.push_back(std::make_unique<value>(document));
  const Place place{documents_.back().get(), uri, ""};
  places_.emplace(uri, place);
  index(place, 0);
  return rebased(place);
}

Place SchemaPlaces::rebased(Place place) {
  if (const auto* id = id_of(*place.schema)) {
    place.base = resolve_uri(place.base, {id->data(), id->size()});
    if (place.base.ends_with('#')) place.base.pop_back();
    // "#name" names the place; it does not move the base.
    if (const auto hash = place.base.find('#'); hash != std::string::npos) {
      place.base.resize(hash);
    }
  }
  return place;
}

void SchemaPlaces::index(const Place& at, std::size_t depth) {
  if (depth > kMaxSchemaDepth) refuse_schema(at.pointer, "it is nested too deeply");
  const auto* object = at.schema->if_object();
  if (object == nullptr) return;
  const Place here = rebased(at);
  if (const auto* id = id_of(*at.schema)) {
    std::string name = resolve_uri(at.base, {id->data(), id->size()});
    if (name.ends_with('#')) name.pop_back();
    places_.insert_or_assign(std::move(name), here);
  }
  const auto child = [&](const value& schema, std::string pointer) {
    index({&schema, here.base, std::move(pointer)}, depth + 1);
  };
  for (const auto keyword : kSchemaKeywords) {
    const auto* schema = object->if_contains(keyword);
    if (schema != nullptr && schema->is_object())
      child(*schema, at.pointer + "/" + std::string(keyword));
  }
  for (const auto keyword : kListKeywords) {
    const auto* list = object->if_contains(keyword);
    if (list == nullptr || !list->is_array()) continue;
    const auto pointer = at.pointer + "/" + std::string(keyword);
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
      child(list->get_array()[i], join_pointer(pointer, i));
    }
  }
  for (const auto keyword : kMapKeywords) {
    const auto* map = object->if_contains(keyword);
    if (map == nullptr || !map->is_object()) continue;
    const auto pointer = at.pointer + "/" + std::string(keyword);
    for (const auto& member : map->get_object()) {
      child(member.value(), join_pointer(pointer, member.key()));
    }
  }
}

Place SchemaPlaces::locate(const std::string& uri, const std::string& from) {
  const auto hash = std::min(uri.find('#'), uri.size());
  const std::string document = uri.substr(0, hash);
  const std::string fragment =
      hash < uri.size() ? percent_decoded(std::string_view(uri).substr(hash + 1)) : std::string();
  if (const auto found = places_.find(uri); found != places_.end()) return found->second;
  auto found = places_.find(document);
  if (found == places_.end()) {
    auto loaded = resolver_ ? resolver_(document) : std::nullopt;
    if (!loaded) refuse_schema(from, "nothing is known under the reference \"" + uri + "\"");
    add_document(*loaded, document);
    found = places_.find(document);
    if (const auto named = places_.find(uri); named != places_.end()) return named->second;
  }
  return walk(found->second, fragment, from);
}

/// A JSON pointer from a place, minding each `$id` on its way.
Place SchemaPlaces::walk(Place place, const std::string& fragment, const std::string& from) {
  const auto tokens = split_pointer(fragment);
  if (!tokens) refuse_schema(from, "nothing is known under the reference \"#" + fragment + "\"");
  for (const auto& token : *tokens) {
    place = rebased(std::move(place));
    place.schema = find_value(*place.schema, join_pointer("", token));
    if (place.schema == nullptr) {
      refuse_schema(from, "the reference \"#" + fragment + "\" leads nowhere");
    }
    place.pointer = join_pointer(place.pointer, token);
  }
  return place;
}

}  // namespace marketplug::json
