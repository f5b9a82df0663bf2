#pragma once
// Crashes, quarantine and files of plugins. Any thread; owned by SqlStore.

#include "host/store/sql/context.hpp"
#include "host/store/store.hpp"

namespace marketplug::store::sql {

class PluginRepository final : public PluginHistory {
 public:
  explicit PluginRepository(const Context& context) : context_(context) {}
  void add_crash(const PluginCrash& crash) override;
  std::vector<PluginCrash> crashes(std::string_view plugin, TimePoint since) override;
  void quarantine(const PluginQuarantine& quarantine) override;
  std::vector<PluginQuarantine> quarantined() override;
  bool release(std::string_view plugin) override;
  std::optional<PluginFileRecord> file(std::string_view plugin) override;
  void put_file(const PluginFileRecord& file) override;

 private:
  Context context_;
};

}  // namespace marketplug::store::sql
