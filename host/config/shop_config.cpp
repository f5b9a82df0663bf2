#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "embedded/shop_schema_json.hpp"
#include "host/config/config.hpp"
#include "host/config/places.hpp"
#include "host/config/plugin_settings.hpp"
#include "host/config/references.hpp"
#include "host/config/typing.hpp"
#include "host/config/yaml_tree.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::config {
namespace {

namespace fs = std::filesystem;
using boost::json::value;

constexpr std::string_view kSettings = "/settings";

const json::Schema& shop_schema() {
  static const json::Schema kSchema =
      json::Schema::compile(json::parse_or_throw(embedded::shop_schema_json, "shop.schema.json"));
  return kSchema;
}

/// Plugins' schemas, each compiled once however many shops use it. One thread.
class SchemaCache {
 public:
  explicit SchemaCache(const SettingsSchema& source) : source_(source) {}

  struct Entry {
    std::unique_ptr<PluginSettings> settings;  ///< nullptr: `why` says what is wrong
    std::string why, remedy;
  };

  const Entry& find(const std::string& plugin) {
    const auto [found, fresh] = entries_.try_emplace(plugin);
    if (fresh) found->second = load(plugin);
    return found->second;
  }

 private:
  Entry load(const std::string& plugin) const {
    Entry entry;
    const auto text = source_ ? source_(plugin) : std::nullopt;
    if (!text) {
      entry.why = "no plugin of that id is loaded";
      entry.remedy = "check the id and the plugins folder: \"marketplug plugins list\" shows them";
      return entry;
    }
    try {
      entry.settings = std::make_unique<PluginSettings>(*text);
    } catch (const std::invalid_argument& error) {
      entry.why = std::string("the plugin cannot be configured: its ") + error.what();
      entry.remedy = "tell the plugin's author";
    }
    return entry;
  }

  const SettingsSchema& source_;
  std::map<std::string, Entry> entries_;
};

std::string text_of(const value& document, std::string_view pointer) {
  const auto* found = json::find_value(document, pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// One shop's document, from YAML or from the store, until it is typed, checked and complete.
class ShopReader {
 public:
  ShopReader(std::string file, SchemaCache& schemas) : schemas_(schemas) {
    places_.file = file;
    loaded_.shop.file = std::move(file);
  }

  LoadedShop read_yaml() {
    std::string text;
    if (!read_file(places_.file, text, loaded_.problems)) return std::move(loaded_);
    const auto tree = parse_yaml(text, places_.file, loaded_.problems);
    if (!loaded_.problems.empty()) return std::move(loaded_);
    if (tree.kind == YamlNode::Kind::kNull) {
      problem("", "the file is empty",
              "write at least id, plugin and settings, or remove the file");
      return std::move(loaded_);
    }
    const auto folder = fs::path(places_.file).parent_path().string();
    value raw = untyped(tree, places_, loaded_.problems);
    find_plugin(raw);
    add_defaults(raw);
    const value settings = settings_of(raw);
    document_ = typed(tree, [&](std::string_view at) -> const value* {
      if (at.size() <= kSettings.size() || !at.starts_with("/settings/")) {
        return shop_schema().at(raw, at);
      }
      return plugin_ == nullptr ? nullptr
                                : plugin_->schema().at(settings, at.substr(kSettings.size()));
    });
    place_references(document_, folder, may_refer(), places_, loaded_.problems);
    return finish(true);
  }

  LoadedShop read_document(const boost::json::object& document) {
    document_ = document;
    find_plugin(document_);
    place_references(document_, "", may_refer(), places_, loaded_.problems);
    return finish(false);
  }

 private:
  void problem(std::string_view pointer, std::string message, std::string remedy) {
    loaded_.problems.push_back(places_.problem(pointer, std::move(message), std::move(remedy)));
  }

  void find_plugin(const value& document) {
    const auto id = text_of(document, "/plugin");
    if (id.empty()) return;
    const auto& entry = schemas_.find(id);
    plugin_ = entry.settings.get();
    if (plugin_ == nullptr) problem("/plugin", entry.why, entry.remedy);
  }

  /// Those of the plugin's settings are resolved when its connector is made, no others. What nobody
  /// knows is refused as such, whatever its value.
  MayRefer may_refer() const {
    return [this](std::string_view at) {
      return at.starts_with("/settings/") || shop_schema().at(document_, at) == nullptr;
    };
  }

  static value settings_of(const value& document) {
    const auto* settings = json::find_value(document, kSettings);
    return settings != nullptr ? *settings : value(boost::json::object());
  }

  void add_defaults(value& document) const {
    shop_schema().apply_defaults(document);
    auto* settings = json::find_value(document, kSettings);
    if (settings != nullptr && plugin_ != nullptr) plugin_->schema().apply_defaults(*settings);
  }

  LoadedShop finish(bool from_file) {
    add_schema_problems(places_, shop_schema(), document_, "", may_refer(), loaded_.problems);
    const value settings = settings_of(document_);
    if (plugin_ != nullptr && settings.is_object()) {
      add_schema_problems(places_, plugin_->schema(), settings, kSettings, may_refer(),
                          loaded_.problems);
      if (from_file) refuse_plain_secrets(settings.get_object());
    }
    check_carrier_mapping();
    check_vat_rates();
    if (document_.is_object()) {
      add_defaults(document_);
      fill();
    }
    sort_problems(loaded_.problems);
    return std::move(loaded_);
  }

  void fill() {
    auto& shop = loaded_.shop;
    shop.id = text_of(document_, "/id");
    shop.plugin = text_of(document_, "/plugin");
    const auto* enabled = json::find_value(document_, "/enabled");
    shop.enabled = enabled != nullptr && enabled->is_bool() && enabled->get_bool();
    shop.lines = std::move(places_.lines);
    shop.document = std::move(document_.get_object());
  }

  void refuse_plain_secrets(const boost::json::object& settings) {
    for (const auto& [pointer, text] : plugin_->secrets(settings)) {
      if (is_reference(text)) continue;
      problem(std::string(kSettings) + pointer, "is a secret in plain text",
              "put it in the environment or a file and write ${env:NAME} or ${file:path} here");
    }
  }

  void check_carrier_mapping() {
    const auto* rules = json::find_value(document_, "/carrier_mapping");
    if (rules == nullptr || !rules->is_array()) return;
    const auto& list = rules->get_array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!list[i].is_object()) continue;
      const auto& rule = list[i].get_object();
      const auto at = json::join_pointer("/carrier_mapping", i);
      const auto* flag = rule.if_contains("default");
      const bool is_default = flag != nullptr && flag->is_bool() && flag->get_bool();
      const bool narrow = rule.contains("service_level") || rule.contains("shipping_category") ||
                          rule.contains("carrier_account");
      if (is_default == narrow) {
        problem(at, is_default ? "is the default and has conditions too" : "has no condition",
                "give service_level, shipping_category or carrier_account, or default: true alone");
      }
      if (is_default && i + 1 < list.size()) {
        problem(at, "is the default, but rules follow that could never fit",
                "make it the last rule");
      }
      if (text_of(list[i], "/carrier") == "Other" && !rule.contains("carrier_name")) {
        problem(at + "/carrier_name", "is required where carrier is Other",
                "add \"carrier_name: …\" with the carrier's name");
      }
    }
  }

  void check_vat_rates() {
    const auto* rates = json::find_value(document_, "/vat_rates");
    if (rates == nullptr || !rates->is_object()) return;
    for (const auto& country : rates->get_object()) {
      const std::string_view code = country.key();
      const bool ok = code.size() == 2 && std::all_of(code.begin(), code.end(),
                                                      [](char c) { return c >= 'A' && c <= 'Z'; });
      if (ok) continue;
      problem(json::join_pointer("/vat_rates", code), "is not a country code",
              "use ISO 3166-1 alpha-2 in capitals, such as NL");
    }
  }

  SchemaCache& schemas_;
  Places places_;
  LoadedShop loaded_;
  value document_;
  const PluginSettings* plugin_ = nullptr;
};

void report_duplicates(std::vector<LoadedShop>& shops) {
  std::map<std::string, std::vector<LoadedShop*>> by_id;
  for (auto& shop : shops) {
    if (!shop.shop.id.empty()) by_id[shop.shop.id].push_back(&shop);
  }
  for (const auto& [id, same] : by_id) {
    if (same.size() < 2) continue;
    for (auto* shop : same) {
      std::string others;
      for (const auto* other : same) {
        if (other != shop) others.append(others.empty() ? "" : ", ").append(other->shop.file);
      }
      const auto line = shop->shop.lines.find("/id");
      shop->problems.push_back({shop->shop.file, line == shop->shop.lines.end() ? 0 : line->second,
                                "/id", fmt::format("the id \"{}\" is also that of {}", id, others),
                                "give each shop its own id"});
      sort_problems(shop->problems);
    }
  }
}

LoadedShop folder_problem(const std::string& folder, std::string message, std::string remedy) {
  LoadedShop shop;
  shop.shop.file = folder;
  shop.problems.push_back({folder, 0, "", std::move(message), std::move(remedy)});
  return shop;
}

}  // namespace

