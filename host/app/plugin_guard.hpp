#pragma once
// Keeps account of plugins that take processes down: whom a crash is blamed on, when a plugin goes
// into quarantine, when it comes out. Any thread; borrows everything.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/app/crash_note.hpp"
#include "host/loading/plugin.hpp"
#include "host/store/store.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"

namespace marketplug::app {

/// Why the plugin must not run, Failure kConfig, code "quarantined"; nullopt: it is not among them.
std::optional<Failure> quarantine_of(std::string_view plugin,
                                     const std::vector<store::PluginQuarantine>& quarantined);

struct GuardParts {
  store::Store& store;
  const Clock& clock;
  Log& log;
  Metrics& metrics;
  CrashNote::Left left{};  ///< of the process before this one
};

class PluginGuard {
 public:
  /// Tells how the process before this one was ended, whoever is to blame.
  explicit PluginGuard(GuardParts parts);

  /// For a mark that was found: whether the plugin is to blame, which is then counted, once for the
  /// process that ended. Throws StoreError.
  bool blame(const store::InFlightMark& mark);
  /// A worker crashed or had to be ended.
  void crashed(std::string_view plugin, std::string_view how) noexcept;
  /// quarantine_of, by the store.
  std::optional<Failure> refused(std::string_view plugin);
  bool release(std::string_view plugin);
  /// Notes the file that is used now, and tells where it was written over since the last time.
  void used(const loading::PluginFile& file) noexcept;

 private:
  void count(const store::PluginCrash& crash);
  /// What the process before this one left.
  store::PluginCrash crash_of(const std::string& plugin, const std::string& shop) const;

  GuardParts parts_;
};

}  // namespace marketplug::app
