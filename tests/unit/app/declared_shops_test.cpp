#include "host/app/declared_shops.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

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

// Guards: what a refused file holds lay in the shop's table as it was, secrets under misspelt keys
// and secrets in plain text among it.
TEST_F(Declared, NothingOfARefusedFileThatCouldBeASecretIsStored) {
  bench_.write_shop("a", "name: A\nsettings:\n  tokken: sesame-misspelt\n");
  bench_.write_shop("b", "settings:\n  token: sesame-plain\n");
  bench_.write_shop("c", "setings:\n  token: sesame-elsewhere\n");
  shops_.load();
  for (const char* id : {"a", "b", "c"}) {
    EXPECT_TRUE(shops_.first_problem(id)) << id;
    EXPECT_EQ(shop(id).document.find("sesame"), std::string::npos) << shop(id).document;
  }
  EXPECT_NE(shop("a").document.find("\"name\":\"A\""), std::string::npos);
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(bench_.folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_NE(bytes.find("fake"), std::string::npos) << "the files of the store were read";
  EXPECT_EQ(bytes.find("sesame"), std::string::npos);
}

TEST_F(Declared, AMendedFileTakesItsReasonAlong) {
  bench_.write_shop("a", "nmae: A\n");
  shops_.load();
  EXPECT_NE(shop("a").state_reason, "");
  bench_.write_shop("a", "name: A\n");
  shops_.load();
  EXPECT_EQ(shop("a").state_reason, "");
}

TEST_F(Declared, ReferencesThatDoNotResolveAreToldAtOnceWithTheirLines) {
  ::unsetenv("DECLARED_TEST_A");
  const std::string settings = "settings:\n  token: ${env:DECLARED_TEST_A}\n  api: ${file:gone}\n";
  bench_.write_shop("a", settings);
  bench_.write("b.yaml", "id: b\nplugin: fake\nenabled: false\n" + settings);
  shops_.load();
  const auto problems = shops_.problems();
  ASSERT_EQ(problems.size(), 2u) << "a disabled shop may wait for its secrets";
  EXPECT_EQ(problems[0].shop, "a");
  EXPECT_TRUE(config::to_text(problems[0].problem)
                  .starts_with(bench_.path("a.yaml") + ":5: /settings/token: environment variable "
                                                       "DECLARED_TEST_A is not set"));
  EXPECT_EQ(problems[1].problem.line, 6);
  EXPECT_EQ(problems[1].problem.pointer, "/settings/api");
  EXPECT_NE(problems[1].problem.remedy, "");
  EXPECT_FALSE(shops_.first_problem("a")) << "the connector says so itself, when it needs them";
  EXPECT_NE(shop("a").document.find("DECLARED_TEST_A"), std::string::npos);
  config::Problem problem;
  problem.pointer = "/settings/api";
  shops_.place("a", problem);
  EXPECT_EQ(problem.file, bench_.path("a.yaml"));
  EXPECT_EQ(problem.line, 6);
}

// Guards: a secret's file that was put into place after the start was only found by a restart.
TEST_F(Declared, ASecretsFileThatComesLaterIsNoticed) {
  const auto secret = bench_.folder + "/token";
  bench_.write_shop("a", "settings:\n  token: ${file:" + secret + "}\n");
  shops_.load();
  ASSERT_EQ(shops_.problems().size(), 1u);
  EXPECT_FALSE(shops_.changed());
  EXPECT_FALSE(shops_.changed());
  std::ofstream(secret) << "sesame";
  std::filesystem::permissions(secret, std::filesystem::perms::all);
  EXPECT_FALSE(shops_.changed()) << "it may still be written";
  EXPECT_TRUE(shops_.changed());
  shops_.load();
  ASSERT_EQ(shops_.problems().size(), 1u) << "others can read it";
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  EXPECT_FALSE(shops_.changed());
  EXPECT_TRUE(shops_.changed());
  shops_.load();
  EXPECT_TRUE(shops_.problems().empty());
  std::filesystem::remove(secret);
  EXPECT_FALSE(shops_.changed());
  EXPECT_FALSE(shops_.changed()) << "nobody waits for it any more";
}

TEST_F(Declared, EachPluginIsLookedUpOnce) {
  for (const char* id : {"a", "b", "c"}) bench_.write_shop(id);
  bench_.write("d.yaml", "id: d\nplugin: broken\n");
  bench_.write("e.yaml", "id: e\nplugin: broken\n");
  shops_.load();
  EXPECT_EQ(bench_.lookups, 2);
}

// Guards: a plugin that was put into place after the start was not noticed by a running service.
TEST_F(Declared, APluginThatComesLaterIsNoticed) {
  bench_.config.plugins.folder = bench_.folder + "/plugins";
  std::filesystem::create_directory(bench_.config.plugins.folder);
  const auto install = [&](const std::string& name) {
    std::ofstream(bench_.folder + "/new") << name;
    std::filesystem::rename(bench_.folder + "/new", bench_.config.plugins.folder + "/" + name);
  };
  bench_.write("a.yaml", "id: a\nplugin: broken\nenabled: true\n");
  shops_.load();
  EXPECT_FALSE(shops_.changed());
  EXPECT_FALSE(shops_.changed());
  install("broken.so");
  EXPECT_FALSE(shops_.changed()) << "it may still be copied";
  EXPECT_TRUE(shops_.changed());
  bench_.write_shop("a");
  shops_.load();
  install("other.so");
  EXPECT_FALSE(shops_.changed());
  EXPECT_FALSE(shops_.changed()) << "nobody waits for a plugin";
}

// Guards: the remedy "run chmod go-w on it" was followed, and nothing happened until a restart.
TEST_F(Declared, ThePermissionsOfThePluginsFolderAreNoticed) {
  bench_.config.plugins.folder = bench_.folder + "/plugins";
  std::filesystem::create_directory(bench_.config.plugins.folder);
  bench_.write("a.yaml", "id: a\nplugin: broken\nenabled: true\n");
  shops_.load();
  EXPECT_FALSE(shops_.changed());
  std::filesystem::permissions(bench_.config.plugins.folder, std::filesystem::perms{0700});
  EXPECT_FALSE(shops_.changed()) << "it may go on";
  EXPECT_TRUE(shops_.changed());
}

// A plugin's trial is repeated by those who look at it; nobody would look otherwise.
TEST_F(Declared, APluginThatIsToBeTriedAgainIsAChange) {
  bool due = false;
  DeclaredShops shops(bench_.config, bench_.lookup(), *bench_.store, bench_.clock,
                      [&due] { return std::exchange(due, false); });
  shops.load();
  EXPECT_FALSE(shops.changed());
  due = true;
  EXPECT_TRUE(shops.changed());
  EXPECT_FALSE(shops.changed());
}

// Guards: a stop while a plugin was tried made its shop a refused one, with a revision of its own.
TEST_F(Declared, AStopSaysNothingAgainstAShop) {
  bench_.write_shop("a");
  shops_.load();
  const PluginLookup stopping = [](std::string_view) -> Result<const loading::LoadedPlugin*> {
    Failure failure;
    failure.kind = Failure::Kind::kCancelled;
    failure.code = "probe_stopped";
    return failure;
  };
  DeclaredShops shops(bench_.config, stopping, *bench_.store, bench_.clock);
  shops.load();
  EXPECT_EQ(shop("a").revision, 1);
  EXPECT_TRUE(shop("a").enabled);
  EXPECT_EQ(shop("a").state_reason, "");
  EXPECT_TRUE(shops.problems().empty());
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

TEST_F(Declared, AMissingPluginNamesWhereItWasLookedFor) {
  bench_.write("a.yaml", "id: a\nplugin: gone\n");
  shops_.load();
  const auto problem = shops_.first_problem("a");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "plugin gone cannot be used");
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