LoadedShop load_shop(const std::string& file, const SettingsSchema& schema) {
  SchemaCache schemas(schema);
  return ShopReader(fs::absolute(file).lexically_normal().string(), schemas).read_yaml();
}

std::vector<LoadedShop> load_shops(const std::string& folder, const SettingsSchema& schema) {
  std::vector<LoadedShop> shops;
  if (folder.empty()) return shops;
  std::error_code error;
  std::vector<fs::path> files;
  for (auto entry = fs::directory_iterator(fs::absolute(folder).lexically_normal(), error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (error) {
    shops.push_back(folder_problem(folder, "the folder cannot be read: " + error.message(),
                                   "create it, or correct shops.folder in the host's file"));
    return shops;
  }
  std::sort(files.begin(), files.end());
  SchemaCache schemas(schema);
  for (const auto& file : files) {
    const auto name = file.filename().string();
    if (name.starts_with('.')) continue;
    if (file.extension() == ".yaml") {
      shops.push_back(ShopReader(file.string(), schemas).read_yaml());
    } else if (file.extension() == ".yml") {
      shops.push_back(folder_problem(file.string(),
                                     "the file would be overlooked: its name ends in .yml",
                                     "rename it to .yaml, or move it elsewhere"));
    }
  }
  report_duplicates(shops);
  return shops;
}

std::vector<std::string> without_effect(const boost::json::object& shop) {
  value usual = boost::json::object();
  shop_schema().apply_defaults(usual);
  value given(shop);
  shop_schema().apply_defaults(given);
  std::vector<std::string> found;
  for (const char* pointer :
       {"/exports", "/stock", "/prices", "/audit/products_hours", "/audit/drift_alert_hours"}) {
    if (*json::find_value(given, pointer) != *json::find_value(usual, pointer)) {
      found.emplace_back(pointer);
    }
  }
  return found;
}

LoadedShop check_shop(const boost::json::object& document, const SettingsSchema& schema) {
  SchemaCache schemas(schema);
  return ShopReader("", schemas).read_document(document);
}

}  // namespace marketplug::config
