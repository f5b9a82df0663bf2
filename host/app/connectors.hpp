#pragma once
// Makes the connector of a shop from its document: plugin, rules, secrets, its Host. Any thread, as
// the engine asks.

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/app/plugin_catalogue.hpp"
#include "host/config/config.hpp"
#include "host/services/services.hpp"
#include "host/sync/sync.hpp"

namespace marketplug::app {

struct ConnectorParts {
  const config::HostConfig& host;
  PluginSource plugins;
  /// Why a declared shop must not run.
  std::function<std::optional<config::Problem>(std::string_view shop)> problem;
  /// File and line of a declared shop's problem that only knows its pointer.
  std::function<void(std::string_view shop, config::Problem& problem)> place;
  const Clock& clock;
  Random& random;
  services::HttpTransport& http;
  Log& log;
  Metrics& metrics;
  Quota& quota;
  services::Redactor& redactor;
  store::Store& store;
  /// Shops do not poll more often than that.
  std::chrono::seconds least_poll{0};
  /// Why a plugin must not run at all (quarantine).
  std::function<std::optional<Failure>(std::string_view plugin)> refused{};
};

/// A shop's document, taken apart.
struct ShopDocument {
  boost::json::object whole, settings;
  std::string plugin;
};

class Connectors : public sync::ConnectorSource {
 public:
  explicit Connectors(ConnectorParts parts) : parts_(std::move(parts)) {}
  Result<sync::ShopConnector> connect(const store::ShopRecord& shop) override;

 private:
  std::optional<config::Problem> check_document(const boost::json::object& document,
                                                const loading::LoadedPlugin& plugin) const;
  Result<sync::ShopConnector> make(const store::ShopRecord& shop, ShopDocument& document,
                                   const loading::LoadedPlugin& plugin) const;

  ConnectorParts parts_;
};

/// How a shop's connector runs: in a process of its own where the shop or the host's configuration
/// says so.
Isolation isolation_of(const boost::json::object& document, std::string_view plugin,
                       const config::HostConfig& host);

/// "host:port" of every https URL among the settings: what a person wrote into a shop's file may be
/// reached, even where it is private.
std::vector<std::string> endpoints_of(const boost::json::value& settings);

}  // namespace marketplug::app
