#include "host/app/plugin_catalogue.hpp"

#include <gtest/gtest.h>

#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

TEST(PluginCatalogue, AnUnknownPluginNamesTheFolder) {
  testing::Bench bench;
  PluginCatalogue catalogue({bench.folder, {}});
  const auto got = catalogue.get("amazon");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(got.failure().code, "no_such_plugin");
  EXPECT_NE(got.failure().message.find(bench.folder), std::string::npos);
  EXPECT_TRUE(catalogue.list().empty());
}

TEST(PluginCatalogue, AFileThatIsNoPluginIsListedAsRefused) {
  testing::Bench bench;
  std::ofstream(bench.folder + "/odd.so") << "not a library";
  PluginCatalogue catalogue({bench.folder, {}});
  const auto files = catalogue.list();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].state, loading::PluginState::kRefused);
  EXPECT_FALSE(files[0].reasons.empty());
}

TEST(PluginCatalogue, TheUsualFolderIsBesideTheProgram) {
  const auto folder = default_plugins_folder();
  EXPECT_TRUE(folder.starts_with('/'));
  EXPECT_TRUE(folder.ends_with("/lib/marketplug/plugins"));
  EXPECT_EQ(folder.find(".."), std::string::npos);
}

TEST(SettingsSchema, IsThatOfTheLoadedPlugin) {
  testing::Bench bench;
  EXPECT_TRUE(settings_schema(bench.lookup(), "fake"));
  EXPECT_FALSE(settings_schema(bench.lookup(), "gone"));
}

}  // namespace
}  // namespace marketplug::app
