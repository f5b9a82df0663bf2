// Doors with a fault each; ODD_ENTRY is the expression that gives the table.
#include "test_connector.hpp"

namespace {

class OddEntry final : public test_plugins::EmptyConnector {
 public:
  static constexpr marketplug::PluginInfo kInfo{"odd-entry", "Plugin with an odd door", "0.1.0"};
  OddEntry(marketplug::Host&, std::string_view) {}
};

[[maybe_unused]] const marketplug::EntryPoints* small() {
  static auto entry = marketplug::entry_points<OddEntry>();
  entry.size = 16;
  return &entry;
}
[[maybe_unused]] const marketplug::EntryPoints* with_gap() {
  static auto entry = marketplug::entry_points<OddEntry>();
  entry.destroy = nullptr;
  return &entry;
}
[[maybe_unused]] const marketplug::EntryPoints* without_schema() {
  static auto entry = marketplug::entry_points<OddEntry>();
  entry.settings_schema = []() noexcept -> std::string_view { return {}; };
  return &entry;
}
[[maybe_unused]] const marketplug::EntryPoints* odd_schema() {
  static auto entry = marketplug::entry_points<OddEntry>();
  entry.settings_schema = []() noexcept -> std::string_view { return R"({"allOf": [{}]})"; };
  return &entry;
}
[[maybe_unused]] const marketplug::EntryPoints* without_connector() {
  static auto entry = marketplug::entry_points<OddEntry>();
  entry.create = [](marketplug::Host&, std::string_view) -> marketplug::Connector* {
    return nullptr;
  };
  return &entry;
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) extern const marketplug::AbiInfo marketplug_abi;
__attribute__((section("mplugabi"), used)) constinit const marketplug::AbiInfo marketplug_abi =
    marketplug::abi_info<OddEntry>();
__attribute__((visibility("default"), used)) const marketplug::EntryPoints*
marketplug_entry_v1() noexcept {
  return ODD_ENTRY;
}
}
