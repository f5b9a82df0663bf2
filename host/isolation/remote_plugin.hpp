#pragma once
// A plugin that never enters this process: its connectors live in workers, one each, and look like
// any other connector. Any thread; connectors as the SDK says. Outlives its connectors.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/isolation/worker_process.hpp"
#include "host/loading/plugin.hpp"
#include "marketplug/result.hpp"

namespace marketplug::isolation {

struct IsolationParts {
  Spawner& spawner;
  WorkerOptions options;
  /// Told of each crash and each step that had to be ended; `how` is for a person.
  std::function<void(std::string_view plugin, std::string_view how)> crashed{};
  /// Why no worker of this plugin may be started (quarantine).
  std::function<std::optional<Failure>(std::string_view plugin)> refused{};
};

class RemotePlugin final : public loading::LoadedPlugin {
 public:
  /// `file` was checked, `schema` is what the probe gave.
  RemotePlugin(loading::PluginFile file, std::string schema, const IsolationParts& parts);

  const loading::PluginFile& file() const noexcept override { return file_; }
  std::string_view settings_schema() const noexcept override { return schema_; }
  /// Starts a worker. Failures are those of loading and of the plugin's own create().
  Result<loading::ConnectorPtr> create(Host& host, std::string_view settings_json) const override;

 private:
  loading::PluginFile file_;
  std::string schema_;
  const IsolationParts& parts_;
};

}  // namespace marketplug::isolation
