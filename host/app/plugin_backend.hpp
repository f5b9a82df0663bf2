#pragma once
// plugins.list, plugins.show and plugins.verify without a store: looking at the folder must not
// make one. One thread.

#include "host/api/backend.hpp"
#include "host/config/config.hpp"

namespace marketplug::app {

class PluginBackend : public api::Backend {
 public:
  /// `config` has no references any more and outlives it.
  explicit PluginBackend(const config::HostConfig& config) : config_(config) {}
  boost::json::value call(std::string_view operation, const boost::json::object& parameters,
                          const std::function<void(const boost::json::value&)>& emit) override;

 private:
  const config::HostConfig& config_;
};

}  // namespace marketplug::app
