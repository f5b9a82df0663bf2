#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "embedded/host_schema_json.hpp"
#include "host/config/config.hpp"
#include "host/config/places.hpp"
#include "host/config/references.hpp"
#include "host/config/typing.hpp"
#include "host/config/yaml_tree.hpp"
#include "host/json/pointer.hpp"
#include "host/json/strict_parse.hpp"

namespace marketplug::config {
namespace {

namespace fs = std::filesystem;
using boost::json::value;

constexpr std::string_view kSqlite = "sqlite:";

const json::Schema& host_schema() {
  static const json::Schema kSchema =
      json::Schema::compile(json::parse_or_throw(embedded::host_schema_json, "host.schema.json"));
  return kSchema;
}

/// Where host/app/host_references.cpp resolves references; those of api.tls with the listener.
bool resolved_at_start(std::string_view pointer) {
  constexpr std::array<std::string_view, 9> kResolved{
      "/plugins/folder", "/store/url",  "/store/encryption_key", "/state/folder", "/shops/folder",
      "/http/ca_file",   "/http/proxy", "/api/tls/certificate",  "/api/tls/key"};
  return std::find(kResolved.begin(), kResolved.end(), pointer) != kResolved.end();
}

/// The host's file with types and defaults, and what its combinations mean.
class HostReader {
 public:
  explicit HostReader(const std::string& file) {
    places_.file = file;
    loaded_.config.file = file;
    loaded_.config.folder = fs::path(file).parent_path().string();
  }

  LoadedHost read() {
    std::string text;
    if (!read_file(places_.file, text, loaded_.problems)) return std::move(loaded_);
    const auto tree = parse_yaml(text, places_.file, loaded_.problems);
    if (!loaded_.problems.empty()) return std::move(loaded_);
    if (tree.kind == YamlNode::Kind::kNull) {
      problem("", "the file is empty", "write at least \"store: { url: 'sqlite:marketplug.db' }\"");
      return std::move(loaded_);
    }
    type(tree);
    if (loaded_.problems.empty()) fill();
    // Combinations are looked at even beside other mistakes, where their values have their types.
    combinations();
    loaded_.config.lines = std::move(places_.lines);
    sort_problems(loaded_.problems);
    return std::move(loaded_);
  }

 private:
  void problem(std::string_view pointer, std::string message, std::string remedy) {
    loaded_.problems.push_back(places_.problem(pointer, std::move(message), std::move(remedy)));
  }

  void type(const YamlNode& tree) {
    auto raw = untyped(tree, places_, loaded_.problems);
    document_ = typed(tree, [&raw](std::string_view at) { return host_schema().at(raw, at); });
    // What nobody knows is refused as such, whatever its value.
    const MayRefer may_refer = [this](std::string_view at) {
      return resolved_at_start(at) || host_schema().at(document_, at) == nullptr;
    };
    place_references(document_, loaded_.config.folder, may_refer, places_, loaded_.problems);
    add_schema_problems(places_, host_schema(), document_, "", may_refer, loaded_.problems);
    shops_named_ = json::find_value(document_, "/shops/folder") != nullptr;
    state_named_ = json::find_value(document_, "/state/folder") != nullptr;
    host_schema().apply_defaults(document_);
  }

  std::string text(std::string_view pointer) const {
    const auto* found = json::find_value(document_, pointer);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
  }
  std::string path(std::string_view pointer) const {
    const auto given = text(pointer);
    return is_reference(given) ? given : absolute_path(loaded_.config.folder, given);
  }
  std::vector<std::string> list(std::string_view pointer) const {
    std::vector<std::string> items;
    for (const auto& item : json::find_value(document_, pointer)->as_array()) {
      items.emplace_back(item.as_string());
    }
    return items;
  }
  std::map<std::string, std::string> map(std::string_view pointer) const {
    std::map<std::string, std::string> items;
    for (const auto& item : json::find_value(document_, pointer)->as_object()) {
      items.emplace(item.key(), std::string(item.value().as_string()));
    }
    return items;
  }

