#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <map>
#include <string>

#include "host/loading/abi_check.hpp"
#include "tests/unit/loading/support.hpp"

namespace marketplug::loading {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Scan, ReadsAPluginWithoutLoadingIt) {
  const test::PluginFolder folder;
  folder.copy("good", "good.so");
  const PluginFile file = folder.only();
  EXPECT_EQ(file.state, PluginState::kReady);
  EXPECT_THAT(file.reasons, IsEmpty());
  EXPECT_THAT(file.warnings, IsEmpty());
  EXPECT_EQ(file.path, folder / "good.so");
  EXPECT_EQ(file.id(), "good");
  EXPECT_EQ(file.name(), "Good plugin");
  EXPECT_EQ(file.version(), "1.2.3");
  EXPECT_THAT(file.capabilities(), ElementsAre("order-source/1"));
  EXPECT_EQ(file.sha256.size(), 64u);
  EXPECT_THAT(file.needed, Contains("libstdc++.so.6"));
}

TEST(Scan, TakesOnlyVisibleSoFilesInOrderOfPath) {
  const test::PluginFolder folder;
  folder.copy("throwing", "b.so");
  folder.copy("good", "a.so");
  folder.copy("good", ".a.so");     // an upgrade on its way in
  folder.copy("good", "a.so.new");  // another
  folder.write("readme.txt", "no plugin");
  std::filesystem::create_directory(folder / "deeper");
  std::filesystem::copy_file(test::test_plugin("good"), folder / "deeper/c.so");
  const auto files = folder.scan();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, folder / "a.so");
  EXPECT_EQ(files[1].path, folder / "b.so");
  EXPECT_EQ(files[1].state, PluginState::kReady);
}

TEST(Scan, AnEmptyFolderHasNoPlugins) { EXPECT_THAT(test::PluginFolder().scan(), IsEmpty()); }

TEST(Scan, AFolderThatCannotBeTrustedIsOneRefusedEntry) {
  const test::PluginFolder folder;
  folder.copy("good", "good.so");

  ::chmod(folder.path().c_str(), 0777);
  const auto writable = folder.scan();
  ASSERT_EQ(writable.size(), 1u);
  EXPECT_EQ(writable[0].path, folder.path());
  EXPECT_EQ(writable[0].state, PluginState::kRefused);
  ASSERT_THAT(test::codes(writable[0].reasons), ElementsAre("writable"));
  EXPECT_THAT(writable[0].reasons[0].message,
              StartsWith(folder.path() + ": the plugins folder is writable by everybody"));
  ::chmod(folder.path().c_str(), 0700);

  const auto missing = scan({folder / "missing", {}});
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_THAT(test::codes(missing[0].reasons), ElementsAre("folder_unreadable"));
  EXPECT_THAT(missing[0].reasons[0].message, HasSubstr("No such file"));

  const auto relative = scan({"plugins", {}});
  ASSERT_EQ(relative.size(), 1u);
  EXPECT_THAT(test::codes(relative[0].reasons), ElementsAre("folder_relative"));

  const auto file = scan({folder / "good.so", {}});
  ASSERT_EQ(file.size(), 1u);
  EXPECT_EQ(file[0].state, PluginState::kRefused);
}

TEST(Scan, TheFolderMayBeALinkAndPathsAreReal) {
  const test::PluginFolder folder, elsewhere;
  folder.copy("good", "good.so");
  std::filesystem::create_symlink(folder.path(), elsewhere / "plugins");
  const auto files = scan({elsewhere / "plugins", {}});
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].path, folder / "good.so");
  EXPECT_EQ(files[0].state, PluginState::kReady);
}

TEST(Scan, NamesWhatIsNoPluginWhileTheGoodOneStaysReady) {
  const test::PluginFolder folder;
  const auto good = test::read_bytes(folder.copy("good", "good.so"));
  folder.write("empty.so", "");
  folder.write("text.so", "not a library\n");
  folder.write("cut.so", test::Bytes(good.begin(), good.begin() + 20000));
  std::filesystem::create_directory(folder / "folder.so");
  std::filesystem::create_symlink(folder / "good.so", folder / "link.so");
  std::filesystem::create_symlink(folder / "nowhere", folder / "loose.so");
  test::Bytes mark = good, machine = good;
  test::patch_block(mark, 0, 'X');
  folder.write("mark.so", test::Bytes(mark));
  test::patch(machine, offsetof(Elf64_Ehdr, e_machine), Elf64_Half{EM_386});
  folder.write("machine.so", machine);

  std::map<std::string, std::string> code_by_name;
  for (const PluginFile& file : folder.scan()) {
    const std::string name = std::filesystem::path(file.path).filename();
    if (name == "good.so") {
      EXPECT_EQ(file.state, PluginState::kReady);
      continue;
    }
    EXPECT_EQ(file.state, PluginState::kRefused) << name;
    ASSERT_EQ(file.reasons.size(), 1u) << name;
    EXPECT_THAT(file.reasons[0].message, StartsWith(file.path + ": "));
    EXPECT_FALSE(file.reasons[0].remedy.empty()) << name;
    EXPECT_EQ(file.id(), "") << name;
    code_by_name[name] = file.reasons[0].code;
  }
  const std::map<std::string, std::string> expected{
      {"cut.so", "damaged"},      {"empty.so", "not_elf"},     {"folder.so", "not_regular"},
      {"link.so", "not_regular"}, {"loose.so", "not_regular"}, {"machine.so", "wrong_machine"},
      {"mark.so", "abi_magic"},   {"text.so", "not_elf"}};
  EXPECT_EQ(code_by_name, expected);
}

