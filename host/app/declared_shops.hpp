#pragma once
// Shops declared in files: read at start and when files change, written into the store, disabled
// when their file is gone. A file with problems keeps its own shop from running and no other.
// load() and changed() belong to one thread; problems may be asked for by any.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/api/local_backend.hpp"
#include "host/app/plugin_catalogue.hpp"
#include "host/config/config.hpp"
#include "host/store/store.hpp"
#include "marketplug/services/clock.hpp"

namespace marketplug::app {

/// How the source of a shop's record begins when a file declares it.
inline constexpr std::string_view kFileSource = "file:";

class DeclaredShops {
 public:
  /// All parts outlive it.
  DeclaredShops(const config::HostConfig& host, PluginLookup plugins, store::Store& store,
                const Clock& clock)
      : host_(host), plugins_(std::move(plugins)), store_(store), clock_(clock) {}

  /// Reads every file and brings the store in line. Problems replace those of the last time. Throws
  /// StoreError.
  void load();
  /// Whether the folder differs from what load() read and stayed so since the last call: a file
  /// that is being written is left to rest first.
  bool changed();

  std::vector<api::ShopProblem> problems() const;
  /// Why the shop must not run; nullopt: its file is well.
  std::optional<config::Problem> first_problem(std::string_view shop) const;

 private:
  using Signature = std::map<std::string, std::string>;  ///< path -> size, times, inode

  Signature signature() const;
  void take(const config::LoadedShop& loaded, std::map<std::string, std::string>& files,
            std::vector<api::ShopProblem>& problems);
  void write(const config::ShopConfig& shop, const std::vector<config::Problem>& problems);
  bool has_declared_shops();
  void disable_vanished(const std::map<std::string, std::string>& files);
  void audit(std::string_view action, std::string_view shop, std::string_view file);
  std::optional<store::ShopRecord> shop_of_file(const std::string& file);

  const config::HostConfig& host_;
  const PluginLookup plugins_;
  store::Store& store_;
  const Clock& clock_;
  Signature loaded_, seen_;
  mutable std::mutex mutex_;
  std::vector<api::ShopProblem> problems_;  ///< under `mutex_`
};

}  // namespace marketplug::app
