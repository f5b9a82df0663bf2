#pragma once
// The C door of a plugin: two exported symbols, written by MARKETPLUG_PLUGIN(Type) in one source
// file. Type derives from ConnectorWith<...>, has `static constexpr PluginInfo kInfo`, `static
// std::string_view settings_schema() noexcept`, and a constructor (Host&, std::string_view
// settings_json).

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "marketplug/abi.hpp"
#include "marketplug/connector.hpp"

namespace marketplug {

/// Only ever grows at the end; `size` tells. Whoever created an object destroys it.
struct EntryPoints {
  std::uint32_t size = sizeof(EntryPoints);
  /// Throws std::invalid_argument, saying why, where the settings make no sense: the shop then
  /// waits for a person. Secrets are handles, see services/secrets.hpp.
  Connector* (*create)(Host& host, std::string_view settings_json) = nullptr;
  void (*destroy)(Connector* connector) noexcept = nullptr;
  /// JSON Schema of the settings; lives as long as the library.
  std::string_view (*settings_schema)() noexcept = nullptr;
};

inline constexpr char kAbiSymbol[] = "marketplug_abi";
inline constexpr char kEntrySymbol[] = "marketplug_entry_v1";
using EntryFunction = const EntryPoints* (*)() noexcept;

template <class Plugin>
constexpr EntryPoints entry_points() {
  static_assert(std::is_base_of_v<Connector, Plugin>,
                "the plugin's class does not derive from ConnectorWith<...>");
  static_assert(!std::is_abstract_v<Plugin>,
                "the plugin's class lacks a method of a capability that it names, or check(): the "
                "compiler's next message lists them");
  static_assert(
      requires { std::string_view(Plugin::settings_schema()); },
      "the plugin's class has no `static std::string_view settings_schema() noexcept`");
  static_assert(std::is_constructible_v<Plugin, Host&, std::string_view>,
                "the plugin's class has no constructor (Host&, std::string_view settings_json)");
  return {sizeof(EntryPoints),
          [](Host& host, std::string_view settings) -> Connector* {
            return new Plugin(host, settings);
          },
          [](Connector* connector) noexcept { delete connector; },
          []() noexcept -> std::string_view { return Plugin::settings_schema(); }};
}

}  // namespace marketplug

// GCC ignores a visibility that is not on the first declaration.
#define MARKETPLUG_PLUGIN(Type)                                                             \
  extern "C" {                                                                              \
  __attribute__((visibility("default"))) extern const ::marketplug::AbiInfo marketplug_abi; \
  __attribute__((section("mplugabi"),                                                       \
                 used)) constinit const ::marketplug::AbiInfo marketplug_abi =              \
      ::marketplug::abi_info<Type>();                                                       \
  __attribute__((visibility("default"))) const ::marketplug::EntryPoints*                   \
  marketplug_entry_v1() noexcept;                                                           \
  __attribute__((used)) const ::marketplug::EntryPoints* marketplug_entry_v1() noexcept {   \
    static constexpr auto entry = ::marketplug::entry_points<Type>();                       \
    return &entry;                                                                          \
  }                                                                                         \
  }
