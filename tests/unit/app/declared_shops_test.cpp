#include "host/app/declared_shops.hpp"

#include <gtest/gtest.h>

#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

class Declared : public ::testing::Test {
 protected:
  store::ShopRecord shop(const std::string& id) {
    const auto found = bench_.store->shops().find(id);
    if (!found) throw std::runtime_error("no shop " + id);
    return *found;
  }

  testing::Bench bench_;
  DeclaredShops shops_{bench_.config, bench_.lookup(), *bench_.store, bench_.clock};
};

TEST_F(Declared, FilesBecomeShops) {
  bench_.write_shop("a", "name: A\n");
  bench_.write("b.yaml", "id: b\nplugin: fake\nenabled: false\n");
  shops_.load();
  EXPECT_TRUE(shops_.problems().empty());
  EXPECT_EQ(shop("a").source, "file:" + bench_.path("a.yaml"));
  EXPECT_TRUE(shop("a").enabled);
  EXPECT_NE(shop("a").document.find("\"name\":\"A\""), std::string::npos);
  EXPECT_FALSE(shop("b").enabled);
}

TEST_F(Declared, OnlyARealChangeIsARevision) {
  bench_.write_shop("a");
  shops_.load();
  shops_.load();
  EXPECT_EQ(shop("a").revision, 1);
  bench_.write_shop("a", "name: other\n");
  shops_.load();
  EXPECT_EQ(shop("a").revision, 2);
  std::size_t declared = 0;
  for (const auto& entry : bench_.store->audit().list("a", 0, 100)) {
    declared += entry.action == "shop.declared" ? 1 : 0;
  }
  EXPECT_EQ(declared, 2u);
}

TEST_F(Declared, ABadFileKeepsOnlyItsOwnShopFromRunning) {
  bench_.write_shop("a");
  bench_.write_shop("b", "tokken: x\nstatus_mapping: { UNSHIPPED: nowhere }\n");
  shops_.load();
  EXPECT_FALSE(shops_.first_problem("a"));
  const auto problem = shops_.first_problem("b");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->file, bench_.path("b.yaml"));
  EXPECT_EQ(problem->line, 4);
  EXPECT_EQ(shop("b").state, "not_running");
  EXPECT_NE(shop("b").state_reason.find("b.yaml:4"), std::string::npos);
}

TEST_F(Declared, AStatusThatTheHostDoesNotHaveHasFileAndLine) {
  bench_.write_shop("a", "status_mapping:\n  UNSHIPPED: nowhere\n");
  shops_.load();
  const auto problem = shops_.first_problem("a");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->line, 5);
  EXPECT_EQ(problem->pointer, "/status_mapping/UNSHIPPED");
}

TEST_F(Declared, AFileThatGotUnreadableStopsItsShopAndTheMendedOneRunsAnew) {
  bench_.write_shop("a");
  shops_.load();
  bench_.write("a.yaml", "id: a\nplugin: [\n");
  shops_.load();
  ASSERT_TRUE(shops_.first_problem("a")) << "the shop is known by its file";
  EXPECT_EQ(shop("a").state, "not_running");
  const auto broken = shop("a").revision;
  EXPECT_GT(broken, 1) << "the engine only looks at a shop again when its revision changes";
  bench_.write_shop("a");
  shops_.load();
  EXPECT_FALSE(shops_.first_problem("a"));
  EXPECT_GT(shop("a").revision, broken);
  EXPECT_TRUE(shop("a").enabled);
}

TEST_F(Declared, AVanishedFileDisablesItsShop) {
  bench_.write_shop("a");
  shops_.load();
  std::filesystem::remove(bench_.path("a.yaml"));
  shops_.load();
  EXPECT_FALSE(shop("a").enabled);
  EXPECT_EQ(shop("a").state, "disabled");
  EXPECT_NE(shop("a").state_reason.find("a.yaml is gone"), std::string::npos);
  bench_.write_shop("a");
  shops_.load();
  EXPECT_TRUE(shop("a").enabled);
}

TEST_F(Declared, AFolderThatCannotBeReadStopsNobody) {
  bench_.write_shop("a");
  shops_.load();
  std::filesystem::rename(bench_.config.shops_folder, bench_.folder + "/elsewhere");
  shops_.load();
  EXPECT_TRUE(shop("a").enabled);
  ASSERT_EQ(shops_.problems().size(), 1u);
  EXPECT_EQ(shops_.problems().front().shop, "");
}

TEST_F(Declared, AMissingDefaultFolderIsNoProblem) {
  std::filesystem::remove(bench_.config.shops_folder);
  bench_.config.shops_folder_named = false;
  shops_.load();
  EXPECT_TRUE(shops_.problems().empty());
}

TEST_F(Declared, AShopThatWasMadeHereIsNotTakenOver) {
  store::ShopRecord made;
  made.id = "a";
  made.source = "store";
  made.document = R"({"id":"a","plugin":"fake"})";
  made.enabled = true;
  bench_.store->shops().put(made);
  bench_.write_shop("a", "name: intruder\n");
  shops_.load();
  EXPECT_EQ(shop("a").source, "store");
  EXPECT_EQ(shop("a").document, made.document);
  ASSERT_FALSE(shops_.problems().empty());
  EXPECT_FALSE(shops_.first_problem("a")) << "the shop itself is well";
}

TEST_F(Declared, TwoFilesOfOneIdDoNotTakeTurns) {
  bench_.write("1.yaml", "id: a\nplugin: fake\nenabled: true\nname: first\n");
  bench_.write("2.yaml", "id: a\nplugin: fake\nenabled: true\nname: second\n");
  shops_.load();
  shops_.load();
  EXPECT_EQ(shop("a").revision, 1);
  EXPECT_EQ(shop("a").source, "file:" + bench_.path("1.yaml"));
  EXPECT_TRUE(shops_.first_problem("a"));
}

TEST_F(Declared, ARefusedPluginSaysWhy) {
  bench_.write("a.yaml", "id: a\nplugin: broken\nenabled: true\n");
  shops_.load();
  const auto problem = shops_.first_problem("a");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "plugin broken cannot be used");
  EXPECT_EQ(problem->remedy, "rebuild it");
}

TEST_F(Declared, AChangeCountsOnceItRests) {
  bench_.write_shop("a");
  shops_.load();
  EXPECT_FALSE(shops_.changed());
  bench_.write_shop("b");
  EXPECT_FALSE(shops_.changed()) << "it may still be written";
  EXPECT_TRUE(shops_.changed());
  shops_.load();
  EXPECT_FALSE(shops_.changed());
}

}  // namespace
}  // namespace marketplug::app
