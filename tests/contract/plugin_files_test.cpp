// What marketplug_add_plugin() promises of the plugins that this project ships.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "host/loading/elf_file.hpp"
#include "host/loading/plugin.hpp"

namespace marketplug::loading {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

TEST(ShippedPlugins, AreReadyWithoutWarnings) {
  const std::vector<PluginFile> files = scan({PLUGINS_DIR, {}});
  std::vector<std::string> ids;
  for (const PluginFile& file : files) {
    ids.push_back(file.id());
    EXPECT_EQ(file.state, PluginState::kReady) << file.path;
    for (const PluginReason& reason : file.reasons) ADD_FAILURE() << reason.message;
    for (const PluginReason& warning : file.warnings) ADD_FAILURE() << warning.message;
    EXPECT_THAT(file.capabilities(), Not(IsEmpty())) << file.path;
  }
  EXPECT_THAT(ids, UnorderedElementsAre(SHIPPED_PLUGINS));
}

TEST(ShippedPlugins, ExportExactlyTwoSymbols) {
  for (const PluginFile& file : scan({PLUGINS_DIR, {}})) {
    std::ifstream stream(file.path, std::ios::binary);
    const std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(stream),
                                           std::istreambuf_iterator<char>()};
    const auto elf = read_elf(bytes);
    ASSERT_TRUE(elf) << file.path;
    EXPECT_THAT(elf.value().exported, UnorderedElementsAre("marketplug_abi", "marketplug_entry_v1"))
        << file.path;
    EXPECT_THAT(elf.value().run_paths, IsEmpty()) << file.path;
    EXPECT_THAT(elf.value().needed, Each(Not(StartsWith("libboost")))) << file.path;
  }
}

TEST(ShippedPlugins, Load) {
  for (const PluginFile& file : scan({PLUGINS_DIR, {}})) {
    const auto plugin = load(file);
    ASSERT_TRUE(plugin) << plugin.failure().message;
    EXPECT_THAT(plugin.value()->settings_schema(), Not(IsEmpty())) << file.path;
  }
}

}  // namespace
}  // namespace marketplug::loading
