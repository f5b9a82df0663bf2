#pragma once
// Shops declared in files: read at start and when files change, written into the store, disabled
// when their file is gone. A file with problems keeps its own shop from running and no other; its
// settings are not stored, because nobody knows which of them are secrets.
// load() and changed() belong to one thread; problems may be asked for by any.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
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
                const Clock& clock, std::function<bool()> plugins_due = {})
      : host_(host),
        plugins_(std::move(plugins)),
        store_(store),
        clock_(clock),
        plugins_due_(std::move(plugins_due)) {}

  /// Reads every file and brings the store in line. Problems replace those of the last time. Throws
  /// StoreError.
  void load();
  /// Whether the folder differs from what load() read and stayed so since the last call: a file
  /// that is being written is left to rest first. Or whether a plugin is to be tried again.
  bool changed();

  /// With the references of enabled shops that do not resolve: their connectors find out by
  /// themselves, a person should hear of all of them at once.
  std::vector<api::ShopProblem> problems() const;
  /// Why the shop must not run; nullopt: its file is well.
  std::optional<config::Problem> first_problem(std::string_view shop) const;
  /// File and line of a problem that only knows its pointer.
  void place(std::string_view shop, config::Problem& problem) const;

 private:
  using Signature = std::map<std::string, std::string>;  ///< path -> size, times, inode
  struct Reading;

  Signature signature() const;
  void take(config::LoadedShop& loaded, Reading& reading);
  static bool stops(const config::ShopConfig& shop, Reading& reading);
  static std::vector<config::Problem> unresolved_of(const config::ShopConfig& shop,
                                                    Reading& reading);
  void write(const config::ShopConfig& shop, const std::vector<config::Problem>& problems,
             bool resolves);
  bool has_declared_shops();
  void disable_vanished(const std::map<std::string, std::string>& files);
  void audit(std::string_view action, std::string_view shop, std::string_view file);
  std::optional<store::ShopRecord> shop_of_file(const std::string& file);

  const config::HostConfig& host_;
  const PluginLookup plugins_;
  store::Store& store_;
  const Clock& clock_;
  const std::function<bool()> plugins_due_;  ///< PluginCatalogue::trial_due
  Signature loaded_, seen_;
  bool watch_plugins_ = false;     ///< a plugin that lacks or is refused may come, or come mended
  std::set<std::string> awaited_;  ///< files of secrets that could not be read: they may come
  mutable std::mutex mutex_;
  // Under `mutex_`:
  std::vector<api::ShopProblem> problems_;
  std::vector<api::ShopProblem> unresolved_;
  std::map<std::string, config::ShopConfig, std::less<>> places_;  ///< file and lines alone
};

}  // namespace marketplug::app