TEST(Scan, AHugeFileThatIsNoLibraryIsRefusedForAllThatCanBeSeen) {
  const test::PluginFolder folder;
  const std::string path = folder.write("disk.so", "an image of a disk");
  ASSERT_EQ(::truncate(path.c_str(), off_t{2} << 30), 0);  // sparse: takes no room
  ::chmod(path.c_str(), 0666);
  const PluginFile file = folder.only();
  EXPECT_EQ(file.state, PluginState::kRefused);
  EXPECT_THAT(test::codes(file.reasons), ElementsAre("writable", "not_elf"));
  EXPECT_THAT(file.reasons[1].message, StartsWith(path + ": not a shared library"));
  EXPECT_FALSE(file.reasons[1].remedy.empty());
  EXPECT_EQ(file.sha256, "");
}

TEST(Scan, NamesAllDifferencesOfAFileAtOnce) {
  const test::PluginFolder folder;
  test::Bytes bytes = test::read_bytes(test::test_plugin("good"));
  test::patch_block(bytes, offsetof(AbiInfo, abi_major), std::uint32_t{9});
  test::patch_block(bytes, offsetof(AbiInfo, checked_iterators), std::uint32_t{1});
  test::patch_block(bytes, offsetof(AbiInfo, layout_hash), std::uint64_t{1});
  test::patch_block(bytes, offsetof(AbiInfo, version), 'x');
  ::chmod(folder.write("other.so", bytes).c_str(), 0666);
  const PluginFile file = folder.only();
  EXPECT_EQ(file.state, PluginState::kRefused);
  EXPECT_THAT(test::codes(file.reasons),
              ElementsAre("writable", "abi_major", "abi_iterators", "abi_layout", "abi_text"));
  EXPECT_EQ(file.id(), "good");  // what could be read is shown
  EXPECT_EQ(file.version(), "");
}

TEST(Scan, TwoFilesOfOneIdAreBothRefused) {
  const test::PluginFolder folder;
  folder.copy("good", "a.so");
  folder.copy("good", "b.so");
  folder.copy("throwing", "c.so");
  const auto files = folder.scan();
  ASSERT_EQ(files.size(), 3u);
  for (const int i : {0, 1}) {
    EXPECT_EQ(files[i].state, PluginState::kRefused);
    ASSERT_THAT(test::codes(files[i].reasons), ElementsAre("duplicate_id"));
    EXPECT_THAT(files[i].reasons[0].message, HasSubstr(folder / "a.so"));
    EXPECT_THAT(files[i].reasons[0].message, HasSubstr(folder / "b.so"));
  }
  EXPECT_EQ(files[2].state, PluginState::kReady);
}

// A broken copy must not take the place of the good one, only be told of.
TEST(Scan, ARefusedFileOfTheSameIdIsAWarning) {
  const test::PluginFolder folder;
  folder.copy("good", "a.so");
  ::chmod(folder.copy("good", "b.so").c_str(), 0666);
  const auto files = folder.scan();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].state, PluginState::kReady);
  ASSERT_THAT(test::codes(files[0].warnings), ElementsAre("duplicate_id"));
  EXPECT_THAT(files[0].warnings[0].message, HasSubstr(folder / "b.so"));
  EXPECT_THAT(test::codes(files[1].reasons), ElementsAre("writable"));
}

TEST(Scan, Pins) {
  const test::PluginFolder folder;
  folder.copy("good", "good.so");
  const std::string pin = "sha256:" + folder.only().sha256;
  EXPECT_EQ(folder.only({{"good", pin}}).state, PluginState::kReady);
  EXPECT_EQ(folder.only({{"other", "sha256:" + std::string(64, '0')}}).state, PluginState::kReady);

  const PluginFile wrong = folder.only({{"good", "sha256:" + std::string(64, '0')}});
  EXPECT_EQ(wrong.state, PluginState::kRefused);
  EXPECT_THAT(test::codes(wrong.reasons), ElementsAre("pin_mismatch"));
  EXPECT_THAT(test::codes(folder.only({{"good", "0000"}}).reasons), ElementsAre("pin_malformed"));
}

TEST(Scan, WarnsOfAPluginThatExportsTooMuch) {
  const test::PluginFolder folder;
  folder.copy("talkative", "talkative.so");
  const PluginFile file = folder.only();
  EXPECT_EQ(file.state, PluginState::kReady);
  EXPECT_EQ(file.id(), "com.example.talkative");
  ASSERT_THAT(test::codes(file.warnings), ElementsAre("exports_too_much"));
  EXPECT_THAT(file.warnings[0].message, HasSubstr("talkative"));
}

TEST(Scan, WarnsOfAPluginWithoutCapabilities) {
  const test::PluginFolder folder;
  test::Bytes bytes = test::read_bytes(test::test_plugin("good"));
  test::patch_block(bytes, offsetof(AbiInfo, capabilities), std::array<char, 256>{});
  folder.write("idle.so", bytes);
  EXPECT_THAT(test::codes(folder.only().warnings), ElementsAre("no_capability"));
}

TEST(PluginStates, HaveNames) {
  EXPECT_EQ(to_string(PluginState::kListed), "listed");
  EXPECT_EQ(to_string(PluginState::kRefused), "refused");
  EXPECT_EQ(to_string(PluginState::kReady), "ready");
  EXPECT_EQ(to_string(PluginState::kLoaded), "loaded");
  EXPECT_EQ(to_string(PluginState::kFailed), "failed");
  EXPECT_EQ(to_string(PluginState::kQuarantined), "quarantined");
}

}  // namespace
}  // namespace marketplug::loading