  void fill() {
    auto& config = loaded_.config;
    config.plugins.folder = path("/plugins/folder");
    config.plugins.pins = map("/plugins/pins");
    config.plugins.isolation = map("/plugins/isolation");
    config.store.url = text("/store/url");
    config.store.encryption_key = text("/store/encryption_key");
    config.store.keep_raw = text("/store/keep_raw");
    config.state_folder = path("/state/folder");
    if (config.store.url.starts_with(kSqlite)) {
      const auto file = absolute_path(config.folder, config.store.url.substr(kSqlite.size()));
      config.store.url = std::string(kSqlite) + file;
      config.state_folder = fs::path(file).parent_path().string();
    }
    config.shops_folder = path("/shops/folder");
    config.shops_folder_named = shops_named_;
    config.http.ca_file = path("/http/ca_file");
    config.http.proxy = text("/http/proxy");
    config.http.timeout_seconds = static_cast<int>(
        json::find_value(document_, "/http/timeout_seconds")->to_number<std::int64_t>());
    config.http.allow_private = list("/http/allow_private");
    config.api.listen = text("/api/listen");
    config.api.allow_plain = json::find_value(document_, "/api/allow_plain")->as_bool();
    config.api.tls_certificate = path("/api/tls/certificate");
    config.api.tls_key = path("/api/tls/key");
    config.log.level = text("/log/level");
    config.log.format = text("/log/format");
    config.order_statuses = list("/orders/statuses");
    config.carrier_accounts = list("/carriers/accounts");
  }

  void combinations() {
    check_store();
    check_secrets();
    check_api();
  }

  void check_store() {
    const auto url = text("/store/url");
    if (url.starts_with("postgresql://")) {
      problem("/store/url", "PostgreSQL is not in this version", "use sqlite: and a file");
    } else if (url.starts_with(kSqlite) && state_named_) {
      problem("/state/folder", "has no effect: the state folder is that of the SQLite file",
              "remove it");
    } else if (is_reference(url) && !state_named_) {
      problem("/state/folder", "is required where store.url is a reference",
              "add \"state: { folder: … }\": the file's folder is not known before it is resolved");
    }
  }

  void check_secrets() {
    const auto key = text("/store/encryption_key");
    if (!key.empty() && !is_reference(key)) {
      problem("/store/encryption_key", "is a secret in plain text",
              "put it elsewhere and write ${env:NAME} or ${file:path} here");
    }
    const auto proxy = text("/http/proxy");
    const auto at = proxy.find('@');
    if (!is_reference(proxy) && at != std::string::npos &&
        proxy.find(':', proxy.find("://") + 3) < at) {
      problem("/http/proxy", "has a password in plain text",
              "put the whole URL elsewhere and write ${env:NAME} or ${file:path} here");
    }
  }

  void check_api() {
    const auto listen = text("/api/listen");
    const bool certificate = !text("/api/tls/certificate").empty();
    const bool key = !text("/api/tls/key").empty();
    if (certificate != key) {
      problem(certificate ? "/api/tls/key" : "/api/tls/certificate",
              "is required where the other of certificate and key is given",
              "give both, or neither");
    }
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos || means_reference(listen)) return;
    unsigned port = 0;
    std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
    if (port > 65535) problem("/api/listen", "has a port above 65535", "use 0 to 65535");
    const auto host = listen.substr(0, colon);
    const bool loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    const auto* plain = json::find_value(document_, "/api/allow_plain");
    const bool allowed = plain != nullptr && plain->is_bool() && plain->get_bool();
    if (!loopback && !allowed && !certificate && !key) {
      problem("/api/listen", "would serve plain HTTP on an address that others can reach",
              "give api.tls, or set api.allow_plain where a proxy in front speaks TLS");
    }
  }

  Places places_;
  LoadedHost loaded_;
  value document_;
  bool shops_named_ = false, state_named_ = false;
};

}  // namespace

std::string find_host_config(std::string_view given) {
  if (!given.empty()) return std::string(given);
  std::error_code ignored;
  for (const char* candidate : {"./marketplug.yaml", "/etc/marketplug/marketplug.yaml"}) {
    if (fs::exists(candidate, ignored)) return candidate;
  }
  return "";
}

LoadedHost load_host(const std::string& file) {
  if (file.empty()) {
    LoadedHost none;
    none.problems.push_back({"", 0, "", "no configuration file was found",
                             "give one with --config FILE, or write ./marketplug.yaml or "
                             "/etc/marketplug/marketplug.yaml"});
    return none;
  }
  return HostReader(fs::absolute(file).lexically_normal().string()).read();
}

}  // namespace marketplug::config
