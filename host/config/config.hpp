#pragma once
// Configuration from YAML, typed by JSON Schema. Every problem at once, each with file, line, JSON
// pointer, cause and remedy. Values, any thread.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::config {

struct Problem {
  std::string file;
  int line = 0;         ///< 1-based; 0: unknown
  std::string pointer;  ///< JSON pointer; empty: the whole file
  std::string message;
  std::string remedy;
};
/// "marketplug.yaml:12: /store/url: … (remedy)".
std::string to_text(const Problem& problem);

struct HostConfig {
  std::string file;    ///< absolute path of the file it came from
  std::string folder;  ///< its folder: relative paths are relative to it
  struct {
    std::string folder;  ///< empty: lib/marketplug/plugins beside the installed program
    std::map<std::string, std::string> pins, isolation;
  } plugins;
  struct {
    std::string url;             ///< path made absolute
    std::string encryption_key;  ///< a reference; empty: none was given
    std::string keep_raw;
  } store;
  std::string state_folder;
  std::string shops_folder;
  bool shops_folder_named = false;  ///< given in the file; otherwise it is the default and may lack
  struct {
    std::string ca_file, proxy;
    int timeout_seconds = 30;
    std::vector<std::string> allow_private;
  } http;
  struct {
    std::string listen;
    bool allow_plain = false;
    std::string tls_certificate, tls_key;
  } api;
  struct {
    std::string level, format;
  } log;
  std::vector<std::string> order_statuses;
  std::vector<std::string> carrier_accounts;
  std::map<std::string, int> lines;  ///< JSON pointer -> line, for problems found later
};

/// A shop's document: YAML typed by schemas/shop.schema.json and the plugin's settings schema,
/// defaults applied, secrets still references, relative ${file:…} made absolute.
struct ShopConfig {
  std::string file;
  std::string id, plugin;
  bool enabled = false;
  boost::json::object document;
  std::map<std::string, int> lines;  ///< JSON pointer -> line, for problems found later
};

struct LoadedHost {
  HostConfig config;
  std::vector<Problem> problems;  ///< not empty: the config must not be used
};
struct LoadedShop {
  ShopConfig shop;
  std::vector<Problem> problems;
};

/// `--config FILE`, else ./marketplug.yaml, else /etc/marketplug/marketplug.yaml; empty where there
/// is none.
std::string find_host_config(std::string_view given);
LoadedHost load_host(const std::string& file);
/// The settings schema of a plugin, by its id; nullopt where no such plugin is loaded.
using SettingsSchema = std::function<std::optional<std::string>(std::string_view plugin)>;
/// One file, or every *.yaml of a folder in order of name; duplicate ids are problems of each of
/// them. A folder that cannot be read is one LoadedShop with that problem; an empty name: no shops.
LoadedShop load_shop(const std::string& file, const SettingsSchema& schema);
std::vector<LoadedShop> load_shops(const std::string& folder, const SettingsSchema& schema);
/// A shop document that is JSON already (from the store).
LoadedShop check_shop(const boost::json::object& document, const SettingsSchema& schema);
/// Pointers of groups and settings (exports, stock, prices, audits of products) that differ from
/// their defaults, although nothing in this version reads them.
std::vector<std::string> without_effect(const boost::json::object& shop);

// For one call each; PluginSettings (plugin_settings.hpp) compiles the schema once for many. All
// throw std::invalid_argument where the schema is not one of the settings vocabulary.

/// JSON pointers of the settings marked `writeOnly`, with their values where they are not empty.
std::map<std::string, std::string, std::less<>> secrets_of(const boost::json::object& settings,
                                                           std::string_view settings_schema);
/// JSON pointers of the other settings whose value is a reference: the host puts their values in
/// before it hands the settings to the plugin.
std::map<std::string, std::string, std::less<>> references_of(const boost::json::object& settings,
                                                              std::string_view settings_schema);
/// The settings as a plugin gets them: each secret replaced by its handle "secret:<pointer>", and
/// without the switches (`x-capability`, `enabled` beside them), which the host reads.
boost::json::object settings_for_plugin(const boost::json::object& settings,
                                        std::string_view settings_schema);
/// Whether the switches allow a capability ("order-source", without the "/1"). A switch that the
/// settings lack, and that has no default, is off.
bool capability_enabled(const boost::json::object& settings, std::string_view settings_schema,
                        std::string_view capability);

}  // namespace marketplug::config
