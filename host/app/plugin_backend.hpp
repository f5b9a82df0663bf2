#pragma once
// plugins.list, plugins.show and plugins.verify without a store: looking at the folder must not
// make one. One thread.

#include <utility>
#include <vector>

#include "host/api/backend.hpp"
#include "host/config/config.hpp"
#include "host/store/store.hpp"

namespace marketplug::app {

class PluginBackend : public api::Backend {
 public:
  /// `config` has no references any more and outlives it.
  PluginBackend(const config::HostConfig& config, std::vector<store::PluginQuarantine> quarantined)
      : config_(config), quarantined_(std::move(quarantined)) {}
  boost::json::value call(std::string_view operation, const boost::json::object& parameters,
                          const std::function<void(const boost::json::value&)>& emit) override;

 private:
  const config::HostConfig& config_;
  const std::vector<store::PluginQuarantine> quarantined_;
};

}  // namespace marketplug::app
