// Group B: what the plugin says of itself: its settings schema, its capabilities.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "host/json/handed_settings.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"
#include "host/json/vocabulary.hpp"
#include "host/loading/inspection.hpp"
#include "host/testkit/shop.hpp"

namespace marketplug::testkit {
namespace {

using boost::json::object;
using boost::json::value;

value document_of(const loading::LoadedPlugin& plugin) {
  try {
    return json::parse_or_throw(plugin.settings_schema(), "the settings schema");
  } catch (const std::invalid_argument& error) {
    throw CannotGoOn(error.what());
  }
}

/// Calls f(pointer, name, schema) for every setting, those in branches and definitions too.
template <class F>
void each_setting(const value& schema, const std::string& pointer, const F& f) {
  const auto* found = schema.if_object();
  if (found == nullptr) return;
  for (const char* keyword : {"properties", "definitions"}) {
    const auto* members = found->if_contains(keyword);
    if (members == nullptr || !members->is_object()) continue;
    for (const auto& member : members->get_object()) {
      const auto at = json::join_pointer(pointer + "/" + keyword, member.key());
      if (keyword == std::string_view("properties") && member.value().is_object()) {
        f(at, member.key(), member.value().get_object());
      }
      each_setting(member.value(), at, f);
    }
  }
  for (const char* keyword : {"items", "additionalProperties"}) {
    if (const auto* below = found->if_contains(keyword)) {
      each_setting(*below, pointer + "/" + keyword, f);
    }
  }
  if (const auto* branches = found->if_contains("oneOf"); branches && branches->is_array()) {
    for (std::size_t i = 0; i < branches->get_array().size(); ++i) {
      each_setting(branches->get_array()[i], json::join_pointer(pointer + "/oneOf", i), f);
    }
  }
}

bool is_default_error(const json::SchemaError& error) {
  return error.schema_pointer.find("/default") != std::string::npos ||
         error.pointer.find("/default") != std::string::npos;
}

void b1_vocabulary(Trial& trial) {
  for (const auto& error : json::check_vocabulary(document_of(trial.plugin()))) {
    if (is_default_error(error)) continue;  // B4's affair
    trial.fail(fmt::format("schema, {}: {}", error.pointer.empty() ? "the whole" : error.pointer,
                           error.message));
  }
}

void b2_explained(Trial& trial) {
  const value document = document_of(trial.plugin());
  each_setting(document, "", [&](const std::string& at, std::string_view, const object& setting) {
    const auto* reference = setting.if_contains("$ref");
    const value* meant = reference == nullptr || !reference->is_string()
                             ? nullptr
                             : json::find_value(document, reference->get_string().subview(1));
    for (const char* word : {"title", "description"}) {
      // Beside a const there is nothing to fill in; a reference has the words of what it means.
      const bool there =
          meant != nullptr && meant->is_object() && meant->get_object().contains(word);
      if (there || setting.contains(word) || setting.contains("const")) continue;
      trial.fail(
          fmt::format("schema, {}: has no {}: it is all the help that a person gets", at, word));
    }
  });
}

bool looks_secret(std::string_view name) {
  constexpr std::array<std::string_view, 9> kWords{"token",      "secret",     "password",
                                                   "passphrase", "api_key",    "private_key",
                                                   "apikey",     "credential", "refresh"};
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

/// What the keyword says of the setting: its own, or that of the definition that it refers to.
const value* said_of(const value& document, const object& setting, std::string_view keyword) {
  if (const auto* own = setting.if_contains(keyword)) return own;
  const auto* reference = setting.if_contains("$ref");
  if (reference == nullptr || !reference->is_string()) return nullptr;
  const auto* meant = json::find_value(document, reference->get_string().subview(1));
  return meant == nullptr || !meant->is_object() ? nullptr
                                                 : meant->get_object().if_contains(keyword);
}

/// Its types: one name, or one name and null.
std::set<std::string> types_of(const value* type) {
  if (type == nullptr) return {};
  std::set<std::string> types;
  if (type->is_string()) types.emplace(type->get_string());
  if (const auto* list = type->if_array()) {
    for (const auto& each : *list) {
      if (each.is_string()) types.emplace(each.get_string());
    }
  }
  return types;
}

void b3_secrets(Trial& trial) {
  const value document = document_of(trial.plugin());
  each_setting(
      document, "", [&](const std::string& at, std::string_view name, const object& setting) {
        const auto* format = said_of(document, setting, "format");
        const bool text = types_of(said_of(document, setting, "type")).contains("string");
        const bool moment = format != nullptr && (*format == "date" || *format == "date-time");
        const auto* mark = said_of(document, setting, "writeOnly");
        const bool secret = mark != nullptr && *mark == true;
        if (text && !moment && looks_secret(name) && !secret) {
          trial.fail(fmt::format("schema, {}: is named like a secret and is not writeOnly", at));
        }
        if (secret && !looks_secret(name)) {
          trial.fail(fmt::format("schema, {}: is writeOnly and not named like a secret", at));
        }
      });
}

void b4_defaults(Trial& trial) {
  for (const auto& error : schema_of(trial).check_defaults()) {
    trial.fail(fmt::format("schema, {}: the default {}", error.pointer, error.message));
  }
}

void b5_sample(Trial& trial) {
  const auto schema = schema_of(trial);
  const value sample(trial.cases.settings);
  for (const auto& error : schema.validate(sample)) {
    trial.fail(fmt::format("{}: /settings{}: the schema refuses it: {}", trial.cases.file,
                           error.pointer, error.message));
  }
  if (!trial.faults.empty()) return;
  json::each_value(sample, [&](const std::string& pointer, const value& at) {
    if (!at.is_object()) return;
    for (const auto* source : schema.all_at(sample, pointer)) {
      const auto* required = source->as_object().if_contains("required");
      if (required == nullptr) continue;
      for (const auto& name : required->as_array()) {
        value without = sample;
        json::find_value(without, pointer)->as_object().erase(name.as_string());
        const auto errors = schema.validate(without);
        const auto wanted = json::join_pointer(pointer, name.as_string());
        const bool named = std::any_of(errors.begin(), errors.end(), [&](const auto& error) {
          return error.pointer == wanted || error.pointer == pointer;
        });
        trial.expect(named, fmt::format("settings without {} are not refused there", wanted));
      }
    }
  });
}

std::set<std::string> words_of(const value* list) {
  std::set<std::string> words;
  if (list == nullptr || !list->is_array()) return words;
  for (const auto& each : list->get_array()) words.insert(boost::json::serialize(each));
  return words;
}

/// What a setting allowed before and does not allow now.
void compare_setting(const object& before, const object& now, const std::string& at, Trial& trial) {
  const auto types = types_of(now.if_contains("type"));
  for (const auto& type : types_of(before.if_contains("type"))) {
    trial.expect(types.empty() || types.contains(type),
                 fmt::format("schema, {}: is no longer of type {}", at, type));
  }
  if (now.contains("enum")) {
    const auto allowed = words_of(now.if_contains("enum"));
    for (const auto& word : words_of(before.if_contains("enum"))) {
      trial.expect(allowed.contains(word),
                   fmt::format("schema, {}: no longer allows {}", at, word));
    }
    trial.expect(before.contains("enum"), fmt::format("schema, {}: is now an enum", at));
  }
  for (const auto& [word, narrower] : {std::pair{"minimum", 1},
                                       {"minLength", 1},
                                       {"minItems", 1},
                                       {"maximum", -1},
                                       {"maxLength", -1},
                                       {"maxItems", -1}}) {
    const auto* was = before.if_contains(word);
    const auto* is = now.if_contains(word);
    if (is == nullptr || !is->is_number()) continue;
    const bool narrowed = was == nullptr || !was->is_number() ||
                          narrower * is->to_number<double>() > narrower * was->to_number<double>();
    trial.expect(!narrowed, fmt::format("schema, {}: its {} is narrower", at, word));
  }
  for (const char* word : {"pattern", "format", "const", "uniqueItems", "additionalProperties"}) {
    const auto* is = now.if_contains(word);
    const bool harmless =
        is == nullptr ||
        (is->is_bool() && *is == (word == std::string_view("additionalProperties")));
    const auto* was = before.if_contains(word);
    trial.expect(harmless || is->is_object() || (was != nullptr && *was == *is),
                 fmt::format("schema, {}: has another {}", at, word));
  }
}

void b6_previous(Trial& trial) {
  auto old_file = loading::inspect(trial.subject.previous, {}).file;
  for (const auto& capability : old_file.capabilities()) {
    trial.expect(trial.offers(capability),
                 fmt::format("{} was offered by {} and is gone", capability, old_file.version()));
  }
  const auto loaded = loading::load(old_file);
  if (!loaded) throw CannotGoOn("the previous release: " + loaded.failure().message);
  const value before = document_of(*loaded.value());
  const value now = document_of(trial.plugin());
  each_setting(before, "", [&](const std::string& at, std::string_view, const object& setting) {
    const auto* found = json::find_value(now, at);
    if (!trial.expect(found != nullptr && found->is_object(),
                      fmt::format("schema, {}: the setting is gone", at))) {
      return;
    }
    compare_setting(setting, found->as_object(), at, trial);
  });
  json::each_value(now, [&](const std::string& pointer, const value& at) {
    if (!pointer.ends_with("/required") && pointer != "/required") return;
    const auto* former = json::find_value(before, pointer);
    const bool known = json::find_value(before, json::parent_pointer(pointer)) != nullptr;
    const auto had = words_of(former);
    for (const auto& word : words_of(&at)) {
      trial.expect(!known || had.contains(word),
                   fmt::format("schema, {}: {} is newly required", pointer, word));
    }
  });
}

void b7_capabilities(Trial& trial) {
  Shop shop(trial);
  std::vector<std::string> known{std::string(OrderSource::kId), std::string(OptionsSource::kId)};
  for (const Sink* sink : all_sinks()) known.emplace_back(sink->id());
  for (const auto& id : trial.file().capabilities()) {
    void* first = shop.connector->query(id);
    trial.expect(first != nullptr,
                 fmt::format("query(\"{}\") gives nothing, the block has it", id));
    trial.expect(shop.connector->query(id) == first,
                 fmt::format("query(\"{}\") gives another pointer when it is asked again", id));
  }
  for (const auto& id : known) {
    trial.expect(trial.offers(id) || shop.connector->query(id) == nullptr,
                 fmt::format("query(\"{}\") gives something, the block does not have it", id));
  }
  for (const char* id : {"", "order-source", "order-source/0", "no-such-thing/1"}) {
    trial.expect(shop.connector->query(id) == nullptr,
                 fmt::format("query(\"{}\") gives something", id));
  }
}

}  // namespace

std::vector<Check> fact_checks() {
  using enum Level;
  return {
      {"B1", kRequired, "The settings schema keeps to the vocabulary", Need::kPlugin,
       b1_vocabulary},
      {"B2", kRequired, "Every setting has a title and a description", Need::kPlugin, b2_explained},
      {"B3", kRequired, "What is named like a secret is writeOnly, and nothing else", Need::kPlugin,
       b3_secrets},
      {"B4", kRequired, "Defaults are valid", Need::kPlugin, b4_defaults},
      {"B5", kRequired, "The sample is accepted, and refused without any required setting",
       Need::kPlugin, b5_sample},
      {"B6", kRequired, "Nothing of the previous release is lost or narrower", Need::kPrevious,
       b6_previous},
      {"B7", kRequired, "query() gives what the ABI block says, and nothing else", Need::kPlugin,
       b7_capabilities},
  };
}

}  // namespace marketplug::testkit
