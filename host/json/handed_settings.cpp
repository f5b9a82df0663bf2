#include "host/json/handed_settings.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "host/json/pointer.hpp"

namespace marketplug::json {
namespace {

using boost::json::value;

const value* keyword(const value& schema, std::string_view name) {
  const auto* object = schema.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

/// Names of the members that the schema gives the object at a place.
std::set<std::string> members_at(const Schema& schema, const value& data,
                                 const std::string& pointer) {
  std::set<std::string> names;
  for (const auto* source : schema.all_at(data, pointer)) {
    const auto* properties = keyword(*source, "properties");
    if (properties == nullptr || !properties->is_object()) continue;
    for (const auto& entry : properties->get_object()) names.emplace(entry.key());
  }
  return names;
}

}  // namespace

void each_value(const value& data, const std::function<void(const std::string&, const value&)>& f,
                const std::string& pointer) {
  f(pointer, data);
  if (const auto* object = data.if_object()) {
    for (const auto& entry : *object) {
      each_value(entry.value(), f, join_pointer(pointer, entry.key()));
    }
  } else if (const auto* array = data.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      each_value((*array)[i], f, join_pointer(pointer, i));
    }
  }
}

std::string switch_at(const Schema& schema, const value& data, const std::string& pointer) {
  for (const auto* source : schema.all_at(data, pointer)) {
    const auto* capability = keyword(*source, "x-capability");
    if (capability != nullptr && capability->is_string()) {
      return std::string(capability->get_string());
    }
  }
  return "";
}

std::map<std::string, std::string, std::less<>> secrets_in(const Schema& schema,
                                                           const boost::json::object& settings) {
  std::map<std::string, std::string, std::less<>> found;
  const value data(settings);
  each_value(data, [&](const std::string& pointer, const value& at) {
    if (!at.is_string() || at.get_string().empty()) return;
    const auto sources = schema.all_at(data, pointer);
    const bool secret = std::any_of(sources.begin(), sources.end(), [](const value* source) {
      const auto* mark = keyword(*source, "writeOnly");
      return mark != nullptr && mark->is_bool() && mark->get_bool();
    });
    if (secret) found.emplace(pointer, std::string(at.get_string()));
  });
  return found;
}

boost::json::object handed_settings(const Schema& schema, const boost::json::object& settings) {
  const value data(settings);
  value result(settings);
  for (const auto& [pointer, ignored] : secrets_in(schema, settings)) {
    *find_value(result, pointer) = boost::json::string("secret:" + pointer);
  }
  each_value(data, [&](const std::string& pointer, const value& at) {
    if (!at.is_object()) return;
    auto& target = find_value(result, pointer)->get_object();
    bool switches = false;
    for (const auto& name : members_at(schema, data, pointer)) {
      if (switch_at(schema, data, join_pointer(pointer, name)).empty()) continue;
      switches = true;
      target.erase(name);
    }
    if (switches) target.erase("enabled");
  });
  return std::move(result.get_object());
}

}  // namespace marketplug::json
