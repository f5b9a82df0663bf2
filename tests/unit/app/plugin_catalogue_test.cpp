#include "host/app/plugin_catalogue.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "host/loading/checks.hpp"
#include "unit/app/app_bench.hpp"

namespace marketplug::app {
namespace {

CatalogueParts parts(const testing::Bench& bench) {
  CatalogueParts made;
  made.scan.folder = bench.folder;
  made.worker.program = WORKER_PROGRAM;
  return made;
}

TEST(PluginCatalogue, AnUnknownPluginNamesTheFolder) {
  testing::Bench bench;
  PluginCatalogue catalogue(parts(bench));
  const auto got = catalogue.get("amazon", Isolation::kNone);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().kind, Failure::Kind::kConfig);
  EXPECT_EQ(got.failure().code, "no_such_plugin");
  EXPECT_NE(got.failure().message.find(bench.folder), std::string::npos);
  EXPECT_TRUE(catalogue.list().empty());
}

TEST(PluginCatalogue, AFileThatIsNoPluginIsListedAsRefused) {
  testing::Bench bench;
  std::ofstream(bench.folder + "/odd.so") << "not a library";
  PluginCatalogue catalogue(parts(bench));
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
  PluginCatalogue catalogue(parts(bench));
  const auto got = catalogue.get("amazon", Isolation::kNone);
  ASSERT_FALSE(got);
  EXPECT_NE(got.failure().message.find(bench.folder + "/amazon.so: "), std::string::npos)
      << got.failure().message;
  PluginCatalogue open(parts(bench));
  std::filesystem::permissions(bench.folder, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  const auto refused = open.get("amazon", Isolation::kNone);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.failure().message.find("writable by everybody"), std::string::npos)
      << refused.failure().message;
  EXPECT_EQ(refused.failure().message.find("no plugin"), std::string::npos)
      << "nobody has looked: " << refused.failure().message;
}

bool is_mapped(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.ends_with(path)) return true;
  }
  return false;
}

class RealPlugins : public ::testing::Test {
 protected:
  void install(const std::string& plugin, const std::string& name) {
    const auto path = bench_.folder + "/" + name;
    std::filesystem::copy_file(std::string(TEST_PLUGINS_DIR) + "/" + plugin + ".so", path + ".new");
    std::filesystem::rename(path + ".new", path);
  }

  testing::Bench bench_;
  PluginCatalogue catalogue_{parts(bench_)};
};

TEST_F(RealPlugins, ASchemaOutsideTheVocabularyEndsThePlugin) {
  install("odd_schema", "odd.so");
  const auto got = catalogue_.get("odd-entry", Isolation::kNone);
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
  EXPECT_FALSE(catalogue_.get("no-entry", Isolation::kNone));
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kFailed);
  install("good", "odd.so");
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kReady);
}

TEST_F(RealPlugins, WhatNobodyUsesIsTriedAndNotLoadedHere) {
  install("good", "good.so");
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kReady);
  const auto described = catalogue_.describe("good");
  ASSERT_TRUE(described) << described.failure().message;
  EXPECT_NE(described.value()->settings_schema(), "");
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kReady);
  EXPECT_FALSE(is_mapped(bench_.folder + "/good.so"));
  ASSERT_TRUE(catalogue_.get("good", Isolation::kProcess));
  EXPECT_EQ(catalogue_.list().at(0).state, loading::PluginState::kLoaded);
  EXPECT_FALSE(is_mapped(bench_.folder + "/good.so"));
  ASSERT_TRUE(catalogue_.get("good", Isolation::kNone));
  EXPECT_TRUE(is_mapped(bench_.folder + "/good.so"));
}

// It may be none of ours: not even in a child does its code run.
TEST_F(RealPlugins, ARefusedFileIsNotTried) {
  const auto path = bench_.folder + "/bad.so";
  std::filesystem::copy_file(BAD_PLUGINS_DIR "/init_aborts.so", path);
  EXPECT_EQ(catalogue_.list().at(0).reasons.at(0).code, "probe_crashed") << "what its code does";
  auto pinned = parts(bench_);
  pinned.scan.pins = {{"bad", "sha256:" + std::string(64, '0')}};
  PluginCatalogue catalogue(std::move(pinned));
  const auto file = catalogue.list().at(0);
  EXPECT_EQ(file.state, loading::PluginState::kRefused);
  ASSERT_EQ(file.reasons.size(), 1u);
  EXPECT_EQ(file.reasons[0].code, "pin_mismatch");
  EXPECT_EQ(catalogue.describe("bad").failure().code, "pin_mismatch");
  EXPECT_EQ(catalogue.get("bad", Isolation::kNone).failure().code, "pin_mismatch");
}

// A missing worker is no reason to load what was never tried, nor one to forget about it.
TEST_F(RealPlugins, WithoutTheWorkerNothingIsLoaded) {
  install("good", "good.so");
  auto without = parts(bench_);
  without.worker.program = bench_.folder + "/no-worker";
  std::chrono::hours now{1};
  without.steady = [&now] { return now; };
  PluginCatalogue catalogue(std::move(without));
  const auto got = catalogue.get("good", Isolation::kNone);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().code, "no_worker");
  EXPECT_NE(got.failure().remedy, "");
  EXPECT_EQ(catalogue.list().at(0).state, loading::PluginState::kFailed);
  EXPECT_FALSE(catalogue.trial_due());
  ++now;
  EXPECT_TRUE(catalogue.trial_due()) << "who declared a shop must hear that it may be there now";
  std::filesystem::create_symlink(WORKER_PROGRAM, bench_.folder + "/no-worker");
  EXPECT_TRUE(catalogue.get("good", Isolation::kNone));
}

