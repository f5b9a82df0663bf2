#include "host/app/host_references.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "host/services/services.hpp"

namespace marketplug::app {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

class HostReferences {
 public:
  explicit HostReferences(config::LoadedHost& loaded) : loaded_(loaded), config_(loaded.config) {}

  void resolve_all() {
    resolve(config_.store.encryption_key, "/store/encryption_key");
    resolve(config_.http.proxy, "/http/proxy");
    resolve_url();
    resolve_path(config_.state_folder, "/state/folder");
    resolve_path(config_.plugins.folder, "/plugins/folder");
    resolve_path(config_.shops_folder, "/shops/folder");
    resolve_path(config_.http.ca_file, "/http/ca_file");
  }

 private:
  void problem(const std::string& pointer, std::string message, std::string remedy) {
    const auto line = config_.lines.find(pointer);
    loaded_.problems.push_back({config_.file, line == config_.lines.end() ? 0 : line->second,
                                pointer, std::move(message), std::move(remedy)});
  }

  /// Whether the setting was a reference and has its value now.
  bool resolve(std::string& setting, const std::string& pointer) {
    if (!services::is_reference(setting)) return false;
    auto value = services::resolve_reference(setting);
    if (value) {
      setting = std::move(value).value();
      return true;
    }
    problem(pointer, value.failure().message, value.failure().remedy);
    return false;
  }

  void resolve_path(std::string& setting, const std::string& pointer) {
    if (resolve(setting, pointer)) setting = absolute(setting);
  }

  void resolve_url() {
    const auto reference = config_.store.url;
    auto& url = config_.store.url;
    if (!resolve(url, "/store/url")) return;
    if (url.size() > kSqlite.size() && url.starts_with(kSqlite)) {
      url = std::string(kSqlite) + absolute(url.substr(kSqlite.size()));
    } else if (url.starts_with("postgresql://")) {
      problem(
          "/store/url",
          fmt::format("the value of {} names PostgreSQL, which is not in this version", reference),
          "use sqlite: and a file");
    } else {
      problem("/store/url", fmt::format("the value of {} is no database", reference),
              "it must be sqlite: and a file, for example sqlite:marketplug.db");
    }
  }

  std::string absolute(const std::string& path) const {
    return (std::filesystem::path(config_.folder) / path).lexically_normal().string();
  }

  config::LoadedHost& loaded_;
  config::HostConfig& config_;
};

}  // namespace

void resolve_references(config::LoadedHost& loaded) { HostReferences(loaded).resolve_all(); }

}  // namespace marketplug::app
