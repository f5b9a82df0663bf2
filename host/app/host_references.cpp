#include "host/app/host_references.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "host/api/backend.hpp"
#include "host/services/services.hpp"

namespace marketplug::app {
namespace {

void resolve(std::string& setting, std::string_view pointer, const std::string& file) {
  if (!services::is_reference(setting)) return;
  auto value = services::resolve_reference(setting);
  if (!value) {
    throw api::OperationError(409, "config",
                              fmt::format("{}: {}: {}", file, pointer, value.failure().message),
                              value.failure().remedy);
  }
  setting = std::move(value).value();
}

void resolve_path(std::string& setting, std::string_view pointer,
                  const config::HostConfig& config) {
  if (!services::is_reference(setting)) return;
  resolve(setting, pointer, config.file);
  setting = (std::filesystem::path(config.folder) / setting).lexically_normal().string();
}

}  // namespace

config::HostConfig resolve_references(config::HostConfig config) {
  constexpr std::string_view kSqlite = "sqlite:";
  resolve(config.store.encryption_key, "/store/encryption_key", config.file);
  resolve(config.http.proxy, "/http/proxy", config.file);
  if (services::is_reference(config.store.url)) {
    resolve(config.store.url, "/store/url", config.file);
    if (config.store.url.starts_with(kSqlite)) {
      const auto path =
          std::filesystem::path(config.folder) / config.store.url.substr(kSqlite.size());
      config.store.url = std::string(kSqlite) + path.lexically_normal().string();
    }
  }
  resolve_path(config.state_folder, "/state/folder", config);
  resolve_path(config.plugins.folder, "/plugins/folder", config);
  resolve_path(config.shops_folder, "/shops/folder", config);
  resolve_path(config.http.ca_file, "/http/ca_file", config);
  return config;
}

}  // namespace marketplug::app