// Later each time, an hour at most: what hangs for ever must not be tried all day.
TEST_F(RealPlugins, ATrialThatMayHaveBeenTheMachinesFaultIsRepeatedLaterEachTime) {
  using std::chrono::minutes;
  std::filesystem::copy_file(BAD_PLUGINS_DIR "/init_exits.so", bench_.folder + "/bad.so");
  minutes now{1000};
  int trials = 0;
  auto timed = parts(bench_);
  timed.steady = [&] {
    ++trials;  // asked for once by each trial that fails, and by each look
    return now;
  };
  PluginCatalogue catalogue(std::move(timed));
  for (const int wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
    trials = 0;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(catalogue.describe("bad").failure().code, "probe_crashed");
    }
    EXPECT_EQ(trials, 1) << "it is remembered";
    now += minutes{wait} - minutes{1};
    EXPECT_FALSE(catalogue.trial_due() && wait > 1) << wait;
    now += minutes{1};
    EXPECT_TRUE(catalogue.trial_due()) << wait;
    EXPECT_FALSE(catalogue.trial_due()) << "told once";
  }
}

// A file that is no good stays so, however often it is tried.
TEST_F(RealPlugins, WhatIsTheFilesOwnFaultIsNotTriedAgain) {
  install("no_entry", "odd.so");
  std::chrono::hours now{1};
  auto timed = parts(bench_);
  timed.steady = [&now] { return now; };
  PluginCatalogue catalogue(std::move(timed));
  EXPECT_EQ(catalogue.describe("no-entry").failure().code, "no_entry");
  now += std::chrono::hours{100};
  EXPECT_FALSE(catalogue.trial_due());
}

// Guards: each of those who waited for a trial that a stop ended began one of his own.
TEST_F(RealPlugins, NothingIsTriedOnceTheProgramStops) {
  install("good", "good.so");
  bool stopped = false;
  const auto stopping = [&] {
    auto made = parts(bench_);
    made.stopped = [&stopped] { return stopped; };
    return made;
  };
  PluginCatalogue never(stopping());
  stopped = true;
  EXPECT_EQ(never.describe("good").failure().code, "probe_stopped");
  EXPECT_EQ(never.describe("good").failure().kind, Failure::Kind::kCancelled);
  stopped = false;
  PluginCatalogue known(stopping());
  EXPECT_TRUE(known.describe("good"));
  stopped = true;
  EXPECT_TRUE(known.describe("good")) << "what is known stays known";
}

// Guards: everybody who wanted any plugin waited for the trial of one that hung.
TEST_F(RealPlugins, NobodyWaitsForTheTrialOfAnotherPlugin) {
  install("good", "good.so");
  std::filesystem::copy_file(BAD_PLUGINS_DIR "/init_waits.so", bench_.folder + "/slow.so");
  std::ofstream(bench_.folder + "/slow.so.busy") << "";
  auto patient = parts(bench_);
  patient.worker.start_time = std::chrono::minutes{10};
  PluginCatalogue catalogue(std::move(patient));
  bool slow_is_well = false;
  std::thread waiting([&] { slow_is_well = static_cast<bool>(catalogue.describe("bad")); });
  while (!std::filesystem::exists(bench_.folder + "/slow.so.waits")) std::this_thread::yield();
  EXPECT_TRUE(catalogue.describe("good"));
  std::filesystem::remove(bench_.folder + "/slow.so.busy");
  waiting.join();
  EXPECT_TRUE(slow_is_well);
}

TEST_F(RealPlugins, QuarantineIsAStateOfThePlugin) {
  install("good", "good.so");
  auto refusing = parts(bench_);
  refusing.refused = [](std::string_view plugin) -> std::optional<Failure> {
    if (plugin != "good") return std::nullopt;
    Failure failure;
    failure.code = "quarantined";
    return failure;
  };
  PluginCatalogue catalogue(std::move(refusing));
  const auto file = catalogue.list().at(0);
  EXPECT_EQ(file.state, loading::PluginState::kQuarantined);
  EXPECT_EQ(file.reasons.at(0).code, "quarantined");
}

TEST_F(RealPlugins, AnyFileCanBeExamined) {
  EXPECT_EQ(catalogue_.examine(TEST_PLUGINS_DIR "/good.so").state, loading::PluginState::kReady);
  EXPECT_EQ(catalogue_.examine(TEST_PLUGINS_DIR "/no_entry.so").reasons.at(0).code, "no_entry");
  EXPECT_EQ(catalogue_.examine(bench_.folder + "/gone.so").reasons.at(0).code, "unreadable");
}

// Guards: the trial "passed" and the check after it failed where the library could not be loaded.
TEST_F(RealPlugins, WhatATrialFindsIsListedUnderTheTrial) {
  const std::pair<const char*, int> failures[] = {
      {"undefined_symbol", 8}, {"no_entry", 8}, {"odd_schema", 10}, {"good", 11}};
  for (const auto& [plugin, failed] : failures) {
    const auto file = catalogue_.examine(std::string(TEST_PLUGINS_DIR "/") + plugin + ".so");
    const auto results = loading::results_of(file);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const int number = loading::file_checks()[i].number;
      const auto expected = number < failed    ? loading::CheckResult::kPassed
                            : number == failed ? loading::CheckResult::kFailed
                                               : loading::CheckResult::kNotReached;
      EXPECT_EQ(results[i], expected) << plugin << " " << number;
    }
  }
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
