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

// Guards: where a library was cut short its id cannot be read, and the shop heard of no plugin
// only.
TEST(PluginCatalogue, AFileWhoseIdCannotBeReadMayBeTheOneThatIsMissed) {
  testing::Bench bench;
  std::ofstream(bench.folder + "/amazon.so") << "cut short";
  PluginCatalogue catalogue({bench.folder, {}});
  const auto got = catalogue.get("amazon");
  ASSERT_FALSE(got);
  EXPECT_NE(got.failure().message.find(bench.folder + "/amazon.so: "), std::string::npos)
      << got.failure().message;
  PluginCatalogue open({bench.folder, {}});
  std::filesystem::permissions(bench.folder, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  const auto refused = open.get("amazon");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.failure().message.find("writable by everybody"), std::string::npos)
      << refused.failure().message;
}

class RealPlugins : public ::testing::Test {
 protected:
  void install(const std::string& plugin, const std::string& name) {
    const auto path = bench_.folder + "/" + name;
    std::filesystem::copy_file(std::string(TEST_PLUGINS_DIR) + "/" + plugin + ".so", path + ".new");
    std::filesystem::rename(path + ".new", path);
  }

  testing::Bench bench_;
  PluginCatalogue catalogue_{{bench_.folder, {}}};
};

TEST_F(RealPlugins, ASchemaOutsideTheVocabularyEndsThePlugin) {
  install("odd_schema", "odd.so");
  const auto got = catalogue_.get("odd-entry");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().code, "bad_settings_schema");
  const auto files = catalogue_.list();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].state, loading::PluginState::kFailed);
  ASSERT_EQ(files[0].reasons.size(), 1u);
  EXPECT_NE(files[0].reasons[0].message.find("allOf"), std::string::npos)
      << files[0].reasons[0].message;
}

TEST_F(RealPlugins, AnotherFileIsNotBlamedForWhatTheOldOneDid) {
  install("no_entry", "odd.so");
  EXPECT_FALSE(catalogue_.get("no-entry"));
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kFailed);
  install("good", "odd.so");
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kReady);
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
